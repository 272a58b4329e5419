/** A way to the database: itself, or a session, which also knows how new what it reads is. */
export type Connection = Pick<D1Database, "prepare" | "batch"> &
  Partial<Pick<D1DatabaseSession, "getBookmark">>;

/** The sessions of one request, message or task where the database has copies. */
export interface Replicas {
  /** With the database itself, which alone is written: everything that is somebody's own is read there. */
  primary(): Connection;
  /** With a copy that is near, for what is everybody's. */
  nearby(): Connection;
  /** What the client has seen: a bookmark. */
  readonly atLeast: string | undefined;
}

/**
 * D1's read replicas. A copy may be behind, but has what `atLeast` says, and what `newest` says, which is the last that
 * this isolate has seen. https://developers.cloudflare.com/d1/best-practices/read-replication/
 */
export function replicasOf(
  database: D1Database,
  {
    atLeast,
    newest,
  }: { readonly atLeast: string | undefined; readonly newest: string | undefined },
): Replicas {
  // Bookmarks sort from old to new: https://developers.cloudflare.com/d1/reference/glossary/
  const later = [atLeast, newest]
    .filter((bookmark) => bookmark !== undefined)
    .toSorted()
    .at(-1);
  return {
    primary: () => database.withSession("first-primary"),
    nearby: () => database.withSession(later ?? "first-unconstrained"),
    atLeast,
  };
}

/** How new the database was that answered, for clients to send back: they read nothing older then. */
export const BOOKMARK_HEADER = "X-Bookmark";

/** As D1 writes them; anything else is no bookmark, and is taken for none. */
const BOOKMARK = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/;

export function bookmarkIn(text: string | undefined): string | undefined {
  return text !== undefined && BOOKMARK.test(text) ? text : undefined;
}
