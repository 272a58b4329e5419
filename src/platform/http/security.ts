import type { Context as HonoContext } from "hono";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { TURNSTILE_ORIGIN } from "../turnstile.ts";

const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const OWN_SCRIPTS = "script-src 'self'";
/** https://developers.cloudflare.com/turnstile/reference/content-security-policy/ */
const WITH_TURNSTILE = `${OWN_SCRIPTS} ${TURNSTILE_ORIGIN}; frame-src ${TURNSTILE_ORIGIN}`;
const STRIPE_PAYMENT_PAGE = "https://checkout.stripe.com";

/** What keeps an answer out of every cache. */
export const UNCACHED = "private, no-store";

/** The headers every answer has, also one that was made before there was a shop. */
export const BASE_HEADERS: Readonly<Record<string, string>> = {
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "X-Frame-Options": "DENY",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
};

/** What is said of an answer by what it is: to pages and to programs. */
export interface Policies {
  readonly page: string;
  readonly program: string;
}

/** The policies of a shop: browsers hold `form-action` against the redirect to the payment page too. */
export function policiesOf({ stripe, turnstile }: Config): Policies {
  const { apiUrl = STRIPE_PAYMENT_PAGE, checkoutUrl } = stripe;
  const paymentPages = checkoutUrl === undefined ? apiUrl : `${apiUrl} ${checkoutUrl}`;
  const scripts = turnstile === undefined ? OWN_SCRIPTS : WITH_TURNSTILE;
  return {
    page: `${PAGE_POLICY}; ${scripts}; form-action 'self' ${paymentPages}`,
    program: API_POLICY,
  };
}

const EVERYWHERE = Object.entries(BASE_HEADERS);

/** Sets the security headers; `Cross-Origin-Resource-Policy` stays open for the API, whose guard is CORS. */
export function secure(headers: Headers, policies: Policies): void {
  for (const [name, value] of EVERYWHERE) headers.set(name, value);
  const html = headers.get("Content-Type")?.startsWith("text/html") ?? false;
  headers.set("Content-Security-Policy", html ? policies.page : policies.program);
  headers.set("Cross-Origin-Resource-Policy", html ? "same-origin" : "cross-origin");
}

/**
 * Refuses a form that another site sent. Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in
 * `Origin`; a request with neither does not come from a browser's form.
 */
export function requireSameSite(c: HonoContext): void {
  if (c.req.method === "GET" || c.req.method === "HEAD") return;
  const site = c.req.header("Sec-Fetch-Site");
  const origin = c.req.header("Origin");
  const foreign =
    site === undefined
      ? origin !== undefined && origin !== new URL(c.req.url).origin
      : site !== "same-origin" && site !== "none";
  if (foreign) {
    throw new AppError(
      "CSRF_REJECTED",
      "This form was sent from another site, so nothing was done.",
    );
  }
}
