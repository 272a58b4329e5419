import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { makeMember } from "../support/credentials.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { type Answer, type Call, call } from "../support/http.ts";
import { as, asAdmin } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import { asHolder, checkOut, level, makeSku, reserve, reserveAs } from "../support/shop.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

type Items = readonly { readonly sku: string; readonly quantity: number }[];

const MINUTE_MS = 60_000;
const USD = { amount: 2500, currency: "USD" };
const of = (sku: string, quantity = 1) => ({ sku, quantity });
const path = (id: string) => `/api/v1/reservations/${id}`;
const change = (id: string, items: Items, options: Call = {}) =>
  call("PATCH", path(id), { ...options, body: { items } });
const ENDED = {
  code: "RESERVATION_EXPIRED",
  message: "The reservation has ended. Reserve again to go on.",
};
const NOT_THERE = { code: "NOT_FOUND", message: "There is no such reservation." };
const CLAIMED = {
  code: "INVALID_TRANSITION",
  message: "This reservation has an order, so it cannot be changed any more.",
};

async function hold(items: Items): Promise<{ id: string; expiresAt: string }> {
  const answer = await reserve(items);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.data;
}

const reserved = async (...skus: string[]) =>
  Promise.all(skus.map(async (sku) => (await level(sku)).reserved));

const movements = (id: string) =>
  rows<{ kind: string; quantity: number }>(
    "SELECT sku, kind, reserved_delta AS quantity, created_at AS at FROM stock_movements WHERE reservation_id = ? ORDER BY seq",
    id,
  );

const pricesOf = (id: string) =>
  rows(
    "SELECT sku, quantity, unit_amount AS amount FROM reservation_lines WHERE reservation_id = ? ORDER BY sku",
    id,
  );

describe("A hold can be made one of other items", () => {
  it("which are all that it has then, until the same moment as before", async () => {
    const [kept, gone, less, taken] = [
      await makeSku(9),
      await makeSku(9),
      await makeSku(9),
      await makeSku(9),
    ];
    const { id, expiresAt } = await hold([of(kept), of(gone, 2), of(less, 3)]);
    await travel(5 * MINUTE_MS);
    const { status, body } = await change(id, [of(kept), of(less), of(taken, 4)]);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ id, status: "held", expiresAt, orderId: null });
    expect(body.data.items).toHaveLength(3);
    expect(body.data.items).toEqual(expect.arrayContaining([of(kept), of(less), of(taken, 4)]));
    expect((await asHolder("GET", id)).body.data).toEqual(body.data);
    expect(await reserved(kept, gone, less, taken)).toEqual([1, 0, 1, 4]);
  });

  it("with a row of the ledger for all that it gives back and takes, at the moment of the change", async () => {
    const [one, two] = [await makeSku(9), await makeSku(9)];
    const { id } = await hold([of(one, 2)]);
    await travel(MINUTE_MS);
    await change(id, [of(one, 5), of(two)]);
    await change(id, [of(one)]);
    const at = Date.now();
    expect((await movements(id)).slice(1)).toEqual([
      { sku: one, kind: "release", quantity: -2, at },
      { sku: one, kind: "reserve", quantity: 5, at },
      { sku: two, kind: "reserve", quantity: 1, at },
      { sku: two, kind: "release", quantity: -1, at },
      { sku: one, kind: "release", quantity: -4, at },
    ]);
  });

  it("twice alike, and nothing moves the second time", async () => {
    const sku = await makeSku(9);
    const { id } = await hold([of(sku)]);
    await change(id, [of(sku, 2), of(sku)]);
    const before = await movements(id);
    const again = await change(id, [of(sku, 3)]);
    expect([again.status, again.body.data.items]).toEqual([200, [of(sku, 3)]]);
    expect(await movements(id)).toEqual(before);
  });

  it("and keeps the price of what no more is asked of, while more is had for what it costs by then", async () => {
    const [same, less, more] = [await makeSku(9), await makeSku(9), await makeSku(9)].sort();
    const { id } = await hold([of(String(same)), of(String(less), 2), of(String(more))]);
    await rows("UPDATE variants SET amount = 9900");
    await change(id, [of(String(same)), of(String(less)), of(String(more), 2)]);
    expect(await pricesOf(id)).toEqual([
      { sku: same, quantity: 1, amount: 2500 },
      { sku: less, quantity: 1, amount: 2500 },
      { sku: more, quantity: 2, amount: 9900 },
    ]);
  });

  it("and its order is one of these", async () => {
    const [one, two] = [await makeSku(9), await makeSku(9)];
    const { id } = await hold([of(one)]);
    await change(id, [of(two, 2)]);
    const { body } = await checkOut({ reservationId: id });
    expect(body.data.total).toEqual({ amount: 5000, currency: "USD" });
    expect(await reserved(one, two)).toEqual([0, 2]);
  });

  it("and what it has given back is there for others, and comes back when it ends", async () => {
    const sku = await makeSku(3);
    const { id } = await hold([of(sku, 3)]);
    expect((await reserve([of(sku)])).status).toBe(409);
    await change(id, [of(sku, 2)]);
    expect((await reserve([of(sku)])).status).toBe(201);
    await travel(16 * MINUTE_MS);
    await cron();
    expect(await reserved(sku)).toEqual([0]);
  });
});

