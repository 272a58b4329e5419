import { getCookie, setCookie } from "hono/cookie";
import { newGuestSecret } from "../identity/index.ts";
import { HOUR_MS, SECOND_MS } from "../platform/clock.ts";
import type { PageRequest } from "./context.ts";
import { HOST_COOKIE } from "./session.ts";

const COOKIE = "guest";
/** As long as somebody may come back to see what became of an order. */
const LIFE_MS = 180 * 24 * HOUR_MS;

/** The secret of a browser in which somebody has held something; undefined for others. */
export function guestBrowserOf(c: PageRequest): string | undefined {
  return getCookie(c, COOKIE, HOST_COOKIE.prefix);
}

/**
 * The same, given to the browser where it has none. A guest's order is shown to the browser that made it: the address of
 * its hold may have been somebody else's before, who must not see what the guest has typed.
 */
export function keepGuestBrowser(c: PageRequest): string {
  const secret = guestBrowserOf(c) ?? newGuestSecret();
  setCookie(c, COOKIE, secret, { ...HOST_COOKIE, maxAge: LIFE_MS / SECOND_MS });
  return secret;
}
