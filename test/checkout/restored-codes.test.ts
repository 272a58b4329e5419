import { describe, expect, it } from "vitest";
import { refund } from "../support/after-sale.ts";
import { discount, HALF, makeDiscount } from "../support/discounts.ts";
import { mailTo } from "../support/mailbox.ts";
import { purgeAllOrders } from "../support/purged.ts";
import { nextRun, run } from "../support/reconcile.ts";
import { buy, calls, OPERATORS, replayFailed, takeMoment } from "../support/restore.ts";
import { checkOut, level, makeSku, order } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const usd = (amount: number) => ({ amount, currency: "USD" });

/** A product of one variant, nine of it on the shelf. */
async function oneProduct(amount: number) {
  const sku = await makeSku(9, { amount, currency: "USD" });
  const [variant] = await rows<{ id: string }>(
    "SELECT product_id AS id FROM variants WHERE sku = ?",
    sku,
  );
  return { sku, id: `${variant?.id}` };
}

/** An order of two products, by a code of half for the first: 500 cents were paid for that, and 1000 for the other. */
async function loseOrder() {
  const [mug, cake] = [await oneProduct(1000), await oneProduct(1000)];
  await run();
  const toBeforeTheCode = await takeMoment();
  const code = await makeDiscount({ ...HALF, products: [mug.id] });
  const toBeforeTheOrder = await takeMoment();
  const items = [mug, cake].map(({ sku }) => ({ sku, quantity: 1 }));
  const lost = await buy(mug.sku, { items, discountCode: code.code });
  return { mug, cake, code, lost, toBeforeTheCode, toBeforeTheOrder };
}

type Lost = Awaited<ReturnType<typeof loseOrder>>;

/** What goes back for one of each, in cents. */
async function goesBack({ lost, mug, cake }: Lost): Promise<number[]> {
  const amounts: number[] = [];
  for (const { sku } of [mug, cake]) {
    const { text, body } = await refund(lost, { items: [{ sku, quantity: 1, restock: "cancel" }] });
    amounts.push(body.data?.amount.amount ?? text);
  }
  return amounts;
}

describe("An order by a code for some products that was lost by a restore", () => {
  it("is written again with it, and each unit is refunded by what was paid for it", async () => {
    const story = await loseOrder();
    const { mug, cake, code, lost } = story;
    const { discountCode, discount: off, total } = await order(lost);
    await story.toBeforeTheOrder();
    expect(await nextRun()).toMatchObject({ missing: 1, orphans: 0 });
    expect(await order(lost)).toMatchObject({ status: "paid", discountCode, discount: off, total });
    expect((await discount(code)).uses).toBe(1);
    for (const { sku } of [mug, cake]) expect(await level(sku)).toMatchObject({ onHand: 8 });
    expect(await calls()).toEqual(["Orders were written again from their payments"]);
    expect(await goesBack(story)).toEqual([500, 1000]);
  });

  it("is refunded by what was paid for each unit where its code is not there any more", async () => {
    const story = await loseOrder();
    await story.toBeforeTheCode();
    await nextRun();
    const { status, discountCode } = await order(story.lost);
    expect([status, discountCode]).toEqual(["paid", story.code.code]);
    expect(await goesBack(story)).toEqual([500, 1000]);
  });

  it.each([
    ["is for other products", 1, ({ cake }: Lost) => ({ products: [cake.id] })],
    ["is for everything", 1, () => ({})],
    ["is of another currency", 0, () => ({ minimum: { amount: 1, currency: "EUR" } })],
    ["asks for more", 0, ({ mug }: Lost) => ({ products: [mug.id], minimum: usd(1001) })],
  ])(
    "is refunded by what was paid for each unit where its code %s by now",
    async (_, uses, now) => {
      const story = await loseOrder();
      await story.toBeforeTheCode();
      const again = await makeDiscount({ ...HALF, ...now(story), code: story.code.code });
      await nextRun();
      expect(await order(story.lost)).toMatchObject({ status: "paid", discount: usd(500) });
      expect((await discount(again)).uses).toBe(uses);
      expect(await goesBack(story)).toEqual([500, 1000]);
    },
  );
});

describe("An order by a code for some products whose money comes after it was purged", () => {
  it("is written again with it", async () => {
    const [mug, cake] = [await oneProduct(1000), await oneProduct(1000)];
    const { code: discountCode } = await makeDiscount({ ...HALF, products: [mug.id] });
    const items = [mug, cake].map(({ sku }) => ({ sku, quantity: 1 }));
    const late = (await checkOut({ items, discountCode })).body.data;
    await purgeAllOrders();
    await stripe.pay(late.paymentUrl); // at a page that should have been closed
    await deliverAll();
    await settle();
    expect(await order(late)).toMatchObject({ status: "paid", discountCode, total: usd(1500) });
  });
});

describe("An order that the database refuses by a word that nobody has foreseen", () => {
  it("calls a person to its payment, and is written once they have seen to it", async () => {
    const sku = await makeSku(2);
    await run();
    const putBack = await takeMoment();
    const lost = await buy(sku);
    await putBack();
    await rows(
      "CREATE TRIGGER unforeseen BEFORE INSERT ON order_lines BEGIN SELECT RAISE(ABORT, 'a new rule'); END",
    );
    await nextRun();
    const [mail] = await mailTo(OPERATORS);
    expect(mail?.subject).toBe("A payment of $25.00 has no order");
    expect(mail?.text).toContain('the database refuses it, by "a new rule"');
    await rows("DROP TRIGGER unforeseen");
    await replayFailed();
    expect((await order(lost)).status).toBe("paid");
  });
});
