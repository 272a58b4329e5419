import type { Context as HonoContext, TypedResponse } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { JSONParsed } from "hono/utils/types";
import type { Context } from "../context.ts";
import { toHex } from "../hash.ts";
import type { KeptText } from "../memory/kept.ts";
import { JSON_TYPE } from "./conventions.ts";
import type { ContextEnv } from "./env.ts";

type Answer<T, S extends ContentfulStatusCode> = Response & TypedResponse<JSONParsed<T>, S, "json">;

/** Answers with a JSON body. What is read of the API has a strong ETag, and is not sent to whoever has it. */
export function answer<T, S extends ContentfulStatusCode, C extends Context>(
  c: HonoContext<ContextEnv<C>>,
  body: T,
  status: S,
): Promise<Answer<T, S>> {
  return answerText<T, S, C>(c, JSON.stringify(body), status);
}

/** Text that is the JSON of a `T`. */
export type JsonOf<T> = string & { readonly of?: T };

/** A text as it is kept for others. */
export async function keptText(text: string): Promise<KeptText> {
  return { text, etag: await tagOf(text) };
}

/** Answers with what was kept: JSON of a `T`. */
export function answerKept<T, S extends ContentfulStatusCode, C extends Context>(
  c: HonoContext<ContextEnv<C>>,
  { text, etag }: KeptText,
  status: S,
): Promise<Answer<T, S>> {
  if (etag !== undefined) c.header("ETag", etag);
  return answerText<T, S, C>(c, text, status);
}

/** The same for what is JSON already. */
async function answerText<T, S extends ContentfulStatusCode, C extends Context>(
  c: HonoContext<ContextEnv<C>>,
  text: JsonOf<T>,
  status: S,
): Promise<Answer<T, S>> {
  const response = c.body(text, status, { "Content-Type": JSON_TYPE });
  if (!isTagged(c)) return typed(response);
  const { headers } = response;
  const tag = headers.get("ETag") ?? (await tagOf(text));
  const known = c.req.header("If-None-Match");
  headers.set("ETag", tag);
  if (known === undefined || !isKnown(tag, known)) return typed(response);
  headers.delete("Content-Type");
  return typed(new Response(null, { status: 304, headers }));
}

function typed<T, S extends ContentfulStatusCode>(response: Response): Answer<T, S> {
  return response as Answer<T, S>; // its body is the JSON of a `T`, or nothing for whoever has that
}

function isTagged({ req: { method, path } }: HonoContext): boolean {
  return (method === "GET" || method === "HEAD") && path.startsWith("/api/");
}

/** The strong tag of an answer with this text. */
export async function tagOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const digest = await crypto.subtle.digest("SHA-1", bytes);
  return `"${toHex(new Uint8Array(digest))}"`;
}

/** Compared weakly. https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
function isKnown(tag: string, known: string): boolean {
  if (known === "*") return true;
  const own = tag.replace(/^W\//, "");
  return known.match(/"[^"]*"/g)?.includes(own) ?? false;
}
