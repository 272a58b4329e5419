import Argon2, { Argon2Type, Argon2Version } from "@phi-ag/argon2";
import wasm from "@phi-ag/argon2/argon2.wasm";
import { COMMON_PASSWORDS } from "./common-passwords.ts";

/** OWASP's second choice for Argon2id: 19 MiB, 2 passes. https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const PARAMETERS = {
  type: Argon2Type.Argon2id,
  version: Argon2Version.Version13,
  memoryCost: 19 * 1024,
  timeCost: 2,
  parallelism: 1,
  hashLength: 32,
} as const;
const PHC_PREFIX = `$argon2id$v=19$m=${PARAMETERS.memoryCost},t=${PARAMETERS.timeCost},p=${PARAMETERS.parallelism}$`;
/** A hash that no password has, with the same parameters: unknown accounts take as long as known ones. */
const NOBODYS_HASH = `${PHC_PREFIX}aG9sZGZhc3Rub2JvZHlzMQ$qk1uBkpXTBJpSvEBSqNSVLzZ0ynpiYs1S2zSLyUVyYU`;

let argon2: Promise<Argon2> | undefined;

function load(): Promise<Argon2> {
  argon2 ??= WebAssembly.instantiate(wasm).then((instance) => new Argon2(instance));
  return argon2;
}

/** The same characters are the same password, whatever keyboard made them (NIST SP 800-63B-4, 3.1.1.2). */
function normalize(password: string): string {
  return password.normalize("NFKC");
}

/** Hashes a password into PHC format. Costs about 30 ms of CPU. */
export async function hashPassword(password: string): Promise<string> {
  return (await load()).hash(normalize(password), PARAMETERS).encoded;
}

/** Whether the password is the one behind `hash`; as slow for a user who has none, or does not exist. */
export async function checkPassword(
  password: string,
  hash: string | null | undefined,
): Promise<{ readonly right: boolean; readonly outdated: boolean }> {
  const { success } = (await load()).tryVerify(hash ?? NOBODYS_HASH, normalize(password));
  const right = success && hash !== null && hash !== undefined;
  return { right, outdated: right && !hash.startsWith(PHC_PREFIX) };
}

/** True for what is guessed first: a common password, also with digits and signs around it, or said twice. */
export function isCommon(password: string): boolean {
  const plain = normalize(password).toLowerCase();
  const core = plain.replaceAll(/^[^a-z]+|[^a-z]+$/g, "");
  const once = /^(.+?)\1+$/.exec(plain)?.[1];
  return (
    [plain, core, once].some(
      (word) => word !== undefined && word !== "" && COMMON_PASSWORDS.has(word),
    ) || isMonotonous(plain)
  );
}

/** Too few different characters, or all of them in the order of the alphabet or the digits. */
function isMonotonous(password: string): boolean {
  const codes = [...password].map((char) => char.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, i) => code - (codes[i] ?? 0));
  return new Set(codes).size < 5 || steps.every((step) => step === steps[0]);
}
