const TAGS = /(?:W\/)?"([^"]*)"/g;

/**
 * The tags of an `If-Match`, without their quotes, of which one must be the thing's own; undefined where any is good. A
 * weak one counts as well, unlike in RFC 9110, 13.1.1: a proxy that compresses our answer makes it of our strong one.
 */
export function tagsOf(header: string | undefined): readonly string[] | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  return [...header.matchAll(TAGS)].map(([, tag = ""]) => tag);
}
