import type { Context as HonoContext } from "hono";
import * as z from "zod";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { answer, tagOf } from "./answer.ts";
import type { ContextEnv } from "./env.ts";

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
    pattern: "^[ -~]*$", // what HTTP takes, https://www.rfc-editor.org/rfc/rfc9110#section-5.5
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
  if (!seen.includes((await tagOfData(await read())).slice(1, -1)))
    throw new AppError("PRECONDITION_FAILED", "This has changed since you read it. Read it again.");
}

/** Changes what the caller has seen, if it has not changed since, and answers it with the `ETag` that a `GET` of it has. */
export async function answerChanged<C extends Context, T extends object>(
  c: HonoContext<ContextEnv<C>>,
  read: () => Promise<T>,
  change: () => Promise<T>,
) {
  await requireSeen(c.req.header("If-Match"), read);
  const data = await change();
  c.header("ETag", await tagOfData(data));
  return answer(c, { data }, 200);
}

const tagOfData = (data: object) => tagOf(JSON.stringify({ data }));
