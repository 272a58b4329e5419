const SANE_REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** The client's `X-Request-Id` if it is a sane token, else a new one. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get("X-Request-Id");
  return given !== null && SANE_REQUEST_ID.test(given) ? given : `req_${crypto.randomUUID()}`;
}

/** The client's real address; Cloudflare sets the header and overwrites what a client sends. */
export function clientAddress(headers: Headers): string {
  return headers.get("CF-Connecting-IP") ?? "unknown";
}

/** Whether the client wants it as it is now, and not as it was a moment ago. https://www.rfc-editor.org/rfc/rfc9111#section-5.2.1.4 */
export function wantsNoCache(headers: Headers): boolean {
  return /(^|[\s,])no-cache([\s,]|$)/i.test(headers.get("Cache-Control") ?? "");
}
