import { refundsAtStripe } from "./payers.ts";
import type { Play } from "./play.ts";

export interface Session {
  readonly id: string;
  readonly client_reference_id: string;
  readonly payment_status: string;
  readonly payment_intent: {
    readonly id: string;
    readonly amount_received: number;
    readonly currency: string;
  } | null;
}

interface OrderMoney {
  readonly id: string;
  readonly status: string;
  readonly currency: string;
  readonly total: number;
  readonly captured: number;
  readonly refunded: number;
  readonly attention: string | null;
  readonly disputes: number;
}

/** The money at Stripe is the money of the orders: nobody is charged twice, or for nothing, or not given back. */
export async function checkMoney(play: Play): Promise<void> {
  const sessions = await sessionsAtStripe(play);
  for (const [id, pages] of Map.groupBy(sessions, (one) => one.client_reference_id)) {
    if (pages.length > 1) play.records.breach(`I5: ${id} has ${pages.length} payment pages`);
  }
  const paid = sessions.filter((one) => one.payment_status === "paid");
  const refunds = await refundsAtStripe(play);
  for (const [id, made] of Map.groupBy(refunds, ({ metadata }) => metadata.refundId)) {
    const times = made.filter(({ status }) => status !== "failed").length;
    if (id !== undefined && times > 1) play.records.breach(`I5: ${id} went back ${times} times`);
  }
  const orders = await play.world.rows<OrderMoney>(`
    SELECT id, status, currency, total, captured, refunded, attention_reason AS attention,
      (SELECT count(*) FROM disputes d WHERE d.order_id = orders.id) AS disputes FROM orders`);
  const byOrder = Map.groupBy(paid, (session) => session.client_reference_id);
  for (const order of orders) {
    const charges = byOrder.get(order.id) ?? [];
    byOrder.delete(order.id);
    const [session] = charges;
    if (charges.length > 1) play.records.breach(`${order.id} was charged ${charges.length} times`);
    const intent = session?.payment_intent;
    if (intent === undefined || intent === null) {
      if (order.captured > 0)
        play.records.breach(
          `${order.id} says ${order.captured} were captured, Stripe says nothing`,
        );
      continue;
    }
    const mine = refunds.filter(({ payment_intent }) => payment_intent === intent.id);
    const sumOf = (status: string) =>
      mine.reduce((sum, one) => sum + (one.status === status ? one.amount : 0), 0);
    const back = { arrived: sumOf("succeeded"), underWay: sumOf("pending") };
    for (const sentence of judge(order, intent, back)) play.records.breach(sentence);
  }
  const called = await calledFor(play);
  for (const session of [...byOrder.values()].flat()) {
    if (!called.has(session.id))
      play.records.breach(
        `I19: Somebody was charged for ${session.client_reference_id}, which is not there, and nobody was called`,
      );
  }
}

/** What a bank looks into, the shop knows of, and how it ended. */
export async function checkDisputes(play: Play): Promise<void> {
  const { data } = await play.world.internet.ask<{ data: Dispute[] }>("/disputes?limit=100");
  const rows = await play.world.rows<{ id: string; status: string }>(
    "SELECT id, status FROM disputes",
  );
  const known = new Map(rows.map(({ id, status }) => [id, status]));
  const called = await calledFor(play);
  const sessions = await sessionsAtStripe(play);
  const lost = sessions.filter(({ id }) => called.has(id));
  const withoutOrder = new Set(lost.map(({ payment_intent }) => payment_intent?.id));
  for (const { id, status, payment_intent: intent } of data) {
    if (withoutOrder.has(intent) && !known.has(id)) continue;
    const ended = status === "won" || status === "lost";
    const right = ended ? known.get(id) === status : known.has(id);
    if (!right) play.records.breach(`I4: ${id} is ${status}, and the shop has it ${known.get(id)}`);
  }
}

/** The payments of lost orders to which a person was called, by their sessions. */
export async function calledFor(play: Play): Promise<Set<string>> {
  const rows = await play.world.rows<{ key: string }>(
    "SELECT dedupe_key AS key FROM outbox WHERE dedupe_key LIKE 'lost_order:%'",
  );
  return new Set(rows.map(({ key }) => key.split(":").at(-1) ?? ""));
}

interface Dispute {
  readonly id: string;
  readonly status: string;
  readonly payment_intent: string;
}

export async function sessionsAtStripe(play: Play): Promise<Session[]> {
  const path = "/checkout/sessions?limit=100&expand[]=data.payment_intent";
  const { data } = await play.world.internet.ask<{ data: Session[] }>(path);
  return data;
}

function judge(
  order: OrderMoney,
  intent: { readonly amount_received: number; readonly currency: string },
  back: { readonly arrived: number; readonly underWay: number },
): string[] {
  const { id, status, captured, refunded, attention, disputes } = order;
  const received = intent.amount_received;
  const same = intent.currency.toUpperCase() === order.currency;
  const sentences: string[] = [];
  if (same && captured !== received)
    sentences.push(`I2: ${id} says ${captured} were captured, Stripe says ${received}`);
  if (same && refunded !== back.arrived && disputes === 0)
    sentences.push(`I2: ${id} says ${refunded} went back, Stripe says ${back.arrived}`);
  const kept = received - back.arrived - back.underWay;
  const excused = attention !== null || disputes > 0;
  if (status !== "paid" && kept > 0 && !excused)
    sentences.push(`I9: ${id} is ${status}, and ${kept} of the customer's money is still here`);
  return sentences;
}
