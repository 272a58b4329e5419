import { describe, expect, it } from "vitest";
import { walkOf } from "../../src/orders/listing/walk.ts";
import { cancel, fulfill, sell } from "../support/after-sale.ts";
import { invalid } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { as, asAdmin, personWithRole } from "../support/people.ts";
import { checkOutAs, makeSku, toPaymentPage } from "../support/shop.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const ONE = [{ amount: 2500, quantity: 1 }];
const DAY_MS = 24 * 60 * 60_000;

interface Listed {
  readonly ids: string[];
  readonly next: string | null;
  readonly total: number | undefined;
  readonly capped: boolean;
}

async function list(query: string): Promise<Listed> {
  const { status, text, body } = await asAdmin("GET", `/api/v1/orders?${query}`);
  if (status !== 200) throw new Error(text);
  const { nextCursor, total, totalCapped = false } = body.meta;
  const ids = body.data.map(({ id }: { id: string }) => id);
  return { ids, next: nextCursor, total, capped: totalCapped };
}

const idsOf = async (query: string) => (await list(query)).ids;
const callFor = (orderId: string, reason: string) =>
  rows(
    "UPDATE orders SET attention_reason = ?, attention_since = 1 WHERE id = ?",
    ...[reason, orderId],
  );

async function rowOf({ orderId }: { readonly orderId: string }) {
  const [row] = await rows<{ number: number; createdAt: number }>(
    "SELECT number, created_at AS createdAt FROM orders WHERE id = ?",
    orderId,
  );
  if (row === undefined) throw new Error("There is no such order.");
  return row;
}

/** An order of today that is sent, one that calls a person, and one of tomorrow that waits. */
async function three() {
  const sent = await sell(ONE);
  await fulfill(sent);
  await travel(1000); // of one millisecond, nobody knows which comes first
  const calling = await sell([...ONE, ...ONE]);
  await callFor(calling.orderId, "dispute");
  await travel(DAY_MS);
  const waiting = await toPaymentPage();
  return { sent, calling, waiting };
}

describe("Staff list orders", () => {
  it("by each filter, and by all of them together", async () => {
    const { sent, calling, waiting } = await three();
    const { number, createdAt } = await rowOf(sent);
    const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    const today = dayOf(createdAt);
    const tomorrow = dayOf((await rowOf(calling)).createdAt + DAY_MS); // midnight may be between the two
    const answers: [string, { readonly orderId: string }[]][] = [
      ["", [waiting, calling, sent]],
      [`number=${number}`, [sent]],
      ["number=999999", []],
      ["attention=any", [calling]],
      ["attention=dispute", [calling]],
      ["attention=refund_failed", []],
      [`sku=${calling.skus[1]}`, [calling]],
      [`sku=${String(sent.skus[0]).toLowerCase()}`, [sent]],
      ["sku=NONE", []],
      [`to=${tomorrow}`, [calling, sent]],
      [`from=${tomorrow}`, [waiting]],
      [`from=${today}&to=${tomorrow}`, [calling, sent]],
      ["email=ada@example.com&status=paid", [calling, sent]],
      ["status=paid&fulfillmentStatus=fulfilled", [sent]],
      ["status=paid&attention=any&fulfillmentStatus=unfulfilled", [calling]],
      [`sku=${sent.skus[0]}&paymentStatus=paid&status=paid&number=${number}`, [sent]],
      [`sku=${sent.skus[0]}&fulfillmentStatus=unfulfilled`, []],
      [`number=${number}&email=other@example.com`, []],
      [`number=${number}&from=${tomorrow}`, []],
      [`attention=any&sku=${sent.skus[0]}`, []],
      [`attention=any&sku=${calling.skus[0]}&to=${tomorrow}&email=ADA@example.com`, [calling]],
      [`sku=${sent.skus[0]}&paymentStatus=refunded`, []],
      ["status=canceled&paymentStatus=paid", []],
    ];
    for (const [query, expected] of answers) {
      const ids = expected.map(({ orderId }) => orderId);
      expect([query, await idsOf(query)]).toEqual([query, ids]);
      const { total, capped } = await list(`${query}&include=total&pageSize=1`);
      expect([query, total, capped]).toEqual([query, ids.length, false]);
    }
  });

  it("from a moment on, and up to another that is not in it", async () => {
    const at = await sell(ONE);
    const { createdAt } = await rowOf(at);
    const moment = (ms: number) => encodeURIComponent(new Date(ms).toISOString());
    const berlin = new Date(createdAt + 2 * 60 * 60_000).toISOString().replace("Z", "+02:00");
    expect(await idsOf(`from=${moment(createdAt)}&to=${moment(createdAt + 1)}`)).toHaveLength(1);
    expect(await idsOf(`from=${encodeURIComponent(berlin)}`)).toHaveLength(1);
    expect(await idsOf(`from=${moment(createdAt + 1)}`)).toEqual([]);
    expect(await idsOf(`to=${moment(createdAt)}`)).toEqual([]);
    expect(await idsOf(`status=paid&to=${moment(createdAt)}`)).toEqual([]);
    expect(await idsOf(`sku=${at.skus[0]}&from=${moment(createdAt + 1)}`)).toEqual([]);
  });

  it("page by page, each once, by whatever filter", async () => {
    const sku = await makeSku(20);
    const person = await personWithRole("customer");
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      const { body } = await checkOutAs(person, { items: [{ sku, quantity: 1 }] });
      made.push(body.data.orderId);
    }
    await rows("UPDATE orders SET attention_reason = 'dispute', attention_since = 1");
    const filters = ["", `sku=${sku}`, "attention=any", `sku=${sku}&status=pending_payment`];
    for (const filter of filters) {
      const seen: string[] = [];
      let next: string | null = "";
      while (next !== null) {
        const page: Listed = await list(`${filter}&pageSize=2${next && `&cursor=${next}`}`);
        seen.push(...page.ids);
        next = page.next;
      }
      expect([filter, seen.toSorted()]).toEqual([filter, made.toSorted()]);
    }
  });

  it("before a time, whatever cursor comes along", async () => {
    const { sent, calling } = await three();
    const { createdAt } = await rowOf(calling); // midnight may be between it and the one before
    const tomorrow = new Date(createdAt + DAY_MS).toISOString().slice(0, 10);
    const newest = btoa(JSON.stringify([createdAt + 9 * DAY_MS, "ord_z"])).replaceAll("=", "");
    expect(await idsOf(`to=${tomorrow}&cursor=${newest}`)).toEqual([calling.orderId, sent.orderId]);
    expect(await idsOf(`to=${tomorrow}&sku=${sent.skus[0]}&cursor=${newest}`)).toEqual([
      sent.orderId,
    ]);
  });

  it("not with what is no filter", async () => {
    const wrong: [string, object][] = [
      ["number=abc", { number: "Must be the number of an order, such as 1042." }],
      ["number=0", { number: "Must be the number of an order, such as 1042." }],
      [
        "from=yesterday",
        { from: "Must be a day (2026-11-20) or a moment (2026-11-20T12:00:00Z)." },
      ],
      ["to=2026-02-30", { to: "Must be a day (2026-11-20) or a moment (2026-11-20T12:00:00Z)." }],
      ["from=2026-01-02&to=2026-01-02", { to: "Must be later than from." }],
    ];
    for (const [query, fields] of wrong) {
      const { status, body } = await asAdmin("GET", `/api/v1/orders?${query}`);
      expect([query, status, body.error.fields]).toEqual([query, 422, fields]);
    }
    for (const query of ["attention=tired", "sku=a b", "status=sold"])
      expect((await asAdmin("GET", `/api/v1/orders?${query}`)).status).toBe(422);
    expect(invalid({}).code).toBe("VALIDATION_FAILED");
  });
});