describe("When it cannot be changed, a hold keeps what it had", () => {
  async function keeps(id: string, items: Items, answer: Promise<Answer>): Promise<Answer> {
    const ledger = await movements(id);
    const refused = await answer;
    expect((await asHolder("GET", id)).body.data.items).toEqual(items);
    expect(await movements(id)).toEqual(ledger);
    return refused;
  }

  it("where there is not enough, and hears how much it could have", async () => {
    const [few, other] = [await makeSku(5), await makeSku(5)];
    await hold([of(few, 2)]);
    const { id } = await hold([of(few, 2)]);
    const refused = await keeps(id, [of(few, 2)], change(id, [of(other), of(few, 4)]));
    expectError(refused, 409, {
      code: "INSUFFICIENT_STOCK",
      message: "There is not enough left of what you asked for.",
      details: [{ sku: few, requested: 4, available: 3 }],
    });
    expect(await reserved(other)).toEqual([0]);
    expect((await change(id, [of(few, 3)])).status).toBe(200);
  });

  it("where something is not sold, or not at that moment", async () => {
    const [sku, early, over] = [await makeSku(5), await makeSku(5), await makeSku(5)];
    const { id } = await hold([of(sku)]);
    const unknown = await keeps(id, [of(sku)], change(id, [of(sku), of("NOWHERE")]));
    expectError(unknown, 422, invalid({ "items[1].sku": "Is not for sale." }));
    const soon = Date.now() + MINUTE_MS;
    await rows("UPDATE products SET opens_at = ? WHERE title LIKE ?", soon, `%${early}`);
    await rows("UPDATE products SET closes_at = ? WHERE title LIKE ?", soon, `%${over}`);
    expect((await keeps(id, [of(sku)], change(id, [of(early)]))).body.error.code).toBe(
      "NOT_ON_SALE",
    );
    expect((await change(id, [of(over)])).status).toBe(200);
    await travel(2 * MINUTE_MS);
    expect((await keeps(id, [of(over)], change(id, [of(over, 2)]))).body.error.code).toBe(
      "NOT_ON_SALE",
    );
    expect((await change(id, [of(over), of(early)])).status).toBe(200);
  });

  it("where it would be more than an order, or a customer, may have", async () => {
    const sku = await makeSku(50, USD, { maxPerCustomer: 5 });
    const few = await makeSku(50, USD, { maxPerOrder: 4 });
    const buyer = await makeMember();
    const other = await makeSku(5);
    await reserveAs(buyer, [of(sku, 2)]);
    const { id } = (await reserveAs(buyer, [of(other), of(sku)])).body.data;
    const ask = (quantity: number, what = sku) =>
      as(buyer, "PATCH", path(id), { body: { items: [of(what, quantity)] } });
    expect((await ask(5, few)).body.error).toMatchObject({
      code: "BUSINESS_RULE_VIOLATION",
      details: [{ sku: few, limit: 4, held: 0 }],
    });
    expect((await ask(4)).body.error).toMatchObject({
      code: "BUSINESS_RULE_VIOLATION",
      details: [{ sku, limit: 5, held: 2 }],
    });
    expect((await ask(3)).status).toBe(200);
    expect(await reserved(sku, other)).toEqual([5, 0]);
  });

  it("while the shop is closed", async () => {
    const sku = await makeSku(5);
    const { id } = await hold([of(sku)]);
    const { config } = servicesOf(env);
    const closed = shopOver(env.DB, { config: { ...config, ordersFrom: null } });
    const answer = await closed.call("PATCH", path(id), { body: { items: [of(sku, 2)] } });
    expect([answer.status, answer.body.error.code]).toEqual([503, "UNAVAILABLE"]);
    expect(await reserved(sku)).toEqual([1]);
  });

  it("once its time is over, swept or not, or it was given back", async () => {
    const sku = await makeSku(5);
    const [late, given] = [await hold([of(sku)]), await hold([of(sku)])];
    await asHolder("DELETE", given.id);
    expectError(await change(given.id, [of(sku, 2)]), 410, ENDED);
    await travel(15 * MINUTE_MS);
    expectError(await change(late.id, [of(sku, 2)]), 410, ENDED);
    await cron();
    expectError(await change(late.id, [of(sku, 2)]), 410, ENDED);
    expect(await reserved(sku)).toEqual([0]);
  });

  it("once it has an order, which is told to whom the order is open alone", async () => {
    const sku = await makeSku(5);
    const { id } = await hold([of(sku)]);
    const { orderToken } = (await checkOut({ reservationId: id })).body.data;
    expectError(await change(id, [of(sku, 2)]), 404, NOT_THERE);
    const headers = { "X-Order-Token": orderToken };
    expectError(await change(id, [of(sku, 2)], { headers }), 409, CLAIMED);
    expect(await reserved(sku)).toEqual([1]);
  });

  it.each([
    ["items", []],
    ["items[0].quantity", [{ sku: "A", quantity: 0 }]],
    ["items[0].quantity", [{ sku: "A", quantity: 1.5 }]],
    ["items[0].price", [{ sku: "A", quantity: 1, price: 1 }]],
  ])("where %s is not right", async (field, items) => {
    const sku = await makeSku(5);
    const { id } = await hold([of(sku)]);
    const answer = await call("PATCH", path(id), { body: { items } });
    expect([answer.status, Object.keys(answer.body.error.fields)]).toEqual([422, [field]]);
  });
});

