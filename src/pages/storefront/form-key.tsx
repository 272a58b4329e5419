import { raw } from "hono/html";

/**
 * Where each visitor's own key goes in a page that is kept for all of them, and for other isolates: a comment, which no
 * text of a product is.
 */
const PLACE = "<!-- the form's key -->";

/** The key under which the form's hold is made once, however often it is sent; its place where the page is kept. */
export function FormKey({ formKey }: { readonly formKey: string | undefined }) {
  return formKey === undefined ? raw(PLACE) : <input type="hidden" name="key" value={formKey} />;
}

/** The page with a key that nobody else has: two people with one key would share a hold. Throws for a page without its place. */
export function withOwnKey(html: string): string {
  const [before, after, ...more] = html.split(PLACE);
  if (after === undefined || more.length > 0)
    throw new Error("A kept page has no place for its form's key.");
  return `${before}<input type="hidden" name="key" value="${crypto.randomUUID()}"/>${after}`;
}
