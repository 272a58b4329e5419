import * as z from "zod";
import { AppError } from "../errors.ts";

const TAGS = /(?:W\/)?"([^"]*)"/g;

/**
 * The tags of an `If-Match`, without their quotes, of which one must be the thing's own; undefined where any is good. A
 * weak one counts as well, unlike in RFC 9110, 13.1.1: a proxy that compresses our answer makes it of our strong one.
 */
export function tagsOf(header: string | undefined): readonly string[] | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  return [...header.matchAll(TAGS)].map(([, tag = ""]) => tag);
}

/** The header of a route that changes or ends a thing. */
export const ifMatchHeader = {
  "if-match": z.string().optional().meta({
    description: "The `ETag` that was read, or several; 412 when it is another one by now.",
  }),
};
export const withTag = z.looseObject(ifMatchHeader);

/**
 * For what has no version of its own: its tag is that of the answer which shows it, so it is read as that answer reads it,
 * right before the change. Throws `PRECONDITION_FAILED`, and what reading throws.
 */
export async function requireSeen(
  header: string | undefined,
  read: () => Promise<object>,
): Promise<void> {
  const seen = tagsOf(header);
  if (seen === undefined) return;
  if (!seen.includes(await digestOf(await read())))
    throw new AppError("PRECONDITION_FAILED", "This has changed since you read it. Read it again.");
}

/** The strong `ETag` of an answer to a change: that which a `GET` of the same has. */
export async function tagOfAnswer(data: object): Promise<string> {
  return `"${await digestOf(data)}"`;
}

/** As the middleware `conditional` makes it of the same bytes. */
async function digestOf(data: object): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify({ data }));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
