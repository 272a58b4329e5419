const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_CHARS = 10;
const RANDOM_CHARS = 26;

/** An id such as `ord_01k…`: sortable by creation, then 130 random bits, so that knowing one is a right to it. */
export type Id<Prefix extends string> = `${Prefix}_${string}`;

/** Makes an id in Crockford's base 32; `now` is in milliseconds. */
export function newId<Prefix extends string>(prefix: Prefix, now: number): Id<Prefix> {
  let time = "";
  for (let rest = now, i = 0; i < TIME_CHARS; i += 1, rest = Math.floor(rest / 32)) {
    time = ALPHABET.charAt(rest % 32) + time;
  }
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_CHARS));
  let tail = "";
  for (const byte of random) tail += ALPHABET.charAt(byte & 31);
  return `${prefix}_${time}${tail}`;
}

/** When an id was made, in milliseconds; undefined for what is none with this prefix. */
export function timeOfId(prefix: string, text: string): number | undefined {
  if (!isId(prefix, text)) return undefined;
  const time = text.slice(prefix.length + 1, prefix.length + 1 + TIME_CHARS);
  return [...time].reduce((sum, char) => sum * 32 + ALPHABET.indexOf(char), 0);
}

/** True for what `newId` makes with this prefix. */
export function isId<Prefix extends string>(prefix: Prefix, text: string): text is Id<Prefix> {
  const random = text.slice(prefix.length + 1);
  return (
    text.startsWith(`${prefix}_`) &&
    random.length === TIME_CHARS + RANDOM_CHARS &&
    [...random].every((char) => ALPHABET.includes(char))
  );
}
