import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { checkInvariants } from "../../src/audit/index.ts";
import { Database } from "../../src/platform/db.ts";
import { makeMember } from "../support/credentials.ts";
import { emptyShop } from "../support/empty-shop.ts";
import { toPaymentPage } from "../support/shop.ts";
import { useWorld } from "../support/world.ts";
import { BREACHES, twoOrders } from "./breaches.ts";

useWorld();

/** What the invariants find now, by name. */
async function found(): Promise<Record<string, readonly string[]>> {
  const invariants = await checkInvariants(new Database(env.DB), {
    now: Date.now(),
    underWayMs: 0,
  });
  const broken = invariants.filter(({ holds }) => !holds);
  return Object.fromEntries(broken.map(({ name, breaches }) => [name, breaches]));
}

/** Does all of it or none; then the shop is empty again, because what was broken stays so. */
async function expectFound(
  statements: readonly string[],
  rule: string,
  words: string,
): Promise<void> {
  expect(await found()).toEqual({});
  await env.DB.batch(statements.map((sql) => env.DB.prepare(sql)));
  const breaches = await found();
  await emptyShop();
  expect(breaches[rule]).toContainEqual(expect.stringContaining(words));
}

describe("The invariants find", () => {
  it.each(Object.entries(BREACHES))("%s", async (_, { rule, says, statements }) => {
    const orders = await twoOrders();
    await expectFound(statements(orders), rule, says(orders));
  });

  it("an account's hold that counts against somebody else", async () => {
    const { accountId } = await makeMember();
    const { reservationId } = await toPaymentPage(5);
    await expectFound(
      [`UPDATE reservations SET account_id = '${accountId}' WHERE id = '${reservationId}'`],
      "I18",
      `${accountId}: a hold that counts against guest_`,
    );
  });

  it("an account that holds more than one customer may have", async () => {
    const { accountId } = await makeMember();
    const { sku, reservationId: id } = await toPaymentPage(5);
    await expectFound(
      [
        `UPDATE reservations SET account_id = '${accountId}', caller = '${accountId}' WHERE id = '${id}'`,
        "DROP TRIGGER reservation_lines_no_update",
        "DROP TRIGGER reservation_lines_less",
        `UPDATE variants SET max_per_customer = 1 WHERE sku = '${sku}'`,
        `UPDATE reservation_lines SET quantity = 2 WHERE reservation_id = '${id}'`,
      ],
      "I18",
      `${accountId}: holds and has bought 2 of ${sku}, and may 1`,
    );
  });

  it("an order that was made of somebody else's hold", async () => {
    const { accountId } = await makeMember();
    const { orderId, reservationId } = await toPaymentPage(5);
    const take = `UPDATE reservations SET account_id = '${accountId}' WHERE id = '${reservationId}'`;
    await expectFound(
      [take],
      "I12",
      `${orderId}: made of a hold of ${accountId}, belongs to nobody`,
    );
  });
});
