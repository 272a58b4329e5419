import { asAdmin, type Person } from "./people.ts";
import { checkOut, checkOutAs, makeSku } from "./shop.ts";
import { deliverAll, stripe } from "./stripe.ts";
import { rows, settle } from "./world.ts";

export const ADDRESS = {
  name: "Łukasz Ærø",
  line1: "Quince Lane 17",
  city: "Pomeloville",
  postalCode: "10115",
  country: "DE",
};

export interface Purchase {
  readonly orderId: string;
  readonly orderToken?: string;
  readonly sku: string;
  readonly paymentUrl: string;
}

/** An order that waits for its money: of a guest, or of somebody. */
export async function orderFor(
  body: object,
  buyer?: Pick<Person, "accessToken">,
  currency = "USD",
): Promise<Purchase> {
  const sku = await makeSku(5, { amount: 2500, currency });
  const input = { items: [{ sku, quantity: 1 }], shippingAddress: ADDRESS, ...body };
  const answer = await (buyer === undefined ? checkOut(input) : checkOutAs(buyer, input));
  if (answer.status !== 201) throw new Error(answer.text);
  return { sku, ...answer.body.data };
}

/** The same, paid. */
export async function purchase(
  body: object,
  buyer?: Pick<Person, "accessToken">,
  currency?: string,
): Promise<Purchase> {
  const order = await orderFor(body, buyer, currency);
  await stripe.pay(order.paymentUrl);
  await deliverAll();
  await settle();
  return order;
}

export async function findCustomers(q: string) {
  await settle(); // the index hears of everybody later than the shop
  return (await asAdmin("GET", `/api/v1/customers?q=${encodeURIComponent(q)}`)).body.data;
}

/** Whoever has this address, as the shop knows them by now; undefined for nobody. */
export async function customerOf(email: string) {
  const [row] = await rows<{ id: string }>("SELECT id FROM customers WHERE email = ?", email);
  if (row === undefined) return undefined;
  return (await asAdmin("GET", `/api/v1/customers/${row.id}`)).body.data;
}

/** What the shop calls whoever has this address. */
export async function customerId(email: string): Promise<string> {
  const [row] = await rows<{ id: string }>("SELECT id FROM customers WHERE email = ?", email);
  if (row === undefined) throw new Error(`Nobody has ${email}`);
  return row.id;
}
