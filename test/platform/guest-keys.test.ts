import { describe, expect, it } from "vitest";
import { makeMember } from "../support/credentials.ts";
import { expectError } from "../support/expect-error.ts";
import { type Answer, call } from "../support/http.ts";
import { checkoutBody, level, makeSku } from "../support/shop.ts";
import { sessions, stripe } from "../support/stripe.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const DAY_MS = 24 * 3_600_000;
const HOME = "203.0.113.7";
const MOBILE = "2001:db8:a:b:1::1";
const MOBILE_LATER = "2001:db8:a:b:2::2";
const ELSEWHERE = "198.51.100.9";

const KEY = "5b0e2c1c-6d0e-4f2b-9a53-7c1d5f5f0a01";
const REUSED = {
  code: "IDEMPOTENCY_KEY_REUSED",
  message:
    "This Idempotency-Key was already sent with another request. Use a new key for a new request.",
} as const;

const at = (address: string, key = KEY) => ({
  "Idempotency-Key": key,
  "CF-Connecting-IP": address,
});
const hold = (sku: string, quantity: number, address: string, key?: string) =>
  call("POST", "/api/v1/reservations", {
    headers: at(address, key),
    body: { items: [{ sku, quantity }] },
  });
const buy = (sku: string, address: string) =>
  call("POST", "/api/v1/checkouts", {
    headers: at(address),
    body: checkoutBody({ items: [{ sku, quantity: 1 }] }),
  });
const replayed = ({ headers }: Answer) => headers.get("Idempotency-Replayed");

/** Expects the first answer again, to the byte. */
function expectAgain(again: Answer, first: Answer): void {
  expect([again.status, again.text, replayed(again)]).toEqual([first.status, first.text, "true"]);
}

describe("A guest whose network changes", () => {
  it("gets the first answer again, and takes nothing more", async () => {
    const sku = await makeSku(9);
    const first = await hold(sku, 2, HOME);
    for (const address of [MOBILE, MOBILE_LATER, ELSEWHERE, HOME])
      expectAgain(await hold(sku, 2, address), first);
    expect(await level(sku)).toMatchObject({ reserved: 2 });
  });

  it("has one order and one payment page, and gets its token again", async () => {
    const sku = await makeSku(9);
    const first = await buy(sku, HOME);
    const again = await buy(sku, MOBILE);
    expectAgain(again, first);
    expect(again.body.data.orderToken).toMatch(/^ot_/);
    expect(await rows("SELECT id FROM orders")).toHaveLength(1);
    expect(await sessions()).toHaveLength(1);
  });

  it("goes on from there with an order that Stripe had not answered for", async () => {
    const sku = await makeSku(9);
    await stripe.misbehave({ kind: "rate_limit_429", times: 2 });
    expect((await buy(sku, HOME)).status).toBe(502);
    await stripe.misbehave();
    expect((await buy(sku, MOBILE)).status).toBe(201);
    expect(await rows("SELECT id FROM orders")).toHaveLength(1);
    expect(await level(sku)).toMatchObject({ reserved: 1 });
  });

  it("takes nothing twice when both networks bring the request at once", async () => {
    const sku = await makeSku(20);
    const addresses = Array.from({ length: 10 }, (_, i) => `203.0.113.${i}`);
    const answers = await Promise.all(addresses.map((address) => hold(sku, 1, address)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter((answer) => replayed(answer) === null)).toHaveLength(1);
    expect(await level(sku)).toMatchObject({ reserved: 1 });
  });

  it("gets a refusal again", async () => {
    const sku = await makeSku(0);
    const first = await hold(sku, 1, HOME);
    expect(first.status).toBe(409);
    expectAgain(await hold(sku, 1, MOBILE), first);
  });
});

describe("Another request under a guest's key", () => {
  it("is refused from the same network, and changes nothing", async () => {
    const sku = await makeSku(9);
    await hold(sku, 1, MOBILE);
    for (const address of [MOBILE, MOBILE_LATER])
      expectError(await hold(sku, 2, address), 422, REUSED);
    expect(await level(sku)).toMatchObject({ reserved: 1 });
  });

  it("is refused from the same network on another route", async () => {
    const sku = await makeSku(9);
    await hold(sku, 1, HOME);
    expectError(await buy(sku, HOME), 422, REUSED);
    expect(await rows("SELECT id FROM orders")).toEqual([]);
  });

  it("is a request of its own from another network, which does not tell that the key is known", async () => {
    const sku = await makeSku(9);
    const mine = await hold(sku, 1, HOME);
    const theirs = await hold(sku, 2, ELSEWHERE);
    const fresh = await hold(sku, 2, ELSEWHERE, crypto.randomUUID());
    expect([theirs.status, replayed(theirs)]).toEqual([201, null]);
    const seen = ({ headers }: Answer) => [
      [...headers.keys()].sort(),
      /desc="\d+"/.exec(headers.get("Server-Timing") ?? "")?.[0],
    ];
    expect(seen(theirs)).toEqual(seen(fresh));
    expectAgain(await hold(sku, 1, HOME), mine);
    expectAgain(await hold(sku, 2, ELSEWHERE), theirs);
    expectAgain(await hold(sku, 2, HOME), theirs);
    expectError(await hold(sku, 3, ELSEWHERE), 422, REUSED);
  });

  it("is let in once when ten come at once from one network", async () => {
    const sku = await makeSku(99);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => hold(sku, i + 1, HOME)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expectError(answer, 422, REUSED);
    expect(await rows("SELECT id FROM reservations")).toHaveLength(1);
  });

  it("may come a day later, also before the purge has come to it", async () => {
    const sku = await makeSku(9);
    await hold(sku, 1, HOME);
    await travel(DAY_MS - 1);
    expectError(await hold(sku, 2, HOME), 422, REUSED);
    await travel(1);
    const later = await hold(sku, 2, HOME);
    expect([later.status, replayed(later)]).toEqual([201, null]);
    expectError(await hold(sku, 1, HOME), 422, REUSED);
    expectAgain(await hold(sku, 2, MOBILE), later);
  });

  it("is a request of its own for somebody who is signed in", async () => {
    const sku = await makeSku(9);
    const mine = await hold(sku, 1, HOME);
    const { accessToken } = await makeMember();
    const headers = { ...at(HOME), Authorization: `Bearer ${accessToken}` };
    const send = (quantity: number) =>
      call("POST", "/api/v1/reservations", { headers, body: { items: [{ sku, quantity }] } });
    const theirs = await send(1);
    expect([theirs.status, replayed(theirs)]).toEqual([201, null]);
    expect(theirs.body.data.id).not.toBe(mine.body.data.id);
    expectError(await send(2), 422, REUSED);
  });
});

describe("What is stored of a guest's key", () => {
  it("names neither the key, nor the network, nor what was asked and answered", async () => {
    const sku = await makeSku(9);
    const { data } = (await buy(sku, HOME)).body;
    const stored = JSON.stringify(await rows("SELECT * FROM idempotency_keys"));
    for (const readable of [KEY, HOME, "ada@example.com", data.orderToken, data.paymentUrl])
      expect(stored).not.toContain(readable);
  });

  it("does not let a reader of the database who moves an answer to their own key read it", async () => {
    const sku = await makeSku(9);
    await buy(sku, HOME);
    await hold(sku, 1, ELSEWHERE, "their own");
    await rows(
      `UPDATE idempotency_keys SET body = (SELECT body FROM idempotency_keys WHERE subject IS NOT NULL)
       WHERE subject IS NULL AND caller = 'guest'`,
    );
    const answer = await hold(sku, 1, ELSEWHERE, "their own");
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain("ot_");
  });
});
