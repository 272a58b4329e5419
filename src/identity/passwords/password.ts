import Argon2 from "@phi-ag/argon2";
import wasm from "@phi-ag/argon2/argon2.wasm";
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
