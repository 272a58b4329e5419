import type { Context as HonoContext } from "hono";
import { accepts } from "hono/accepts";
import { bodyLimit } from "hono/body-limit";
import { AppError } from "../errors.ts";
import type { Tag } from "../memory/store.ts";
import { saysJson } from "./content-type.ts";
import { malformed, notJson } from "./errors.ts";
import { refuseEncoded, uploadAt } from "./uploads.ts";

const BODY_METHODS = new Set(["POST", "PUT", "PATCH", "DELETE"]);

export const JSON_TYPE = "application/json";
/** What JSON is among, the most precise first: that one decides. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1 */
const RANGES = [JSON_TYPE, "application/*", "*/*"];
/** What nearly everybody sends. */
const PLAINLY_ACCEPTED = new Set([undefined, "*/*", JSON_TYPE]);

/** 406 for a client that would not take JSON. */
export function requireJsonAccepted(c: HonoContext): void {
  if (PLAINLY_ACCEPTED.has(c.req.header("Accept"))) return;
  const accepted = accepts(c, {
    header: "Accept",
    supports: [JSON_TYPE],
    default: JSON_TYPE,
    match: (wanted) => {
      const said = RANGES.map((range) => wanted.find(({ type }) => type.toLowerCase() === range));
      return (said.find((one) => one !== undefined)?.q ?? 0) > 0 ? JSON_TYPE : "";
    },
  });
  if (accepted === "")
    throw new AppError("NOT_ACCEPTABLE", "This API answers in application/json only.");
}

/**
 * The body as text, read once; undefined where there is none. 415 for one that is not plain JSON, 400 for one that is not UTF-8. One of no bytes, which
 * is what clients and proxies make of none, is none, unless it says that it is JSON: a route that needs one calls it
 * malformed.
 */
export async function readJsonText(c: HonoContext): Promise<string | undefined> {
  const { raw } = c.req;
  if (!BODY_METHODS.has(raw.method) || raw.body === null) return undefined;
  if (uploadAt(raw.method, c.req.path) !== undefined) return undefined; // its route reads it
  const isJson = saysJson(raw.headers.get("Content-Type") ?? "");
  if (!isJson && (await isEmpty(raw))) {
    c.req.raw = withoutBody(raw);
    return undefined;
  }
  refuseEncoded(raw.headers);
  if (!isJson) throw notJson();
  return decode(await c.req.arrayBuffer());
}

/** Read leniently, bytes that are not UTF-8 would become question marks. */
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function decode(bytes: ArrayBuffer): string {
  try {
    return strict.decode(bytes);
  } catch {
    throw malformed();
  }
}

async function isEmpty(request: Request): Promise<boolean> {
  const length = request.headers.get("Content-Length");
  return length === null ? (await request.clone().text()) === "" : length === "0";
}

function withoutBody({ url, method, headers: sent }: Request): Request {
  const headers = new Headers(sent);
  headers.delete("Content-Type");
  return new Request(url, { method, headers });
}

const MIB = 1024 * 1024;
const MAX_BODY_BYTES = MIB;

function tooLarge(limit: number): never {
  throw new AppError(
    "PAYLOAD_TOO_LARGE",
    `The body is larger than ${Math.floor(limit / MIB)} MiB.`,
  );
}

/** 413 for more than 1 MiB, or more than the address takes as a file. */
export async function requireSmallBody(c: HonoContext): Promise<void> {
  const upload = uploadAt(c.req.method, c.req.path);
  const limit = upload?.bytes ?? MAX_BODY_BYTES;
  const { headers } = c.req.raw;
  const length = headers.get("Content-Length");
  if (length !== null && !headers.has("Transfer-Encoding")) {
    if (Number(length) > limit) tooLarge(limit);
    return;
  }
  if (c.req.raw.body === null || upload?.as === "body") return; // its route counts it
  // For a body that does not say how long it is.
  await bodyLimit({ maxSize: limit, onError: () => tooLarge(limit) })(c, async () => {});
}

/** What a zone purges of what shoppers get of the catalog. */
export const CATALOG_TAG = "catalog" satisfies Tag;
/** Shared caches may keep it for a minute, and serve it once more while they ask anew for up to five. */
export const PUBLIC_CATALOG = "public, max-age=0, s-maxage=60, stale-while-revalidate=300";
