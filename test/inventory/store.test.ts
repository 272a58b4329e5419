import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { extendReservation, unclaimReservation } from "../../src/inventory/holds/store.ts";
import { Database } from "../../src/platform/db.ts";
import { call } from "../support/http.ts";
import { asHolder, makeSku, reserve, toPaymentPage } from "../support/shop.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const DAY_MS = 24 * 60 * 60_000;

async function hold(id: string) {
  const [row] = await rows<{ expires_at: number; order_id: string | null }>(
    "SELECT expires_at, order_id FROM reservations WHERE id = ?",
    id,
  );
  return row;
}

const run = (statement: Parameters<Database["run"]>[0]) => new Database(env.DB).run(statement);

describe("A hold", () => {
  it("lasts longer when it is told to, and never less long", async () => {
    const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
    const { id, expiresAt } = body.data;
    const later = Date.now() + DAY_MS;
    await run(extendReservation(id, later));
    expect(await hold(id)).toMatchObject({ expires_at: later });
    await run(extendReservation(id, later - 1));
    expect(await hold(id)).toMatchObject({ expires_at: later });
    const before = Date.parse(expiresAt);
    await rows("UPDATE reservations SET expires_at = ? WHERE id = ?", before, id);
  });

  it("that has ended does not last any longer", async () => {
    const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
    const { id, expiresAt } = body.data;
    await call("DELETE", `/api/v1/reservations/${id}`);
    await run(extendReservation(id, Date.now() + DAY_MS));
    expect(await hold(id)).toMatchObject({ expires_at: Date.parse(expiresAt) });
  });

  it("is left to another order while it is alive, and stays its order's once it has ended", async () => {
    const one = await toPaymentPage();
    const other = await toPaymentPage();
    expect((await asHolder("DELETE", other.reservationId)).status).toBe(204);
    await run(unclaimReservation(other.reservationId));
    expect(await hold(other.reservationId)).toMatchObject({ order_id: other.orderId });
    expect(await hold(one.reservationId)).toMatchObject({ order_id: one.orderId });
    await run(unclaimReservation(one.reservationId));
    expect(await hold(one.reservationId)).toMatchObject({ order_id: null });
    await rows("UPDATE reservations SET order_id = ? WHERE id = ?", one.orderId, one.reservationId);
  });
});