describe("A hold is changed by its holder alone", () => {
  it("which of an account's is that account", async () => {
    const sku = await makeSku(5);
    const [owner, stranger, agent] = [
      await makeMember(),
      await makeMember(),
      await makeMember("agent"),
    ];
    const { id } = (await reserveAs(owner, [of(sku)])).body.data;
    const body = { items: [of(sku, 2)] };
    expectError(await call("PATCH", path(id), { body }), 404, NOT_THERE);
    for (const other of [stranger, agent])
      expectError(await as(other, "PATCH", path(id), { body }), 404, NOT_THERE);
    expectError(await asAdmin("PATCH", path(id), { body }), 404, NOT_THERE);
    expect(await reserved(sku)).toEqual([1]);
    expect((await as(owner, "PATCH", path(id), { body })).status).toBe(200);
  });

  it("and of a guest's whoever knows its id, and not what staff call it by", async () => {
    const sku = await makeSku(5);
    const { id } = await hold([of(sku)]);
    const [{ ref } = { ref: "" }] = await rows<{ ref: string }>("SELECT ref FROM reservations");
    const body = { items: [of(sku, 2)] };
    expectError(await asAdmin("PATCH", path(ref), { body }), 404, NOT_THERE);
    expectError(await call("PATCH", path("rsv_none"), { body }), 404, NOT_THERE);
    expect((await as(await makeMember(), "PATCH", path(id), { body })).status).toBe(200);
  });
});

