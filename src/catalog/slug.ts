import { fold } from "../platform/spelling.ts";

export const MAX_SLUG_CHARS = 100;
/** How many products of one title have a slug that can be remembered: as it is, and from 2 to 9. */
const NUMBERS = ["", "-2", "-3", "-4", "-5", "-6", "-7", "-8", "-9"];
/** Of an id's end: 50 random bits. */
const TAIL_CHARS = 10;

/**
 * The slugs that a product may have by its title, the nicest first: "Straße Øl Łódź" is "strasse-ol-lodz", else the same
 * with a number, else with the end of the product's own id. A title that says nothing in letters which an address can
 * have, such as 珈琲豆, gives the id.
 */
export function slugsOf(title: string, id: string): string[] {
  const plain = fold(title);
  const base = plain.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
  const saysNothing = !/[a-z]/.test(base) && (base === "" || /\p{L}/u.test(plain));
  if (saysNothing) return [id.replace("_", "-")];
  return [...NUMBERS, `-${id.slice(-TAIL_CHARS)}`].map((tail) => withTail(base, tail));
}

function withTail(base: string, tail: string): string {
  return base.slice(0, MAX_SLUG_CHARS - tail.length).replace(/-$/, "") + tail;
}
