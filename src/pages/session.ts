import type { Context as HonoContext, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { type IdentityContext, readBrowserSession, SESSION_LIFE_MS } from "../identity/index.ts";
import { MINUTE_MS, SECOND_MS } from "../platform/clock.ts";
import { BOOKMARK_HEADER, bookmarkIn } from "../platform/connection.ts";
import { UNCACHED } from "../platform/http/security.ts";
import { KEPT_MS } from "../platform/memory/kept.ts";
import { settingsBeside } from "../settings/index.ts";
import type { PageEnv, PageRequest } from "./context.ts";
import { signInAddress } from "./local-path.ts";

const COOKIE = "session";
/** `__Host-`: only over HTTPS, only this host, only set by it. https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3.2 */
export const HOST_COOKIE = {
  prefix: "host",
  path: "/",
  secure: true,
  httpOnly: true,
  sameSite: "Lax",
} as const;

/** What a page needs that is read: the settings, and who is at the browser, by its cookie, if somebody is signed in. */
export async function recognizeVisitor(c: HonoContext, ctx: IdentityContext) {
  const page = c.req.method === "GET" ? { settings: settingsBeside(ctx) } : {};
  const secret = secretOf(c);
  return secret === undefined ? page : { ...page, ...(await readBrowserSession(ctx, secret)) };
}

/** What is shown to somebody is in no shared cache. */
export function keepApart(c: HonoContext, headers: Headers): void {
  headers.append("Vary", "Cookie");
  if (secretOf(c) !== undefined) headers.set("Cache-Control", UNCACHED);
}

const CHANGED = "changed";

const BOOKMARK = "bookmark";
/** No copy of the database is behind for as long. */
const BEHIND_MS = MINUTE_MS;

/**
 * This browser has just changed what pages show: as long as an isolate may have kept them, it is shown none of those, and
 * as long as a copy of the database may be behind, none that do not have the change.
 */
export function noteChange(c: PageRequest): void {
  setCookie(c, CHANGED, "1", { ...HOST_COOKIE, maxAge: KEPT_MS / SECOND_MS });
  const { bookmark } = c.var.ctx.db;
  if (bookmark === undefined) return;
  setCookie(c, BOOKMARK, bookmark, { ...HOST_COOKIE, maxAge: BEHIND_MS / SECOND_MS });
}

/** What the client has seen of the database: programs say it in a header, browsers in a cookie. */
export function bookmarkOf(c: HonoContext): string | undefined {
  const said = c.req.header(BOOKMARK_HEADER);
  if (said !== undefined || c.req.header("Cookie") === undefined) return bookmarkIn(said);
  return bookmarkIn(getCookie(c, BOOKMARK, HOST_COOKIE.prefix));
}

export function hasJustChanged(c: PageRequest): boolean {
  if (c.req.header("Cookie") === undefined) return false;
  return getCookie(c, CHANGED, HOST_COOKIE.prefix) !== undefined;
}

function secretOf(c: HonoContext): string | undefined {
  if (c.req.header("Cookie") === undefined) return undefined;
  return getCookie(c, COOKIE, HOST_COOKIE.prefix);
}

/** Sends everybody else to sign in, and back here. */
export const signedInOnly: MiddlewareHandler<PageEnv> = async (c, next) => {
  if (c.var.ctx.person === undefined) return c.redirect(signInAddress(addressOf(c)), 303);
  return next();
};

/** Where a `GET` was for; undefined for a form, whose address need not be a page. */
export function addressOf(c: PageRequest): string | undefined {
  if (c.req.method !== "GET") return undefined;
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
}

/** Signs this browser in: from now on it sends this secret. */
export function keepSession(c: PageRequest, secret: string): void {
  setCookie(c, COOKIE, secret, { ...HOST_COOKIE, maxAge: SESSION_LIFE_MS / SECOND_MS });
}

export function forgetSession(c: PageRequest): void {
  deleteCookie(c, COOKIE, { prefix: "host", path: "/", secure: true });
}