describe("A customer lists orders", () => {
  it("of their account alone, whatever they ask for", async () => {
    const { sent, calling } = await three();
    const customer = await personWithRole("customer");
    const own = await checkOutAs(customer, { items: [{ sku: await makeSku(5), quantity: 1 }] });
    const { number } = await rowOf(sent);
    const queries = [
      ...["", `number=${number}`, `sku=${sent.skus[0]}`, "attention=any", "email=ada@example.com"],
      ...["status=paid", "from=2000-01-01", `sku=${calling.skus[0]}&status=paid&attention=dispute`],
    ];
    for (const query of queries) {
      const path = `/api/v1/orders?${query}&include=total`;
      const { body } = await as(customer, "GET", path);
      const expected = query === "" || query.startsWith("from") ? [own.body.data.orderId] : [];
      expect([query, body.data.map(({ id }: { id: string }) => id)]).toEqual([query, expected]);
      expect(body.meta.total).toBe(expected.length);
    }
    expect((await call("GET", `/api/v1/orders?number=${number}`)).status).toBe(401);
  });
});

describe("The walk", () => {
  it("goes by the index of the fewest", () => {
    const by = (filter: Parameters<typeof walkOf>[0]) => {
      const { by: index, rest, bounded } = walkOf(filter);
      return `${index.join("+")} ${rest.join("+")} ${bounded}`;
    };
    expect(by({})).toBe("  false");
    expect(by({ number: 1, status: "paid", accountId: "acc" })).toBe(
      "number accountId+status false",
    );
    expect(by({ accountId: "acc", email: "a@b.c", sku: "A" })).toBe("accountId email+sku false");
    expect(by({ email: "a@b.c", attention: "any" })).toBe("email calling false");
    expect(by({ attention: "dispute", sku: "A" })).toBe("attention sku true");
    expect(by({ sku: "A", from: 1, to: 2 })).toBe("sku  false");
    expect(by({ status: "paid", paymentStatus: "paid", fulfillmentStatus: "fulfilled" })).toBe(
      "paymentStatus+fulfillmentStatus status true",
    );
    expect(by({ status: "canceled", paymentStatus: "paid" })).toBe("status paymentStatus true");
  });
});

describe("When a line was ordered", () => {
  it("is when its order was made, whoever writes, and for good", async () => {
    const at = await sell(ONE);
    await cancel(at);
    const [line] = await rows(
      "SELECT ordered_at = (SELECT created_at FROM orders) AS same FROM order_lines",
    );
    expect(line).toEqual({ same: 1 });
    const change = rows("UPDATE order_lines SET ordered_at = 1, discounted = 0");
    await expect(change).rejects.toThrow("order_lines is append-only");
    const wrong = rows(
      `INSERT INTO order_lines (order_id, sku, product_id, title, variant_title, quantity, unit_amount, requires_shipping, ordered_at)
       SELECT order_id, ?, product_id, title, variant_title, quantity, unit_amount, 1, ordered_at + 1 FROM order_lines`,
      await makeSku(1),
    );
    await expect(wrong).rejects.toThrow("order_lines.ordered_at");
  });
});
