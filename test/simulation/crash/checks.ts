import { checkInvariants } from "../../../src/audit/index.ts";
import { type Answer, goneInIndex, staleInIndex, untoldEvents } from "../world/index.ts";
import { SECRETS } from "../world/variables.ts";
import { type CrashShop, isDefinite, type Sent } from "./shop.ts";

interface StripeList<T> {
  readonly data: readonly T[];
}
interface Intent {
  readonly id: string;
  readonly amount_received: number;
  readonly metadata: { readonly orderId?: string };
}
interface Refund {
  readonly payment_intent: string;
  readonly amount: number;
  readonly status: string;
}
interface Session {
  readonly id: string;
  readonly status: string;
}
interface OrderMoney {
  readonly id: string;
  readonly captured: number;
  readonly refunded: number;
  readonly chargedBack: number;
}

/** What is wrong with the shop once everything has healed, as sentences. */
export async function findProblems(shop: CrashShop): Promise<string[]> {
  const { world } = shop;
  const invariants = await checkInvariants(world.system().db, { now: world.now, underWayMs: 0 });
  const broken = invariants.flatMap(({ name, breaches }) =>
    breaches.map((one) => `${name}: ${one}`),
  );
  return [
    ...broken,
    ...(await moneyAtStripe(shop)),
    ...(await mailsOnce(shop)),
    ...(await staleInIndex(shop.world)),
    ...(await goneInIndex(shop.world)),
    ...(shop.subscribed
      ? await untoldEvents(world, { since: shop.subscribedAt, restored: false })
      : []),
  ];
}

/** Stripe has what the orders say, no page is left open, and nobody was charged twice. */
async function moneyAtStripe({ world }: CrashShop): Promise<string[]> {
  const list = async <T>(path: string) =>
    (await world.internet.ask<StripeList<T>>(`${path}?limit=100`, SECRETS.STRIPE_SECRET_KEY)).data;
  const [intents, refunds, sessions, orders] = await Promise.all([
    list<Intent>("/payment_intents"),
    list<Refund>("/refunds"),
    list<Session>("/checkout/sessions"),
    world.rows<OrderMoney>(`SELECT id, captured, refunded, (SELECT coalesce(sum(amount), 0) FROM refunds r
      WHERE r.order_id = orders.id AND r.source = 'dispute') AS chargedBack FROM orders`),
  ]);
  const paid = intents.filter(({ amount_received }) => amount_received > 0);
  const problems = sessions
    .filter(({ status }) => status === "open")
    .map(({ id }) => `${id}: its page is still open`);
  for (const { id, captured, refunded, chargedBack } of orders) {
    const mine = paid.filter(({ metadata }) => metadata.orderId === id);
    const taken = mine.reduce((sum, { amount_received }) => sum + amount_received, 0);
    const back = refunds
      .filter((one) => mine.some((intent) => intent.id === one.payment_intent))
      .filter(({ status }) => status === "succeeded")
      .reduce((sum, { amount }) => sum + amount, 0);
    if (mine.length > 1) problems.push(`${id}: charged ${mine.length} times`);
    if (taken !== captured || back !== refunded - chargedBack)
      problems.push(
        `${id}: Stripe took ${taken} and gave back ${back}; the shop says ${captured}, ${refunded}`,
      );
  }
  const known = new Set(orders.map(({ id }) => id));
  const orphans = paid.filter(({ metadata }) => !known.has(metadata.orderId ?? ""));
  return [...problems, ...orphans.map(({ id }) => `${id}: money without an order`)];
}

/** Each promise was kept once. */
async function mailsOnce({ world }: CrashShop): Promise<string[]> {
  const promised = await world.rows<{ id: string }>(
    "SELECT id FROM outbox WHERE topic LIKE 'mail.%' AND status = 'done'",
  );
  const { mails } = world.internet.mail;
  const counts = Map.groupBy(mails, ({ idempotencyKey }) => idempotencyKey);
  const twice = [...counts].filter(([, same]) => same.length > 1);
  // A link that was used or replaced before its mail went out has nobody to tell.
  const links = await world.rows<{ id: string }>(
    "SELECT id FROM outbox WHERE topic IN ('mail.verify_email', 'mail.reset_password', 'mail.new_sign_in')",
  );
  const excused = new Set(links.map(({ id }) => id));
  const unsent = promised.filter(({ id }) => !counts.has(id) && !excused.has(id));
  return [
    ...twice.map(([key, same]) => `${key}: mailed ${same.length} times`),
    ...unsent.map(({ id }) => `${id}: said to be mailed, and was not`),
  ];
}

/** What may have been written is not said to be unchanged. */
export function isHonest(answer: Answer | undefined): boolean {
  const { code, details } = answer?.body?.error ?? {};
  if (/nothing was changed/i.test(answer?.text ?? "")) return false;
  return code !== "INTERNAL_ERROR" || details?.outcome === "unknown";
}

/** What an acknowledged answer promises: a key's retry says the same, byte for byte. */
export function compareAnswers(
  sent: Sent,
  first: Answer | undefined,
  again: Answer | undefined,
): string[] {
  if (!isDefinite(first) || again === undefined || sent.headers?.["Idempotency-Key"] === undefined)
    return [];
  if (first.status === again.status && first.text === again.text) return [];
  return [
    `${sent.method} ${sent.path}: answered ${first.status} ${first.text}, then ${again.status} ${again.text}`,
  ];
}
