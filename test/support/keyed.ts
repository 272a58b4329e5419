import { expect } from "vitest";
import { type Answer, call } from "./http.ts";
import { from } from "./limits.ts";

/** Whether an answer is one that was given before. */
export const replayed = ({ headers }: Answer) => headers.get("Idempotency-Replayed");

export function expectReplay(again: Answer, first: Answer): void {
  expect([again.status, again.text, replayed(again)]).toEqual([first.status, first.text, "true"]);
}

/** One call to `/auth` with a key, from the same address as the others unless said. */
export function authWithKey(
  path: string,
  body: object,
  { key = "k", address = "203.0.113.7" } = {},
) {
  const headers = from(address, { "Idempotency-Key": key });
  return call("POST", `/api/v1/auth${path}`, { body, headers });
}

/** One reservation with the key `k`, as whoever these headers say. */
export function holdWithKey(sku: string, headers: Record<string, string>) {
  return call("POST", "/api/v1/reservations", {
    headers: { "Idempotency-Key": "k", ...headers },
    body: { items: [{ sku, quantity: 1 }] },
  });
}
