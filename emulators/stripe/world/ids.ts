const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * Letters and digits that look random and are the same for the same input.
 * Synchronous, because an operation runs to its end without a pause; unguessable in form only.
 */
export function derivedCharacters(input: string, length: number): string {
  const next = sfc32(hash128(input));
  let characters = "";
  for (let index = 0; index < length; index += 1) characters += ALPHABET[next() % ALPHABET.length];
  return characters;
}

type Hash128 = [number, number, number, number];

/** cyrb128: https://github.com/bryc/code/blob/master/jshash/PRNGs.md#addendum-a-seed-generating-functions */
function hash128(text: string): Hash128 {
  let [a, b, c, d]: Hash128 = [1779033703, 3144134277, 1013904242, 2773480762];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = b ^ Math.imul(a ^ code, 597399067);
    b = c ^ Math.imul(b ^ code, 2869860233);
    c = d ^ Math.imul(c ^ code, 951274213);
    d = a ^ Math.imul(d ^ code, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  return [(a ^ b ^ c ^ d) >>> 0, (b ^ a) >>> 0, (c ^ a) >>> 0, (d ^ a) >>> 0];
}

/** sfc32: whole numbers of 32 bits, from the same list of generators. */
function sfc32([first, second, third, fourth]: Hash128): () => number {
  let [a, b, c, d] = [first | 0, second | 0, third | 0, fourth | 0];
  return () => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
}
