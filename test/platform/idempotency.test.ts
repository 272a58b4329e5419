import { describe, expect, it } from "vitest";
import { cancel, fulfill, refund, sell } from "../support/after-sale.ts";
import { makeKey, makeMember } from "../support/credentials.ts";
import { expectError } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { holdWithKey, replayed } from "../support/keyed.ts";
import { asAdmin } from "../support/people.ts";
import { level, makeSku } from "../support/shop.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const guest = (address: string) => ({ "CF-Connecting-IP": address });
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** Expects that each of these callers does it once for themselves. */
async function expectStrangers(callers: readonly Record<string, string>[]): Promise<void> {
  const sku = await makeSku(20);
  const answers = await Promise.all(callers.map((caller) => holdWithKey(sku, caller)));
  expect(answers.map(replayed)).toEqual(callers.map(() => null));
  const ids: string[] = answers.map(({ body }) => body.data.id);
  expect(new Set(ids).size).toBe(callers.length);
  for (const [i, caller] of callers.entries()) {
    const again = await holdWithKey(sku, caller);
    expect([again.text, replayed(again)]).toEqual([answers[i]?.text, "true"]);
  }
  expect(await level(sku)).toMatchObject({ reserved: callers.length });
}

describe("An idempotency key", () => {
  it("is a user's own, whichever address they and their colleague share", async () => {
    const one = await makeMember();
    const colleague = await makeMember("customer", one.accountId);
    const at = guest("203.0.113.1");
    await expectStrangers([
      at,
      { ...at, ...bearer(one.accessToken) },
      { ...at, ...bearer(colleague.accessToken) },
    ]);
  });

  it("goes with the user to another address and another session", async () => {
    const sku = await makeSku(5);
    const { accessToken, refreshToken } = await makeMember();
    const first = await holdWithKey(sku, { ...bearer(accessToken), ...guest("203.0.113.1") });
    const body = { refreshToken };
    const next = (await call("POST", "/api/v1/auth/refresh", { body })).body.data;
    const again = await holdWithKey(sku, { ...bearer(next.accessToken), ...guest("203.0.113.2") });
    expect([again.text, replayed(again)]).toEqual([first.text, "true"]);
  });

  it("is an API key's own, also of those that one admin has made", async () => {
    const [one, other] = [await makeKey(["inventory:write"]), await makeKey(["inventory:write"])];
    await expectStrangers([one, other].map(({ secret }) => bearer(secret)));
  });

  it("is no longer honoured for a caller who may not call any more", async () => {
    const { id, secret } = await makeKey(["inventory:write"]);
    const path = `/api/v1/inventory/${await makeSku(5)}/movements`;
    const send = () =>
      call("POST", path, {
        headers: { "Idempotency-Key": "k", ...bearer(secret) },
        body: { kind: "receive", quantity: 1, reason: "Delivery" },
      });
    expect([await send(), await send()].map(replayed)).toEqual([null, "true"]);
    await asAdmin("DELETE", `/api/v1/api-keys/${id}`);
    expect((await send()).status).toBe(401);
  });

  it("is for one route: what was said of a refund is no answer to a shipment or a cancellation", async () => {
    const at = await sell([{ amount: 2500, quantity: 1 }]);
    expect((await refund(at, {}, "k")).status).toBe(201);
    for (const answer of [await fulfill(at, {}, "k"), await cancel(at, undefined, "k")])
      expect([answer.status, answer.body.error?.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    await settle();
  });

  it("leaves nothing readable of the caller, the request or the answer in the database", async () => {
    const secret = "a very private passphrase";
    const email = "private@example.com";
    const address = "203.0.113.77";
    const body = { email, password: secret, name: "Private Name" };
    const headers = { "Idempotency-Key": "k", ...guest(address) };
    const { data } = (await call("POST", "/api/v1/auth/register", { headers, body })).body;
    const [row] = await rows<{ request_hash: string; caller: string }>(
      "SELECT * FROM idempotency_keys",
    );
    const stored = JSON.stringify(row);
    for (const readable of [secret, email, address, data.accessToken, data.refreshToken])
      expect(stored).not.toContain(readable);
    // A hash without the shop's secret could be guessed back to the password.
    for (const text of [address, `guest:${address}`, JSON.stringify(body)])
      for (const made of [text, `POST /api/v1/auth/register\n${text}`])
        expect(stored).not.toContain(await plainHash(made));
  });

  it("that is empty, too long, or not of visible ASCII is refused", async () => {
    const sku = await makeSku(5);
    const wrong = ["", " ", '""', '"', "x".repeat(256), "a\tb", "é", "a\u00a0b", '"a\tb"', "\x7f"];
    for (const key of wrong)
      expectError(await holdWithKey(sku, { "Idempotency-Key": key }), 422, {
        code: "VALIDATION_FAILED",
        message: "Some fields are not right.",
        fields: {
          "Idempotency-Key": "Must have 1 to 255 visible ASCII characters, such as a UUID has.",
        },
      });
    for (const key of ["x".repeat(255), "a b", '"a b"', 'a"b'])
      expect([key, (await holdWithKey(sku, { "Idempotency-Key": key })).status]).toEqual([
        key,
        201,
      ]);
  });
});

async function plainHash(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
