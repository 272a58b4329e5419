import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { recordingDatabase, shopOver } from "../support/rig.ts";
import { level, makeSku, reserve } from "../support/shop.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const HOLD_MS = 15 * 60_000;
const statusOf = async (id: string) =>
  (await call("GET", `/api/v1/reservations/${id}`)).body.data.status;
const move = "UPDATE stock_levels SET updated_at = updated_at WHERE sku = ?";

describe("A hold whose 15 minutes are over", () => {
  it("is ended by the sweep, not a millisecond sooner, and its stock is free", async () => {
    const sku = await makeSku(5);
    const { body } = await reserve([{ sku, quantity: 5 }]);
    await travel(HOLD_MS - 1);
    await cron();
    expect(await statusOf(body.data.id)).toBe("held");
    expect(await level(sku)).toMatchObject({ available: 0 });
    await travel(1);
    await cron();
    expect(await statusOf(body.data.id)).toBe("expired");
    expect(await level(sku)).toMatchObject({ onHand: 5, reserved: 0, available: 5 });
    const [entry] = await rows(
      "SELECT kind, reserved_delta, reason, actor FROM stock_movements ORDER BY seq DESC LIMIT 1",
    );
    expect(entry).toEqual({
      kind: "release",
      reserved_delta: -5,
      reason: "Reservation expired",
      actor: "system",
    });
  });

  it("is read as expired even before the sweep", async () => {
    const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
    await travel(HOLD_MS);
    expect(await statusOf(body.data.id)).toBe("expired");
    await cron();
  });

  it("makes room for the next buyer without waiting for the sweep", async () => {
    const sku = await makeSku(1);
    await reserve([{ sku, quantity: 1 }]);
    await travel(HOLD_MS);
    const next = await reserve([{ sku, quantity: 1 }]);
    expect(next.status).toBe(201);
    expect(await level(sku)).toMatchObject({ onHand: 1, reserved: 1 });
  });

  it("keeps nobody waiting for the sweep behind many older ones: the second try has it", async () => {
    const other = await makeSku(100);
    const sku = await makeSku(1);
    for (let i = 0; i < 60; i += 1) await reserve([{ sku: other, quantity: 1 }]);
    await travel(1);
    await reserve([{ sku, quantity: 1 }]);
    await travel(HOLD_MS);
    const first = await reserve([{ sku, quantity: 1 }]);
    expect(first.body.error.details).toEqual([{ sku, requested: 1, available: 1 }]);
    expect((await reserve([{ sku, quantity: 1 }])).status).toBe(201);
    expect(await level(other)).toMatchObject({ reserved: 0 });
  });

  it("is ended once, however many sweeps and buyers come at it together", async () => {
    const sku = await makeSku(3);
    for (let i = 0; i < 3; i += 1) await reserve([{ sku, quantity: 1 }]);
    await travel(HOLD_MS);
    const [, , , ...answers] = await Promise.all([
      cron(),
      cron(),
      cron(),
      ...Array.from({ length: 6 }, () => reserve([{ sku, quantity: 1 }])),
    ]);
    const sold = answers.filter((answer) => answer?.status === 201);
    expect(sold).toHaveLength(3);
    expect(
      await rows("SELECT count(*) AS count FROM stock_movements WHERE kind = 'release'"),
    ).toEqual([{ count: 3 }]);
    expect(await level(sku)).toMatchObject({ onHand: 3, reserved: 3 });
  });

  it("is ended although others of its time were given back before", async () => {
    const sku = await makeSku(2);
    const given = await reserve([{ sku, quantity: 1 }]);
    await reserve([{ sku, quantity: 1 }]);
    await call("DELETE", `/api/v1/reservations/${given.body.data.id}`);
    await travel(HOLD_MS);
    await cron();
    expect(await statusOf(given.body.data.id)).toBe("released");
    expect(await level(sku)).toMatchObject({ onHand: 2, reserved: 0 });
  });

  it("is ended once when it is given back at the same moment", async () => {
    for (let round = 0; round < 10; round += 1) {
      const sku = await makeSku(2);
      const { body } = await reserve([{ sku, quantity: 2 }]);
      const { id } = body.data;
      await travel(HOLD_MS);
      const path = `/api/v1/reservations/${id}`;
      const [first, , second] = await Promise.all([
        call("DELETE", path),
        cron(),
        call("DELETE", path),
      ]);
      const ended = await statusOf(id);
      expect(["released", "expired"]).toContain(ended);
      const said = ended === "released" ? 204 : 410;
      expect([first.status, second.status]).toEqual([said, said]);
      expect(await level(sku)).toMatchObject({ onHand: 2, reserved: 0 });
      const releases = await rows(
        "SELECT * FROM stock_movements WHERE kind = 'release' AND sku = ?",
        sku,
      );
      expect(releases).toHaveLength(1);
    }
  });

  it("(an expired hold revived by cart activity) stays over, whatever happens to it or its SKU", async () => {
    const sku = await makeSku(5);
    const { body } = await reserve([{ sku, quantity: 1 }]);
    const { id } = body.data;
    await travel(HOLD_MS);
    await cron();
    expect((await call("DELETE", `/api/v1/reservations/${id}`)).status).toBe(410);
    await rows(move, sku);
    await reserve([{ sku, quantity: 1 }]);
    const revive = env.DB.prepare(
      "UPDATE reservations SET status = 'held', ended_at = NULL WHERE id = ?",
    ).bind(id);
    await expect(revive.run()).rejects.toThrow("illegal_transition:reservation");
    expect(await statusOf(id)).toBe("expired");
  });
});

