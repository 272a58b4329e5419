import Argon2 from "@phi-ag/argon2";
import wasm from "@phi-ag/argon2/argon2.wasm";
import { COMMON_PASSWORDS } from "./common-passwords.ts";
import { normalizePassword, PASSWORD_PARAMETERS } from "./password-parameters.ts";

const { memoryCost, timeCost, parallelism } = PASSWORD_PARAMETERS;
const PHC_PREFIX = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`;
/** A hash that no password has, with the same parameters: unknown accounts take as long as known ones. */
const NOBODYS_HASH = `${PHC_PREFIX}aG9sZGZhc3Rub2JvZHlzMQ$qk1uBkpXTBJpSvEBSqNSVLzZ0ynpiYs1S2zSLyUVyYU`;

let argon2: Promise<Argon2> | undefined;

function load(): Promise<Argon2> {
  argon2 ??= WebAssembly.instantiate(wasm).then((instance) => new Argon2(instance));
  return argon2;
}

const encoder = new TextEncoder();

/**
 * The normalised password as the library has to be given it. It hashes as many UTF-8 bytes as the string has UTF-16
 * units, which would leave the end of most passwords out: the padding makes both numbers the same, and is not hashed.
 */
function argon2Input(password: string): string {
  const text = normalizePassword(password);
  return text.padEnd(encoder.encode(text).length, "\0");
}

/** Hashes a password into PHC format. Costs about 30 ms of CPU. */
export async function hashPassword(password: string): Promise<string> {
  return (await load()).hash(argon2Input(password), PASSWORD_PARAMETERS).encoded;
}

/** Whether the password is the one behind `hash`; as slow for a user who has none, or does not exist. */
export async function checkPassword(
  password: string,
  hash: string | null | undefined,
): Promise<{ readonly right: boolean; readonly outdated: boolean }> {
  const { success } = (await load()).tryVerify(hash ?? NOBODYS_HASH, argon2Input(password));
  const right = success && hash !== null && hash !== undefined;
  return { right, outdated: right && !hash.startsWith(PHC_PREFIX) };
}

/** True for what is guessed first: a common password, also with digits and signs around it, or said twice. */
export function isCommon(password: string): boolean {
  const plain = normalizePassword(password).toLowerCase();
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
