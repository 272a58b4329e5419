import { type Answer, call } from "./http.ts";
import { asAdmin } from "./people.ts";
import { checkOut, mails, makeSku } from "./shop.ts";
import { deliverAll, stripe } from "./stripe.ts";
import { settle } from "./world.ts";

export interface Sold {
  readonly orderId: string;
  readonly orderToken: string;
  readonly paymentUrl: string;
  readonly payment: string;
  /** In the order of what was asked for. */
  readonly skus: readonly string[];
}

interface Line {
  readonly amount: number;
  readonly quantity: number;
}

/** An order of ten in stock of each, paid by card, with the shop told. Amounts in minor units. */
export async function sell(
  lines: readonly Line[],
  {
    currency = "USD",
    ...checkout
  }: { currency?: string; discountCode?: string; email?: string } = {},
): Promise<Sold> {
  const skus: string[] = [];
  for (const { amount } of lines) skus.push(await makeSku(10, { amount, currency }));
  const items = lines.map(({ quantity }, i) => ({ sku: skus[i], quantity }));
  const { status, text, body } = await checkOut({ items, ...checkout });
  if (status !== 201) throw new Error(text);
  const { payment_intent: payment } = await stripe.pay(body.data.paymentUrl);
  await deliverAll();
  await settle();
  return { ...body.data, payment, skus };
}

const post = (path: string, body: object | undefined, key: string | undefined): Promise<Answer> =>
  asAdmin("POST", `/api/v1/orders/${path}`, {
    headers: key === undefined ? {} : { "Idempotency-Key": key },
    ...(body === undefined ? {} : { body }),
  });

type Which = Pick<Sold, "orderId">;

/** Each as an admin. */
export const refund = ({ orderId }: Which, body: object = {}, key: string = crypto.randomUUID()) =>
  post(`${orderId}/refunds`, body, key);
export const cancel = ({ orderId }: Which, body?: object, key?: string) =>
  post(`${orderId}/cancel`, body, key);
export const fulfill = ({ orderId }: Which, body: object = {}, key?: string) =>
  post(`${orderId}/fulfillments`, body, key);

/** As the guest who has its token. */
export function cancelAsGuest(at: Pick<Sold, "orderId" | "orderToken">, key?: string) {
  const headers = { "X-Order-Token": at.orderToken, ...(key && { "Idempotency-Key": key }) };
  return call("POST", `/api/v1/orders/${at.orderId}/cancel`, { headers });
}

/** The mails about an order with this in their subject. */
export async function mailsAbout({ orderId }: Which, subject: RegExp) {
  await settle();
  return (await mails()).filter(
    (mail) => mail.html.includes(orderId) && subject.test(mail.subject),
  );
}