describe("What is known to be sold out", () => {
  it("is refused without the database for two seconds, and asked again after", async () => {
    const { database, statements } = recordingDatabase();
    const shop = shopOver(database, { now: () => Date.now() });
    const sku = await makeSku(0);
    const ask = async () => {
      const before = statements.length;
      const answer = await shop.call("POST", "/api/v1/reservations", {
        body: { items: [{ sku, quantity: 1 }] },
      });
      expect(answer.status).toBe(409);
      expect(answer.body.error.details).toEqual([{ sku, requested: 1, available: 0 }]);
      const trips = Number(/desc="(\d+)"/.exec(answer.headers.get("Server-Timing") ?? "")?.[1]);
      return { trips, statements: statements.length - before };
    };
    expect((await ask()).trips).toBe(2);
    await travel(1999);
    expect(await ask()).toEqual({ trips: 0, statements: 0 });
    await travel(1);
    expect((await ask()).trips).toBe(2);
  });

  it("is sold two seconds after it comes back in another isolate, at the latest", async () => {
    const shop = shopOver(env.DB, { now: () => Date.now() });
    const sku = await makeSku(1);
    const { body } = await reserve([{ sku, quantity: 1 }]);
    const ask = () =>
      shop.call("POST", "/api/v1/reservations", { body: { items: [{ sku, quantity: 1 }] } });
    expect((await ask()).status).toBe(409);
    await call("DELETE", `/api/v1/reservations/${body.data.id}`);
    await travel(2000);
    expect((await ask()).status).toBe(201);
  });

  it("is sold at once when it comes back in this one", async () => {
    const sku = await makeSku(1);
    const { body } = await reserve([{ sku, quantity: 1 }]);
    expect((await reserve([{ sku, quantity: 1 }])).status).toBe(409);
    await call("DELETE", `/api/v1/reservations/${body.data.id}`);
    expect((await reserve([{ sku, quantity: 1 }])).status).toBe(201);
    expect((await reserve([{ sku, quantity: 1 }])).status).toBe(409);
    const received = { kind: "receive", quantity: 1, reason: "Delivery" };
    await asAdmin("POST", `/api/v1/inventory/${sku}/movements`, { body: received });
    expect((await reserve([{ sku, quantity: 1 }])).status).toBe(201);
  });

  it("does not hide what is only short", async () => {
    const sku = await makeSku(2);
    expect((await reserve([{ sku, quantity: 3 }])).status).toBe(409);
    expect((await reserve([{ sku, quantity: 2 }])).status).toBe(201);
  });
});
