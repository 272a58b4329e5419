import * as z from "zod";
import { SECOND_MS } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Context } from "./context.ts";
import { AppError, invalidField } from "./errors.ts";
import { toHex } from "./hash.ts";
import { callerOf } from "./rate-limit/client.ts";

/** Where Turnstile's script and its API are. */
export const TURNSTILE_ORIGIN = "https://challenges.cloudflare.com";
/** The field that the widget adds to its form. */
export const TURNSTILE_FIELD = "cf-turnstile-response";
const MAX_TOKEN_CHARS = 2048;
const TIMEOUT_MS = 5 * SECOND_MS;

/** What a client sends of the widget, where the shop has one. */
export const turnstileTokenSchema = z.string().min(1).max(MAX_TOKEN_CHARS).optional().meta({
  description:
    "The token of the shop's Turnstile widget, where the shop asks for one; good once, for five minutes.",
});

/** https://developers.cloudflare.com/turnstile/get-started/server-side-validation/#error-codes-reference */
const OURS = ["missing-input-secret", "invalid-input-secret", "internal-error"];
const answerSchema = z.object({
  success: z.boolean(),
  "error-codes": z.array(z.string()).default([]),
});

/** What makes a request the same one: a retry may bring a fresh token. */
export function withoutToken<T extends { readonly turnstileToken?: string | undefined }>({
  turnstileToken: _,
  ...wish
}: T): Omit<T, "turnstileToken"> {
  return wish;
}

interface Shown {
  readonly token: string | undefined;
  /** The request's idempotency key: its retry may show the token again. */
  readonly key: string | undefined;
}

/**
 * Lets a person pass, where the shop has Turnstile. Throws `VALIDATION_FAILED` for a token that is missing, wrong or used,
 * `UNAVAILABLE` while nobody can say.
 */
export async function requirePerson(ctx: Context, shown: Shown): Promise<void> {
  const { turnstile } = ctx.config;
  if (turnstile === undefined) return;
  if (shown.token === undefined)
    throw invalidField(
      "turnstileToken",
      "Show that you are a person: the widget's token is missing.",
    );
  const codes = await verify(ctx, turnstile, shown).catch((cause: unknown) => {
    throw unavailable(cause);
  });
  if (codes.length === 0) return;
  if (codes.some((code) => OURS.includes(code))) throw unavailable(codes);
  throw invalidField("turnstileToken", "Is not good, or no longer. Please try the check again.");
}

/** Why a token is not good; nothing for one that is. */
async function verify(
  ctx: Context,
  { secretKey, apiUrl = TURNSTILE_ORIGIN }: NonNullable<Config["turnstile"]>,
  { token, key }: Shown,
): Promise<readonly string[]> {
  const { address } = ctx.actor;
  const response = await fetch(`${apiUrl}/turnstile/v0/siteverify`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      secret: secretKey,
      response: token,
      ...(address.includes(".") || address.includes(":") ? { remoteip: address } : {}),
      idempotency_key:
        key === undefined ? crypto.randomUUID() : await sameAgain(ctx, `${key}\n${token}`),
    }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { success, "error-codes": codes } = answerSchema.parse(await response.json());
  return success ? [] : ["unsaid", ...codes];
}

/** A UUID that is the same for the same caller and try: one token is no use to two. */
async function sameAgain(ctx: Context, shown: string): Promise<string> {
  const text = new TextEncoder().encode(`${callerOf(ctx.actor)}\n${shown}`);
  const hex = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", text)));
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20, 32)].join("-");
}

function unavailable(cause: unknown): AppError {
  return new AppError(
    "UNAVAILABLE",
    "We cannot check at the moment that you are a person. Nothing was done; please try again.",
    { headers: { "Retry-After": "5" }, cause },
  );
}
