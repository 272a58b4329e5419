import type { MiddlewareHandler } from "hono";
import { accepts } from "hono/accepts";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import { AppError, invalidField } from "../errors.ts";
import { isUtf8, saysJson } from "./content-type.ts";
import type { ContextEnv } from "./env.ts";
import { encoded, malformed, notJson } from "./errors.ts";
import { UNCACHED } from "./security.ts";

const MAX_BODY_BYTES = 1024 * 1024;
const BODY_METHODS = new Set(["POST", "PUT", "PATCH"]);
const EXPOSED = [
  "ETag",
  "Location",
  "X-Request-Id",
  "Idempotency-Replayed",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "Server-Timing",
];

type Middleware = MiddlewareHandler<ContextEnv>;

const JSON_TYPE = "application/json";
/** What JSON is among, the most precise first: that one decides. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1 */
const RANGES = [JSON_TYPE, "application/*", "*/*"];

/** 406 for a client that would not take JSON. */
export const onlyJsonAccepted: Middleware = async (c, next) => {
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
  await next();
};

/**
 * 415 for a body that is not plain JSON, 400 for one that is not UTF-8. One of no bytes, which is what clients and
 * proxies make of none, is none, unless it says that it is JSON: a route that needs one calls it malformed.
 */
export const onlyJsonSent: Middleware = async (c, next) => {
  const { raw } = c.req;
  if (!BODY_METHODS.has(raw.method) || raw.body === null) return next();
  const isJson = saysJson(raw.headers.get("Content-Type") ?? "");
  if (!isJson && (await isEmpty(raw))) {
    c.req.raw = withoutBody(raw);
    return next();
  }
  const coding = raw.headers.get("Content-Encoding") ?? "identity";
  if (coding.trim().toLowerCase() !== "identity") throw encoded();
  if (!isJson) throw notJson();
  c.req.raw = asPlainJson(raw);
  if (!isUtf8(await c.req.arrayBuffer())) throw malformed();
  await next();
};

/** For a route that can do without a body: one of no bytes is none, also where it says that it is JSON. */
export const bodyOptional: Middleware = async (c, next) => {
  const { raw } = c.req;
  if (raw.body !== null && (await c.req.arrayBuffer()).byteLength === 0)
    c.req.raw = withoutBody(raw);
  await next();
};

/** For every other route that takes one: what was forgotten does not pass for `{}`, which may mean everything. */
export const bodyRequired: Middleware = async (c, next) => {
  // What is not empty says by now that it is JSON.
  if (c.req.raw.headers.get("Content-Type") === null)
    throw invalidField("json", "Is required: send a JSON object.");
  await next();
};

/** Said in the one way that the framework reads. */
function asPlainJson(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.set("Content-Type", JSON_TYPE);
  return new Request(request, { headers });
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

/** 413 for more than 1 MiB. */
export const limitedBody: Middleware = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw new AppError("PAYLOAD_TOO_LARGE", "The body is larger than 1 MiB.");
  },
});

/** Strong ETags and 304 for every JSON `GET`. */
export const conditional: Middleware = etag({
  retainedHeaders: [
    "cache-control",
    "etag",
    "vary",
    "x-request-id",
    "server-timing",
    "access-control-allow-origin",
    "access-control-expose-headers",
  ],
});

/** Nothing is cached unless a route says so. */
export const privateByDefault: Middleware = async (c, next) => {
  await next();
  if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", UNCACHED);
};

export const PUBLIC_CATALOG = "public, max-age=0, s-maxage=60, stale-while-revalidate=300";

/** The allow-list of the configuration; no credentials, so a cookie never crosses origins. */
export const allowedOrigins: Middleware = async (c, next) => {
  const { corsOrigins } = c.var.ctx.config;
  const apply = cors({
    origin: (asking) => (corsOrigins.includes(asking) ? asking : null),
    allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowHeaders: [
      "Authorization",
      "Content-Type",
      "Idempotency-Key",
      "If-Match",
      "If-None-Match",
      "X-Order-Token",
      "X-Request-Id",
    ],
    exposeHeaders: EXPOSED,
    maxAge: 600,
  });
  return apply(c, next);
};
