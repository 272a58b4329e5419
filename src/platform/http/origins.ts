import { BOOKMARK_HEADER } from "../connection.ts";

const EXPOSED = [
  "ETag",
  "Location",
  "X-Request-Id",
  "Idempotency-Replayed",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "Server-Timing",
  BOOKMARK_HEADER,
].join(",");

/** What a preflight is told besides who may ask. https://fetch.spec.whatwg.org/#http-cors-protocol */
const PREFLIGHT = Object.entries({
  "Access-Control-Max-Age": "600",
  "Access-Control-Allow-Methods": "GET,HEAD,POST,PUT,PATCH,DELETE",
  "Access-Control-Allow-Headers": [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    BOOKMARK_HEADER,
    "X-Order-Token",
    "X-Request-Id",
  ].join(","),
});

/** Sets what browsers of other origins are told: those of the list may read. No credentials, so a cookie never crosses origins. */
export function tellOrigins(headers: Headers, asking: string | null, allowed: readonly string[]) {
  const may = asking !== null && asking !== "" && allowed.includes(asking);
  if (may) headers.set("Access-Control-Allow-Origin", asking);
  headers.set("Access-Control-Expose-Headers", EXPOSED);
  headers.append("Vary", "Origin");
}

/** The same for what a browser asks before it sends anything. */
export function tellPreflight(headers: Headers): void {
  for (const [name, value] of PREFLIGHT) headers.set(name, value);
  headers.append("Vary", "Access-Control-Request-Headers");
}
