import { raw } from "hono/html";

/** What a page says to one visitor alone. */
export interface Visit {
  /** Makes a double click one hold; new for each page that is shown. */
  readonly key: string;
  /** The server's clock in milliseconds: a browser's may be wrong. */
  readonly now: number;
}

/**
 * Where what is each visitor's own goes in a page that is kept for all of them, and for other isolates: a comment, which no
 * text of a product is.
 */
const PLACE = "<!-- the form's key -->";

/** The key under which the form's hold is made once, however often it is sent; its place where the page is kept. */
export function FormKey({ visit }: { readonly visit: Visit | undefined }) {
  return visit === undefined ? (
    raw(PLACE)
  ) : (
    <input type="hidden" name="key" value={visit.key} data-now={visit.now} />
  );
}

export function newVisit(now: number): Visit {
  return { key: crypto.randomUUID(), now };
}

/** The page with a key that nobody else has: two people with one key would share a hold. Throws for a page without its place. */
export function withOwnKey(html: string, { key, now }: Visit): string {
  const [before, after, ...more] = html.split(PLACE);
  if (after === undefined || more.length > 0)
    throw new Error("A kept page has no place for its form's key.");
  return `${before}<input type="hidden" name="key" value="${key}" data-now="${now}"/>${after}`;
}
