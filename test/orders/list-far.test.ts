import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOOKED_AT } from "../../src/orders/listing/store.ts";
import { renewShop } from "../support/empty-shop.ts";
import { manyOrders } from "../support/many-orders.ts";
import { recordingDatabase, shopOver } from "../support/rig.ts";

beforeAll(renewShop);
afterAll(renewShop);

describe("A list by filters that no index has together", () => {
  const recording = recordingDatabase();
  const shop = shopOver(recording.database);

  async function totalOf(query: string): Promise<{ total: number; capped: boolean }> {
    const { body } = await shop.asAdmin("GET", `/api/v1/orders?${query}&include=total&pageSize=1`);
    const { total, totalCapped: capped = false } = body.meta;
    return { total, capped };
  }

  it("looks at so many and goes on there, and finds what is far back all the same", async () => {
    await manyOrders(1, 3 * LOOKED_AT + 10);
    for (const filter of [
      "sku=SKU&paymentStatus=processing",
      "sku=SKU&paymentStatus=processing&from=1970-01-01",
      "status=pending_payment&paymentStatus=processing&number=2001",
    ]) {
      recording.statements.length = 0;
      const pages: number[] = [];
      let cursor = "";
      let last: string[] = [];
      do {
        const { body } = await shop.asAdmin("GET", `/api/v1/orders?${filter}${cursor}`);
        last = body.data.map(({ id }: { id: string }) => id);
        pages.push(last.length);
        cursor = body.meta.nextCursor === null ? "" : `&cursor=${body.meta.nextCursor}`;
      } while (cursor !== "");
      expect([filter, last]).toEqual([filter, ["ord_000001"]]);
      expect(pages.slice(0, -1).every((found) => found === 0)).toBe(true);
      expect(Math.max(...recording.statements.map(({ rowsRead }) => rowsRead))).toBeLessThan(
        5 * LOOKED_AT + 100,
      );
      if (filter.startsWith("sku")) expect(pages).toHaveLength(4);
    }
    const { total, capped } = await totalOf("sku=SKU&paymentStatus=processing");
    expect([total, capped]).toEqual([1, false]);
  });

  it("reads no more than it shows where what it looks at fits", async () => {
    recording.statements.length = 0;
    const path = "/api/v1/orders?sku=SKU&paymentStatus=unpaid&pageSize=5";
    const { body } = await shop.asAdmin("GET", path);
    expect(body.data.map(({ number }: { number: number }) => number)).toEqual(
      Array.from({ length: 5 }, (_, i) => 2000 + 3 * LOOKED_AT + 10 - i),
    );
    expect(Math.max(...recording.statements.map(({ rowsRead }) => rowsRead))).toBeLessThan(100);
  });

  it("goes on where a page was full", async () => {
    const path = "/api/v1/orders?sku=SKU&paymentStatus=unpaid&pageSize=2";
    const first = await shop.asAdmin("GET", path);
    const { body } = await shop.asAdmin("GET", `${path}&cursor=${first.body.meta.nextCursor}`);
    const numbers = [...first.body.data, ...body.data].map(({ number }) => number);
    const newest = 2000 + 3 * LOOKED_AT + 10;
    expect(numbers).toEqual([newest, newest - 1, newest - 2, newest - 3]);
  });

  it("counts as far as it says, and says so", async () => {
    await manyOrders(3 * LOOKED_AT + 11, 10_001);
    const all = await totalOf("sku=SKU&paymentStatus=processing");
    expect([all.total, all.capped]).toEqual([1, true]);
    const sold = await totalOf("sku=SKU");
    expect([sold.total, sold.capped]).toEqual([10_000, true]);
  });
});
