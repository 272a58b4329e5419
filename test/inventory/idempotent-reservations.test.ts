import { describe, expect, it } from "vitest";
import { call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { level, makeSku, reserve } from "../support/shop.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const DAY_MS = 24 * 60 * 60_000;
const keyed = (key: string, from = "203.0.113.7") => ({
  headers: { "Idempotency-Key": key, "CF-Connecting-IP": from },
});

describe("A repeated reservation with the same key", () => {
  it("gets the first answer to the byte, and takes nothing more", async () => {
    const sku = await makeSku(5);
    const first = await reserve([{ sku, quantity: 2 }], keyed("k"));
    const again = await reserve([{ sku, quantity: 2 }], keyed("k"));
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get("Location")).toBe(first.headers.get("Location"));
    expect(first.headers.has("Idempotency-Replayed")).toBe(false);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await level(sku)).toMatchObject({ reserved: 2 });
  });

  it("gets it also when the stock is gone meanwhile", async () => {
    const sku = await makeSku(2);
    const first = await reserve([{ sku, quantity: 2 }], keyed("k"));
    expect((await reserve([{ sku, quantity: 1 }])).status).toBe(409);
    const again = await reserve([{ sku, quantity: 2 }], keyed("k"));
    expect([again.status, again.text]).toEqual([201, first.text]);
  });

  it("gets it also when the hold has been given back", async () => {
    const sku = await makeSku(2);
    const first = await reserve([{ sku, quantity: 2 }], keyed("k"));
    await call("DELETE", `/api/v1/reservations/${first.body.data.id}`);
    expect((await reserve([{ sku, quantity: 2 }], keyed("k"))).text).toBe(first.text);
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });

  it("gets a refusal again, also when there is stock now", async () => {
    const sku = await makeSku(0);
    const first = await reserve([{ sku, quantity: 1 }], keyed("k"));
    expect(first.status).toBe(409);
    const body = { kind: "receive", quantity: 5, reason: "Delivery" };
    await asAdmin("POST", `/api/v1/inventory/${sku}/movements`, { body });
    const again = await reserve([{ sku, quantity: 1 }], keyed("k"));
    expect([again.status, again.text]).toEqual([409, first.text]);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect((await reserve([{ sku, quantity: 1 }], keyed("other"))).status).toBe(201);
  });

  it("gets a refusal of what is not for sale again", async () => {
    const items = [{ sku: "NOT-YET", quantity: 1 }];
    const first = await reserve(items, keyed("k"));
    expect(first.status).toBe(422);
    const again = await reserve(items, keyed("k"));
    expect([again.status, again.text]).toEqual([422, first.text]);
  });

  it("is the same whatever the order of its fields, and another with any other value", async () => {
    const sku = await makeSku(9);
    const send = (body: string) => call("POST", "/api/v1/reservations", { ...keyed("k"), body });
    const first = await send(`{"items":[{"sku":"${sku}","quantity":1}]}`);
    const again = await send(`{ "items": [ { "quantity": 1, "sku": "${sku}" } ] }`);
    expect(again.text).toBe(first.text);
    for (const other of [
      `{"items":[{"sku":"${sku}","quantity":2}]}`,
      `{"items":[{"sku":"X","quantity":1}]}`,
    ]) {
      const { status, body } = await send(other);
      expect([status, body.error.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    }
    expect(await level(sku)).toMatchObject({ reserved: 1 });
  });

  it("makes one hold when twenty come at once", async () => {
    const sku = await makeSku(20);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => reserve([{ sku, quantity: 1 }], keyed("k"))),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.has("Idempotency-Replayed"))).toHaveLength(19);
    expect(await level(sku)).toMatchObject({ reserved: 1 });
  });

  it("is another caller's own affair, and another route's", async () => {
    const sku = await makeSku(9);
    const mine = await reserve([{ sku, quantity: 1 }], keyed("k", "203.0.113.1"));
    const theirs = await reserve([{ sku, quantity: 2 }], keyed("k", "203.0.113.2"));
    expect(theirs.status).toBe(201);
    expect(theirs.body.data.id).not.toBe(mine.body.data.id);
    const body = { kind: "receive", quantity: 1, reason: "Delivery" };
    const elsewhere = await asAdmin("POST", `/api/v1/inventory/${sku}/movements`, {
      ...keyed("k"),
      body,
    });
    expect(elsewhere.status).toBe(201);
  });

  it("is a new one after a day", async () => {
    const sku = await makeSku(9);
    const first = await reserve([{ sku, quantity: 1 }], keyed("k"));
    await travel(DAY_MS - 1);
    await cron();
    await cron("*/5 * * * *");
    expect((await reserve([{ sku, quantity: 1 }], keyed("k"))).text).toBe(first.text);
    await travel(1);
    await cron("*/5 * * * *");
    const later = await reserve([{ sku, quantity: 1 }], keyed("k"));
    expect(later.status).toBe(201);
    expect(later.body.data.id).not.toBe(first.body.data.id);
  });

  it("leaves neither the caller's address nor a refusal's words readable in the database", async () => {
    await reserve([{ sku: await makeSku(0), quantity: 1 }], keyed("k"));
    const stored = await rows("SELECT * FROM idempotency_keys");
    expect(stored).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain("203.0.113.7");
  });
});
