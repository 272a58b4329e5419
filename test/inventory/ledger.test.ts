import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { walk } from "../support/catalog.ts";
import { call } from "../support/http.ts";
import { asAdmin, theAdmin } from "../support/people.ts";
import { level, makeSku, reserve } from "../support/shop.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

function move(sku: string, kind: string, quantity: number, more: object = {}) {
  return asAdmin("POST", `/api/v1/inventory/${sku}/movements`, {
    body: { kind, quantity, reason: "Test", ...more },
  });
}

async function ledgerSums(sku: string) {
  const [sums] = await rows<{ onHand: number; reserved: number }>(
    "SELECT sum(on_hand_delta) AS onHand, sum(reserved_delta) AS reserved FROM stock_movements WHERE sku = ?",
    sku,
  );
  return sums;
}

describe("A movement", () => {
  const kinds: [string, number, number][] = [
    ["receive", 4, 14],
    ["return", 4, 14],
    ["damage", 4, 6],
    ["adjust", 4, 14],
    ["adjust", -4, 6],
  ];
  for (const [kind, quantity, onHand] of kinds) {
    it(`of kind ${kind} and ${quantity} takes 10 to ${onHand}`, async () => {
      const sku = await makeSku(10);
      const { status, body } = await move(sku, kind, quantity, { reason: " Counted " });
      expect(status).toBe(201);
      expect(body.data).toEqual({
        movement: {
          id: expect.stringMatching(/^mov_\d{16}$/),
          sku,
          kind,
          quantity,
          onHandDelta: onHand - 10,
          reservedDelta: 0,
          reason: "Counted",
          reservationRef: null,
          orderId: null,
          actor: (await theAdmin()).id,
          createdAt: expect.stringMatching(/Z$/),
        },
        level: { sku, onHand, reserved: 0, available: onHand, lowStockThreshold: 5 },
      });
      expect(await level(sku)).toEqual(body.data.level);
      const listed = await asAdmin("GET", `/api/v1/inventory/${sku}/movements?pageSize=1`);
      expect(listed.body.data).toEqual([body.data.movement]);
    });
  }

  it("has a sign that fits its kind, a reason, and a kind that a person may write", async () => {
    const sku = await makeSku(10);
    for (const [kind, quantity] of [
      ["receive", 0],
      ["receive", -1],
      ["damage", -1],
      ["return", 0],
      ["adjust", 0],
      ["receive", 1_000_001],
      ["receive", 1.5],
    ] as const) {
      const { status, body } = await move(sku, kind, quantity);
      expect([status, Object.keys(body.error.fields)]).toEqual([422, ["quantity"]]);
    }
    for (const kind of ["reserve", "release", "sale", "", "steal"]) {
      const { status, body } = await move(sku, kind, 1);
      expect([status, Object.keys(body.error.fields)]).toEqual([422, ["kind"]]);
    }
    for (const reason of ["", "   ", "x".repeat(501)]) {
      const { status, body } = await move(sku, "receive", 1, { reason });
      expect([status, Object.keys(body.error.fields)]).toEqual([422, ["reason"]]);
    }
    expect(await level(sku)).toMatchObject({ onHand: 10 });
  });

  it("never takes the stock below what is reserved, nor below nothing", async () => {
    const sku = await makeSku(10);
    await reserve([{ sku, quantity: 6 }]);
    for (const [kind, quantity] of [
      ["damage", 5],
      ["adjust", -5],
      ["damage", 11],
      ["adjust", -1000],
    ] as const) {
      const { status, body } = await move(sku, kind, quantity);
      expect([status, body.error.code]).toEqual([409, "INSUFFICIENT_STOCK"]);
    }
    expect((await move(sku, "damage", 4)).status).toBe(201);
    expect(await level(sku)).toMatchObject({ onHand: 6, reserved: 6, available: 0 });
  });

  it("of a SKU that does not exist is not found, and leaves nothing", async () => {
    expect((await move("NO-SUCH", "receive", 1)).status).toBe(404);
    expect(await rows("SELECT * FROM stock_movements WHERE sku = 'NO-SUCH'")).toEqual([]);
  });

  it("is written once for its idempotency key, and answered the same to the byte", async () => {
    const sku = await makeSku(10);
    const send = () =>
      asAdmin("POST", `/api/v1/inventory/${sku}/movements`, {
        headers: { "Idempotency-Key": "move-1" },
        body: { kind: "receive", quantity: 5, reason: 'Quote " and ü \u2028' },
      });
    const first = await send();
    await move(sku, "receive", 1);
    const again = await send();
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await level(sku)).toMatchObject({ onHand: 16 });
  });
});

