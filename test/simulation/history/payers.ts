import { type Random, StripeSaidNo } from "../world/index.ts";
import type { Action } from "./action.ts";
import type { Play } from "./play.ts";
import type { PlacedOrder } from "./records.ts";

/** Something happens at Stripe that the shop learns of later. False when the state there does not allow it. */
export async function atStripe<T = unknown>(
  play: Play,
  path: string,
  body: object = {},
): Promise<T | undefined> {
  try {
    const result = await play.world.elsewhere(() => play.world.internet.control<T>(path, body));
    play.world.tell(`at Stripe: ${path} ${JSON.stringify(body)}`);
    return result;
  } catch (error) {
    if (error instanceof StripeSaidNo) return undefined;
    throw error;
  } finally {
    await takeEvents(play);
  }
}

/** What Stripe has to tell from now on waits to be delivered. */
export async function takeEvents(play: Play): Promise<void> {
  const events = await play.world.elsewhere(() => play.world.internet.takeEvents());
  for (const event of events) {
    play.records.events.push({ event, acknowledged: false, lost: false });
  }
}

/** A customer pays, as long as Stripe lets them, whatever the shop thinks. */
async function payAnyhow(play: Play, random: Random, how: PaymentDetails): Promise<void> {
  const { orders } = play.records;
  const unpaid = orders.filter(({ intent }) => intent === undefined).slice(-4);
  const order = random.chance(0.85) ? random.pick(unpaid) : random.pick(orders);
  const delivery = random.chance(0.3) ? { shippingOption: random.between(0, 1) } : {};
  if (order !== undefined) await payFor(play, order, { ...delivery, ...how });
}

interface PaymentDetails {
  readonly method?: "bank_transfer";
  readonly amount?: number;
  /** Which way of delivery they choose. */
  readonly shippingOption?: number;
}

/** A customer is at the payment page of this order, and pays if it lets them. */
export async function payFor(
  play: Play,
  order: PlacedOrder,
  how: PaymentDetails = {},
): Promise<void> {
  const email = order.who.email;
  const path = `/sessions/${order.sessionId}/pay`;
  const session = await atStripe<{ payment_intent: string }>(play, path, { email, ...how });
  if (session === undefined) return;
  play.world.count("payments");
  order.intent = session.payment_intent;
  play.records.intents.push(session.payment_intent);
  if (how.method !== undefined) play.records.atBank.add(session.payment_intent);
}

async function decline(play: Play, random: Random): Promise<void> {
  const order = random.pick(play.records.orders);
  if (order !== undefined) await atStripe(play, `/sessions/${order.sessionId}/decline`);
}

async function onIntent(
  play: Play,
  intent: string | undefined,
  path: string,
  body: object,
): Promise<void> {
  if (intent === undefined) return;
  const done = await atStripe(play, `/payments/${intent}${path}`, body);
  if (done !== undefined) play.world.count(`stripe ${path.slice(1)}`);
}

async function settleBank(play: Play, random: Random): Promise<void> {
  const outcome = random.chance(0.7) ? "succeeded" : "failed";
  await onIntent(play, random.pick([...play.records.atBank]), "/settle", { outcome });
}

async function dispute(play: Play, random: Random): Promise<void> {
  const { disputed, intents } = play.records;
  const open = random.chance(0.6) ? random.pick([...disputed]) : undefined;
  const intent = open ?? random.pick(intents);
  const status =
    open === undefined ? "opened" : random.weighted({ under_review: 1, won: 2, lost: 2 });
  if (intent !== undefined) disputed.add(intent);
  await onIntent(play, intent, "/dispute", { status });
}

async function refundFromDashboard(play: Play, random: Random): Promise<void> {
  const intent = random.pick(play.records.intents);
  await onIntent(play, intent, "/refund", random.chance(0.5) ? {} : { amount: 100 });
}

/** A bank decides on a refund, days later perhaps. */
async function decideRefund(play: Play, random: Random): Promise<void> {
  const refund = random.pick(await refundsAtStripe(play));
  if (refund === undefined) return;
  const how = random.chance(0.5) ? "fail" : "succeed";
  if ((await atStripe(play, `/refunds/${refund.id}/${how}`)) !== undefined)
    play.world.count(`refund ${how}`);
}

interface StripeRefund {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly payment_intent: string;
  readonly metadata: { readonly refundId?: string };
}

/** Every refund there is at Stripe, oldest first. */
export async function refundsAtStripe(play: Play): Promise<StripeRefund[]> {
  const { data } = await play.world.elsewhere(() =>
    play.world.internet.ask<{ data: StripeRefund[] }>("/refunds?limit=100"),
  );
  return data.reverse();
}

/** New refunds to cards take their time from now on, or no longer. */
async function changeRefunds(play: Play, random: Random): Promise<void> {
  const status = random.chance(0.5) ? "pending" : "succeeded";
  await atStripe(play, "/refunds/behaviour", { status });
}

export const payers = {
  pay_by_card: {
    weight: 12,
    together: true,
    happen: (play, random) => payAnyhow(play, random, {}),
  },
  pay_by_bank: {
    weight: 5,
    together: true,
    happen: (play, random) => payAnyhow(play, random, { method: "bank_transfer" }),
  },
  pay_wrong_amount: {
    weight: 0.7,
    together: true,
    happen: (play, random) => payAnyhow(play, random, { amount: random.between(1, 500) }),
  },
  decline: { weight: 1.5, together: true, happen: decline },
  settle_bank: { weight: 4, together: true, happen: settleBank },
  dispute: { weight: 1.5, together: true, happen: dispute },
  refund_from_dashboard: { weight: 1.5, together: true, happen: refundFromDashboard },
  decide_refund: { weight: 2.5, together: false, happen: decideRefund },
  change_refunds: { weight: 0.7, together: false, happen: changeRefunds },
} satisfies Record<string, Action>;
