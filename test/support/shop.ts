import { orderTokenOf } from "../../src/orders/index.ts";
import { systemContext } from "./credentials.ts";
import { type Answer, type Call, call } from "./http.ts";
import { as, asAdmin, type Person } from "./people.ts";
import { rows } from "./world.ts";

let made = 0;

interface Limits {
  readonly requiresShipping?: boolean;
  readonly maxPerOrder?: number;
  readonly maxPerCustomer?: number;
}

/** A product of one variant with this much stock; answers its SKU. */
export async function makeSku(
  stock: number,
  price: { amount: number; currency: string } = { amount: 2500, currency: "USD" },
  limits: Limits = {},
): Promise<string> {
  made += 1;
  const sku = `SKU-${Date.now().toString(36)}-${made}`.toUpperCase();
  const answer = await asAdmin("POST", "/api/v1/products", {
    body: {
      title: `Product ${sku}`,
      variants: [{ sku, title: "One", price, initialStock: stock, ...limits }],
    },
  });
  if (answer.status !== 201) throw new Error(answer.text);
  return sku;
}

export function reserve(items: readonly { sku: string; quantity: number }[], options: Call = {}) {
  return call("POST", "/api/v1/reservations", { ...options, body: { items } });
}

/** What the holder of a guest's hold has besides its id: the token of its order, where it has one. */
export async function holderHeaders(id: string): Promise<Record<string, string>> {
  const [hold] = await rows<{ orderId: string | null }>(
    "SELECT order_id AS orderId FROM reservations WHERE id = ?",
    id,
  );
  const orderId = hold?.orderId ?? null;
  return orderId === null ? {} : { "X-Order-Token": await orderTokenOf(systemContext(), orderId) };
}

/** One request about a guest's hold as its holder. */
export async function asHolder(method: "GET" | "DELETE", id: string): Promise<Answer> {
  return call(method, `/api/v1/reservations/${id}`, { headers: await holderHeaders(id) });
}

/** A checkout as a storefront sends it, with these fields of its own. */
export function checkoutBody(body: object): object {
  return {
    email: "ada@example.com",
    successUrl: "https://storefront.test/thanks",
    cancelUrl: "https://storefront.test/cart",
    ...body,
  };
}

export function checkOut(body: object, key: string = crypto.randomUUID()) {
  return call("POST", "/api/v1/checkouts", {
    headers: { "Idempotency-Key": key },
    body: checkoutBody(body),
  });
}

type Buyer = Pick<Person, "accessToken">;

/** The same as somebody who is signed in. */
export function reserveAs(buyer: Buyer, items: readonly { sku: string; quantity: number }[]) {
  return as(buyer, "POST", "/api/v1/reservations", { body: { items } });
}

/** The same as somebody who is signed in. */
export function checkOutAs(buyer: Buyer, body: object, key: string = crypto.randomUUID()) {
  return as(buyer, "POST", "/api/v1/checkouts", {
    headers: { "Idempotency-Key": key },
    body: {
      successUrl: "https://storefront.test/thanks",
      cancelUrl: "https://storefront.test/cart",
      ...body,
    },
  });
}

export interface Bought {
  readonly sku: string;
  readonly reservationId: string;
  readonly orderId: string;
  readonly orderToken: string;
  readonly paymentUrl: string;
}

/** Reserves one unit of a fresh SKU and goes to the payment page. */
export async function toPaymentPage(stock = 10, quantity = 1): Promise<Bought> {
  const sku = await makeSku(stock);
  const reservation = await reserve([{ sku, quantity }]);
  const reservationId: string = reservation.body.data.id;
  const { status, text, body } = await checkOut({ reservationId });
  if (status !== 201) throw new Error(text);
  return { sku, reservationId, ...body.data };
}

export async function order({ orderId, orderToken }: Pick<Bought, "orderId" | "orderToken">) {
  const answer = await call("GET", `/api/v1/orders/${orderId}`, {
    headers: { "X-Order-Token": orderToken },
  });
  return answer.body.data;
}

export async function level(sku: string) {
  return (await asAdmin("GET", `/api/v1/inventory/${sku}`)).body.data;
}

/** The mails that Resend has taken, newest first. */
export async function mails(): Promise<
  { id: string; to: string[]; subject: string; html: string; text: string }[]
> {
  const response = await fetch("http://resend.test/emails", {
    headers: { Authorization: "Bearer re_test_holdfast" },
  });
  const { data } = (await response.json()) as {
    data: { id: string; to: string[]; subject: string; html: string; text: string }[];
  };
  return data.toReversed(); // the emulator lists as they came
}
