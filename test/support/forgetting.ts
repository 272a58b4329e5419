import { fulfill, refund } from "./after-sale.ts";
import { ADDRESS, customerId, type Purchase, purchase } from "./customers.ts";
import { mailedToken } from "./mailbox.ts";
import { arrive } from "./money-back.ts";
import { as, asAdmin, PASSWORD, type Person, registerPerson, verifyAs } from "./people.ts";
import { rows, settle } from "./world.ts";

/** Whoever is deleted, and where their parcels go. */
export const ADA = "ada@example.com";
export const NAME = "Quentin Featherstonehaugh";
export const WHERE = { ...ADDRESS, name: NAME, line2: "Rear Mews", region: "Berlin" };

/** When what has no index by person is looked through. */
export const FIVE_MINUTES = "*/5 * * * *";

export const deleteMe = (
  person: Pick<Person, "accessToken">,
  body: object = { currentPassword: PASSWORD },
) => as(person, "DELETE", "/api/v1/me", { body });

export const forget = async (email: string) =>
  asAdmin("DELETE", `/api/v1/customers/${await customerId(email)}`);

/** Bought, sent, partly refunded with a word of why, and settled. */
export async function boughtAndSent(body: object, buyer?: Person): Promise<Purchase> {
  const order = await purchase({ shippingAddress: WHERE, ...body }, buyer);
  await fulfill(order, { carrier: "DHL", trackingNumber: "TRACK-771" });
  await refund(order, { amount: { amount: 300, currency: "USD" }, reason: `${NAME} called` });
  await settle();
  await arrive();
  return order;
}

/** Somebody who has registered an address and proved to be at it. */
export async function registerVerified(email: string): Promise<Person> {
  const person = await registerPerson(email);
  await verifyAs(person, await mailedToken(email, "/verify-email"));
  return person;
}

/** An order of which the shop has heard of no money until its time was over. */
export async function leftUnpaid({ orderId }: Purchase): Promise<void> {
  for (const sql of [
    "UPDATE reservations SET expires_at = 1 WHERE order_id = ?",
    "UPDATE orders SET status = 'expired', version = version + 1, updated_at = 1 WHERE id = ?",
    "INSERT INTO order_events (order_id, seq, type, data, actor, created_at) VALUES (?, 2, 'order.expired', '{}', 'system', 1)",
    "UPDATE reservations SET status = 'expired', ended_at = 2 WHERE order_id = ?",
    "UPDATE payments SET status = 'expired' WHERE order_id = ?",
  ])
    await rows(sql, orderId);
}
