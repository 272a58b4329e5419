import { offers } from "../routes/goods.ts";
import { checkOut, type Facts } from "../routes/hot-routes.ts";
import type { Look } from "./look.ts";
import type { Sample } from "./sample-shop.ts";

/** More than a page of a list has. */
const ORDERS = 25;
const PAID = "checkout.session.completed";

/** Puts on sale what is asked for, makes orders to list, and has one of them paid; answers Stripe's event of it. */
export async function stockShop(look: Look, sample: Sample): Promise<Facts> {
  const { apiKey, variables } = sample;
  for (const offer of offers(apiKey)) await sent(look, offer, 201);
  let paymentUrl = "";
  for (let i = 0; i < ORDERS; i += 1) {
    const { data } = JSON.parse(await sent(look, checkOut(), 201)) as Opened;
    paymentUrl = data.paymentUrl;
  }
  const stripe = variables["STRIPE_API_URL"] ?? "";
  await payAt(stripe, paymentUrl);
  const headers = { Authorization: `Bearer ${variables["STRIPE_SECRET_KEY"]}` };
  const events = await fetch(`${stripe}/v1/events?limit=1&type=${PAID}`, { headers });
  const { data } = (await events.json()) as { data: object[] }; // a list, as Stripe documents it
  return { apiKey, event: JSON.stringify(data[0], null, 2) };
}

/** The API's answer to a checkout. */
export interface Opened {
  readonly data: { readonly orderId: string; readonly paymentUrl: string };
}

/** Sends it; answers the body. Throws at an answer with another status. */
export async function sent(
  look: Look,
  ask: Parameters<Look["read"]>[0],
  status: number,
): Promise<string> {
  const answer = await look.read(ask);
  if (answer.status !== status) throw new Error(`${ask.path}: ${answer.status} ${answer.body}`);
  return answer.body;
}

/** The customer pays on the page. */
export async function payAt(stripe: string, paymentUrl: string): Promise<void> {
  const session = /cs_\w+/.exec(paymentUrl)?.[0] ?? "";
  const answer = await fetch(`${stripe}/_emulator/sessions/${session}/pay`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: "grace@example.com" }),
  });
  if (!answer.ok) throw new Error(`Nobody can pay: ${answer.status} ${await answer.text()}`);
}
