import { Problem } from "../protocol/problem.ts";

const NO_KEY =
  "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.";

/**
 * The test-mode secret key of a request, from Bearer or Basic authentication.
 * @throws Problem 401 without one; live keys are refused, so that none is ever sent here for long.
 */
export function secretKey(request: Request): string {
  const [scheme = "", value = ""] = (request.headers.get("authorization") ?? "").split(" ");
  const key = scheme.toLowerCase() === "basic" ? basicUser(value) : value;
  if (key === "") throw unauthorized(NO_KEY);
  if (!/^(sk|rk)_test_\w+$/.test(key)) {
    throw unauthorized(`Invalid API Key provided: ${masked(key)}`);
  }
  return key;
}

function basicUser(encoded: string): string {
  try {
    return atob(encoded).split(":")[0] ?? "";
  } catch {
    return "";
  }
}

function masked(key: string): string {
  return `${key.slice(0, 8)}${"*".repeat(Math.max(4, Math.min(20, key.length - 12)))}${key.slice(-4)}`;
}

function unauthorized(message: string): Problem {
  const challenge = { "WWW-Authenticate": 'Bearer realm="Stripe"' };
  return new Problem(401, { type: "invalid_request_error", message }, challenge);
}
