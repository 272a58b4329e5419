import { randomUUID } from "node:crypto";
import type { Json } from "../support/json.ts";
import { type Caller, pause } from "./kill-caller.ts";
import type { Answer, Ask, Item, Purchase, Told } from "./kill-told.ts";

const RELEASED = 0.1;
/** Who checks out without having reserved. */
const AT_ONCE = 0.2;
const ABANDONED_HOLDS = 0.05;
const DECLINED = 0.1;
const ABANDONED_PAGES = 0.1;
/** By the customer before it is paid, and by staff after it. */
const CANCELED = 0.1;
const REFUNDED = 0.5;
const LOOKS = 5;
const BETWEEN_LOOKS_MS = 150;
const BETWEEN_DELIVERIES_MS = 150;
const MAX_QUANTITY = 3;

/** One person or program at work against the shop. */
export interface Client {
  readonly caller: Caller;
  readonly told: Told;
  readonly skus: readonly string[];
  readonly adminApiKey: string;
  readonly random: () => number;
  /** True when it is time to finish and go. */
  readonly over: () => boolean;
}

/** Buys, one purchase after the other. */
export async function goShopping(client: Client): Promise<void> {
  while (!client.over()) await buySomething(client);
}

/** Receives stock, one delivery after the other. */
export async function receiveStock(client: Client): Promise<void> {
  while (!client.over()) {
    const item = pickItem(client);
    const body = { kind: "receive", quantity: item.quantity, reason: "Delivery" };
    const path = `/api/v1/inventory/${item.sku}/movements`;
    const answer = await askOnce(client, path, body, asStaff(client));
    if (answer.status === 201) client.told.received.set(dataOf(answer)["movement"].id, item);
    await pause(BETWEEN_DELIVERIES_MS);
  }
}

async function buySomething(client: Client): Promise<void> {
  const { random } = client;
  const items = [pickItem(client)];
  if (random() < AT_ONCE) return buy(client, { items }, items);
  const held = await askOnce(client, "/api/v1/reservations", { items });
  if (held.status !== 201) return;
  const reservationId: string = dataOf(held).id;
  client.told.reservations.add(reservationId);
  const plan = random();
  if (plan < ABANDONED_HOLDS) return;
  if (plan < ABANDONED_HOLDS + RELEASED) return release(client, reservationId);
  return buy(client, { reservationId }, items);
}

async function buy(client: Client, what: object, items: readonly Item[]): Promise<void> {
  const { told, random } = client;
  const purchase = await checkOut(client, what, items);
  if (purchase === undefined || random() < ABANDONED_PAGES) return;
  if (random() < CANCELED) return cancel(client, purchase, tokenOf(purchase));
  if (random() < DECLINED) await atStripe(client, purchase, "decline");
  const paid = await atStripe(client, purchase, "pay");
  if (paid.status === 200) told.paid.add(purchase.orderId);
  const isPaid = (await watch(client, purchase)) === "paid";
  if (isPaid && random() < CANCELED) return cancel(client, purchase, asStaff(client));
  if (isPaid && random() < REFUNDED) return refund(client, purchase);
}

async function cancel(
  client: Client,
  { orderId }: Purchase,
  who: Readonly<Record<string, string>>,
): Promise<void> {
  const answer = await askOnce(client, `/api/v1/orders/${orderId}/cancel`, {}, who);
  if (answer.status === 200) client.told.saw(orderId, dataOf(answer).status);
}

/** One unit comes back. */
async function refund(client: Client, { orderId, items }: Purchase): Promise<void> {
  const back = items.slice(0, 1).map(({ sku }) => ({ sku, quantity: 1 }));
  const body = { items: back.map((item) => ({ ...item, restock: "cancel" })), reason: "It broke" };
  const answer = await askOnce(client, `/api/v1/orders/${orderId}/refunds`, body, asStaff(client));
  if (answer.status === 201) client.told.refunds.set(dataOf(answer).id, { orderId, items: back });
}

async function release({ caller, told }: Client, id: string): Promise<void> {
  const path = `/api/v1/reservations/${id}`;
  const { status } = await caller.ask({ to: "shop", method: "DELETE", path });
  if (status === 204) told.released.add(id);
}

async function checkOut(
  client: Client,
  what: object,
  items: readonly Item[],
): Promise<Purchase | undefined> {
  const body = {
    ...what,
    email: "ada@example.com",
    successUrl: "https://storefront.example/thanks",
    cancelUrl: "https://storefront.example/cart",
  };
  const answer = await askOnce(client, "/api/v1/checkouts", body);
  if (answer.status !== 201) return undefined;
  const { orderId, orderToken, paymentUrl, status } = dataOf(answer);
  const purchase = { orderId, orderToken, paymentUrl, items };
  client.told.purchases.set(orderId, purchase);
  client.told.saw(orderId, status);
  return purchase;
}

/** What the customer does on the payment page. */
function atStripe(
  { caller }: Client,
  { paymentUrl }: Purchase,
  action: "pay" | "decline",
): Promise<Answer> {
  const session = new URL(paymentUrl).pathname.split("/").at(-1);
  const path = `/_emulator/sessions/${session}/${action}`;
  return caller.ask({ to: "stripe", method: "POST", path, body: {} });
}

/** Looks at the order a few times, and remembers what it said; the last status. */
async function watch({ caller, told }: Client, purchase: Purchase): Promise<string> {
  const path = `/api/v1/orders/${purchase.orderId}`;
  const headers = tokenOf(purchase);
  let last = "";
  for (let look = 0; look < LOOKS; look += 1) {
    const answer = await caller.ask({ to: "shop", method: "GET", path, headers });
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}`);
    last = dataOf(answer).status;
    told.saw(purchase.orderId, last);
    if (last !== "pending_payment") return last;
    await pause(BETWEEN_LOOKS_MS);
  }
  return last;
}

/** A `POST` with a key of its own, whose answer is written down. */
async function askOnce(
  { caller, told }: Client,
  path: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const keyed = { ...headers, "Idempotency-Key": randomUUID() };
  const ask: Ask = { to: "shop", method: "POST", path, body, headers: keyed };
  const answer = await caller.ask(ask);
  told.keyed.push({ ask, answer });
  return answer;
}

const tokenOf = ({ orderToken }: Purchase) => ({ "X-Order-Token": orderToken });
const asStaff = ({ adminApiKey }: Client) => ({ Authorization: `Bearer ${adminApiKey}` });

function pickItem({ skus, random }: Client): Item {
  const sku = skus[Math.floor(random() * skus.length)] ?? "";
  return { sku, quantity: 1 + Math.floor(random() * MAX_QUANTITY) };
}

function dataOf({ text }: Answer): Json {
  return JSON.parse(text).data;
}