describe("Lines of a hold", () => {
  const line = "reservation_lines WHERE reservation_id = ?";
  const REFUSED = "reservation_lines is append-only";

  it("are changed in the hold's time alone, whoever writes", async () => {
    const { id, expiresAt } = await hold([of(await makeSku(5))]);
    const mark = (at: number) =>
      rows("UPDATE reservations SET changed_at = ? WHERE id = ?", at, id);
    await expect(mark(Date.parse(expiresAt))).rejects.toThrow("reservation_expired");
    await mark(Date.parse(expiresAt) - 1);
  });

  it("stay as they are where nobody asked for others", async () => {
    const { id } = await hold([of(await makeSku(5), 2)]);
    await expect(rows(`DELETE FROM ${line}`, id)).rejects.toThrow(REFUSED);
    await expect(rows("UPDATE reservation_lines SET quantity = 1")).rejects.toThrow(REFUSED);
  });

  it("become less and nothing else, as long as they are held and no order has them", async () => {
    const sku = await makeSku(9);
    const { id } = await hold([of(sku, 3)]);
    await change(id, [of(sku, 2)]);
    for (const set of [
      ...["quantity = 3", "quantity = 2", "quantity = 1, sku = 'X'", "quantity = 1, title = 'X'"],
      ...["quantity = 1, unit_amount = 1", "quantity = 1, variant_title = 'X'"],
      ...["quantity = 1, currency = 'EUR'", "quantity = 1, requires_shipping = 0"],
      "quantity = 1, reservation_id = 'rsv_x'",
    ])
      await expect(rows(`UPDATE reservation_lines SET ${set}`), set).rejects.toThrow(REFUSED);
    await checkOut({ reservationId: id });
    await expect(rows("UPDATE reservation_lines SET quantity = 1")).rejects.toThrow(REFUSED);
    await expect(rows(`DELETE FROM ${line}`, id)).rejects.toThrow(REFUSED);
    const ended = await hold([of(sku, 2)]);
    await change(ended.id, [of(sku, 3)]);
    await asHolder("DELETE", ended.id);
    const less = "UPDATE reservation_lines SET quantity = 1 WHERE reservation_id = ?";
    await expect(rows(less, ended.id)).rejects.toThrow(REFUSED);
    await expect(rows(`DELETE FROM ${line}`, ended.id)).rejects.toThrow(REFUSED);
  });
});

describe("At once with something else, a hold is one thing or the other", () => {
  it("with another change: it has what one of them asked for", async () => {
    const [one, two] = [await makeSku(5), await makeSku(5)];
    const { id } = await hold([of(one)]);
    const answers = await Promise.all([change(id, [of(one, 5)]), change(id, [of(two, 5)])]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const { items } = (await asHolder("GET", id)).body.data;
    expect([[of(one, 5)], [of(two, 5)]]).toContainEqual(items);
    expect((await reserved(one, two)).sort()).toEqual([0, 5]);
  });

  it("with changes of other holds that want the same goods: never more than there are", async () => {
    const [sku, other] = [await makeSku(10), await makeSku(50)];
    const holds = await Promise.all(Array.from({ length: 8 }, () => hold([of(other), of(sku)])));
    const answers = await Promise.all(holds.map(({ id }) => change(id, [of(sku, 2)])));
    const won = answers.filter(({ status }) => status === 200).length;
    expect(won).toBe(2);
    expect(await reserved(sku, other)).toEqual([10, 6]);
  });

  it("with the checkout: its order is of what it has", async () => {
    for (let round = 0; round < 4; round += 1) {
      const [one, two] = [await makeSku(5), await makeSku(5)];
      const { id } = await hold([of(one)]);
      const [changed, ordered] = await Promise.all([
        change(id, [of(two, 2)]),
        checkOut({ reservationId: id }),
      ]);
      expect(ordered.status).toBe(201);
      expect([200, 404]).toContain(changed.status);
      const amount = changed.status === 200 ? 5000 : 2500;
      expect(ordered.body.data.total.amount).toBe(amount);
      expect(await reserved(one, two)).toEqual(changed.status === 200 ? [0, 2] : [1, 0]);
    }
  });

  it("with its end, given back or over: nothing is left of it", async () => {
    const [one, two] = [await makeSku(5), await makeSku(5)];
    const first = await hold([of(one)]);
    const [changed, released] = await Promise.all([
      change(first.id, [of(two)]),
      asHolder("DELETE", first.id),
    ]);
    expect(released.status).toBe(204);
    expect([200, 410]).toContain(changed.status);
    expect(await reserved(one, two)).toEqual([0, 0]);
    const second = await hold([of(one)]);
    await travel(15 * MINUTE_MS);
    const [late] = await Promise.all([change(second.id, [of(two)]), cron()]);
    expectError(late, 410, ENDED);
    expect(await reserved(one, two)).toEqual([0, 0]);
  });
});
