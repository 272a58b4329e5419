import type { DatabaseSync } from "node:sqlite";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_CHARS = 10;
const RANDOM_CHARS = 26;
const MIXED = 1_000_000;

/** A whole number below a million that follows from these and looks like chance (the finalizer of MurmurHash3). */
function mix(i: number, salt: number): number {
  let h = Math.imul(i, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) % MIXED;
}

/** An id as the shop makes them: sortable by its time, then 26 characters of chance. */
function makeId(prefix: string, at: number, i: number, salt: number): string {
  let time = "";
  for (let rest = at, k = 0; k < TIME_CHARS; k += 1, rest = Math.floor(rest / 32))
    time = ALPHABET.charAt(rest % 32) + time;
  let tail = "";
  for (let k = 0; tail.length < RANDOM_CHARS; k += 1)
    for (let rest = mix(i, salt * 31 + k) + MIXED, j = 0; j < 4; j += 1, rest >>>= 5)
      tail += ALPHABET.charAt(rest & 31);
  return `${prefix}_${time}${tail.slice(0, RANDOM_CHARS)}`;
}

/** `mix(i, salt)` and `make_id(prefix, at, i)` for the statements of the filling. */
export function addFunctions(database: DatabaseSync, seed: number): void {
  const deterministic = { deterministic: true };
  database.function("mix", deterministic, (i, salt) => mix(Number(i), Number(salt) + seed * 101));
  database.function("make_id", deterministic, (prefix, at, i) => {
    const salt = String(prefix).charCodeAt(0) * 7 + String(prefix).charCodeAt(1) + seed;
    return makeId(String(prefix), Number(at), Number(i), salt);
  });
}