describe("The ledger", () => {
  it("adds up to the level after any history", async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constantFrom("receive", "return", "damage"),
        quantity: fc.integer({ min: 1, max: 9 }),
      }),
      fc.record({ kind: fc.constant("adjust"), quantity: fc.integer({ min: -9, max: 9 }) }),
      fc.record({ kind: fc.constant("reserve"), quantity: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ kind: fc.constant("release"), quantity: fc.nat(5) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (history) => {
        const sku = await makeSku(5);
        const held: { id: string; quantity: number }[] = [];
        let [onHand, reserved] = [5, 0];
        for (const { kind, quantity } of history) {
          if (kind === "reserve") {
            const { status, body } = await reserve([{ sku, quantity }]);
            expect(status).toBe(onHand - reserved >= quantity ? 201 : 409);
            if (status === 201) held.push({ id: body.data.id, quantity });
            if (status === 201) reserved += quantity;
          } else if (kind === "release") {
            const [hold] = held.splice(quantity % (held.length || 1), 1);
            if (hold === undefined) continue;
            expect((await call("DELETE", `/api/v1/reservations/${hold.id}`)).status).toBe(204);
            reserved -= hold.quantity;
          } else {
            const delta = kind === "damage" ? -quantity : quantity;
            const { status } = await move(sku, kind, quantity);
            expect(status).toBe(delta === 0 ? 422 : onHand + delta >= reserved ? 201 : 409);
            if (status === 201) onHand += delta;
          }
        }
        expect(await ledgerSums(sku)).toEqual({ onHand, reserved });
        expect(await level(sku)).toMatchObject({ onHand, reserved, available: onHand - reserved });
      }),
      { numRuns: 15 },
    );
  });

  it("is read whole and newest first while it grows", async () => {
    const sku = await makeSku(0);
    await rows(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)
       INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, actor, created_at)
       SELECT ?1, 'receive', 1, 0, 'Fill ' || i, 'test', 1 FROM n`,
      sku,
    );
    const path = `/api/v1/inventory/${sku}/movements?pageSize=30`;
    const items = await walk<{ id: string; reason: string }>(asAdmin, path, () =>
      move(sku, "receive", 1),
    );
    expect(items.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 250 }, (_, i) => `Fill ${250 - i}`),
    );
    expect(new Set(items.map(({ id }) => id)).size).toBe(250);
    const counted = await asAdmin("GET", `${path}&include=total`);
    expect(counted.body.meta.total).toBe(259);
  });

  it("cannot be rewritten, not even by hand", async () => {
    const sku = await makeSku(5);
    await reserve([{ sku, quantity: 1 }]);
    const attempts = [
      "UPDATE stock_movements SET on_hand_delta = 9",
      "UPDATE stock_movements SET reason = 'x'",
      "DELETE FROM stock_movements",
      "UPDATE reservation_lines SET quantity = 9",
      "DELETE FROM reservation_lines",
    ];
    for (const sql of attempts) await expect(rows(sql)).rejects.toThrow("is append-only");
    expect(await ledgerSums(sku)).toEqual({ onHand: 5, reserved: 1 });
  });

  it("(a release without its hold, hidden by MAX(x, 0)) takes no release of what nobody holds", async () => {
    const sku = await makeSku(5);
    await reserve([{ sku, quantity: 1 }]);
    const release = env.DB.prepare(
      "INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, actor, created_at) VALUES (?, 'release', 0, -2, 'x', 'x', 1)",
    ).bind(sku);
    await expect(release.run()).rejects.toThrow("stock_reserved_not_negative");
    expect(await level(sku)).toMatchObject({ onHand: 5, reserved: 1, available: 4 });
  });

  it("takes no row whose deltas do not fit its kind", async () => {
    const sku = await makeSku(5);
    const shapes: [string, number, number][] = [
      ["receive", -1, 0],
      ["receive", 1, 1],
      ["return", -1, 0],
      ["return", 1, 1],
      ["damage", 1, 0],
      ["damage", -1, -1],
      ["adjust", 0, 0],
      ["adjust", 1, 1],
      ["reserve", 1, 1],
      ["reserve", 0, -1],
      ["release", 0, 1],
      ["release", -1, -1],
      ["sale", 1, 0],
      ["sale", -1, -2],
      ["gift", 1, 0],
    ];
    for (const [kind, onHand, reserved] of shapes) {
      const insert = env.DB.prepare(
        "INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, actor, created_at) VALUES (?, ?, ?, ?, 'x', 'x', 1)",
      ).bind(sku, kind, onHand, reserved);
      await expect(insert.run()).rejects.toThrow("stock_movement_shape");
    }
  });
});
