/**
 * The drill: a whole restore, on a real local database and against the emulated Stripe. The shop sells, its database is
 * put back to an earlier moment, and Stripe is ahead of it. Afterwards nothing was sold twice, nothing that was paid is
 * forgotten, no number was given out twice, and a person was called to what nobody could mend.
 *
 *   npm run drill                     three rounds
 *   npm run drill -- --rounds 1
 */
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { DrillShop, type Told } from "./drill-shop.ts";

const ROUNDS = 3;
const EVERY_FIVE_MINUTES = "*/5 * * * *";
/** For sale before the moment. */
const STOCK = 7;

type Say = (line: string) => void;

/** What was sold, and what became of the database: the story of one round. */
interface Story {
  readonly sku: string;
  /** For sale since after the moment, so that the database does not know it any more. */
  readonly newSku: string;
  readonly before: Told;
  readonly sinceThen: Record<
    "paid" | "byCode" | "sent" | "refunded" | "unheard" | "unpaid" | "newThing",
    Told
  >;
  readonly moment: string;
}

function check(holds: boolean, words: string): void {
  if (!holds) throw new Error(`The drill failed: ${words}`);
}

/** Sells, takes the moment, and sells on: all that a shop does in a day that will be forgotten. */
async function sellAround(shop: DrillShop, say: Say): Promise<Story> {
  const sku = await shop.offer(STOCK);
  const besides = await shop.offer(1);
  const discountCode = await shop.codeFor(sku);
  const before = await shop.buy(sku);
  const moment = shop.takeMoment();
  say(`#${before.orderNumber} was paid; the moment is taken`);
  const paid = await shop.buy(sku);
  const items = [sku, besides].map((one) => ({ sku: one, quantity: 1 }));
  const byCode = await shop.buy(sku, { items, discountCode });
  const sent = await shop.buy(sku);
  await shop.asStaff("POST", `/api/v1/orders/${sent.orderId}/fulfillments`, {});
  const refunded = await shop.buy(sku);
  const some = { amount: { amount: 500, currency: "EUR" } };
  await shop.asStaff("POST", `/api/v1/orders/${refunded.orderId}/refunds`, some);
  const newSku = await shop.offer(1);
  const newThing = await shop.buy(newSku);
  const { told: unpaid } = await shop.order(sku);
  const { told: unheard } = await shop.order(sku);
  await shop.quiet();
  await shop.stripe("/webhooks/behaviour", { drop: true });
  await shop.pay(unheard);
  const since = { paid, byCode, sent, refunded, newThing, unpaid, unheard };
  const numbers = Object.values(since).map(({ orderNumber }) => `#${orderNumber}`);
  say(`${numbers.join(", ")} came after it; Stripe has the money of all but one`);
  return { sku, newSku, before, sinceThen: since, moment };
}

/** The runbook of README.md: close, note the next number, go back, open. */
async function goBack(shop: DrillShop, { moment, sku }: Story, say: Say): Promise<number> {
  await shop.deploy("closed");
  const refused = await shop.order(sku);
  check(refused.status === 503, `a closed shop answered ${refused.status}`);
  const next = Number(shop.look("SELECT next FROM order_numbers"));
  say(`closed: an order is answered ${refused.status}; the next one would be #${next}`);
  const ordersFrom = next + 1;
  await shop.deploy(String(ordersFrom), moment);
  const early = await shop.order(sku);
  check(early.status === 503, `a shop that is not compared yet answered ${early.status}`);
  const known = shop.look("SELECT count(*) FROM orders");
  say(`put back: it knows ${known} orders, Stripe ${(await shop.paidAtStripe()).length} payments`);
  await shop.fire(EVERY_FIVE_MINUTES);
  await shop.stripe("/webhooks/behaviour", {});
  await shop.quiet();
  return ordersFrom;
}

/** What is there after the restore is what was there before it, as far as Stripe knows. */
async function compare(shop: DrillShop, { sku, before, sinceThen }: Story, say: Say) {
  const { newThing, unpaid, ...lost } = sinceThen;
  for (const [name, told] of Object.entries({ before, ...lost })) {
    const order = await shop.read(told);
    check(order?.status === "paid", `the order ${name} is ${order?.status ?? "not there"}`);
    check(order.number === told.orderNumber, `#${told.orderNumber} became #${order.number}`);
    const reason = order.attention?.reason ?? null;
    check(reason === (name === "before" ? null : "restored"), `${name} asks for ${reason}`);
    say(`#${order.number} is ${order.paymentStatus}, and asks for ${reason ?? "nothing"}`);
  }
  const { discount } = await shop.read(sinceThen.byCode);
  check(discount.amount === 950, `the code took ${discount.amount} off`);
  const { refunded } = await shop.read(sinceThen.refunded);
  check(refunded.amount === 500, `${refunded.amount} went back`);
  const onHand = await shop.onHand(sku);
  check(onHand === STOCK - 6, `${onHand} are on hand, though ${STOCK - 6} were not sold`);
  check((await shop.read(unpaid)) === undefined, "what nobody paid is there");
  check((await shop.read(newThing)) === undefined, "an order of what nobody knows is there");
}

/** A person was called to what nobody could write again; they see to it, and it is there. */
async function callPerson(shop: DrillShop, { newSku, sinceThen }: Story, say: Say) {
  const subjects = await shop.mailsToOperators();
  for (const subject of [
    "Orders were written again from their payments",
    "A payment of €19.00 has no order",
    "The shop is open again after a restore",
  ]) {
    check(subjects.includes(subject), `nobody was told: ${subject}`);
    say(`the operators were told: ${subject}`);
  }
  const variant = { sku: newSku, title: "One", price: { amount: 2500, currency: "EUR" } };
  await shop.asStaff("POST", "/api/v1/products", {
    ...{ title: "The new thing again", status: "active" },
    variants: [{ ...variant, initialStock: 1 }],
  });
  const failed = "SELECT id FROM webhook_events WHERE status IN ('failed', 'dead') AND subject = ?";
  const event = shop.look(failed, sinceThen.newThing.orderId);
  await shop.asStaff("POST", `/api/v1/webhook-events/${event}/replay`);
  await shop.quiet();
  const order = await shop.read(sinceThen.newThing);
  check(order?.status === "paid", `the order of the new thing is ${order?.status ?? "not there"}`);
  say(`they made it again and replayed the event: #${order.number} is ${order.status}`);
}

/** The shop sells what is left, once, under numbers that nobody has had. */
async function sellOn(
  shop: DrillShop,
  { sku, before, sinceThen }: Story,
  ordersFrom: number,
  say: Say,
) {
  const last = await shop.buy(sku);
  const given = [before, ...Object.values(sinceThen)].map(({ orderNumber }) => orderNumber);
  check(!given.includes(last.orderNumber), `#${last.orderNumber} was given out twice`);
  check(last.orderNumber >= ordersFrom, `#${last.orderNumber} is less than #${ordersFrom}`);
  const more = await shop.order(sku);
  check(more.status === 409, `one more than there was is answered ${more.status}`);
  say(`the last one is sold as #${last.orderNumber}; one more is answered ${more.status}`);
  const paid = await shop.paidAtStripe();
  const forgotten = paid.filter(
    (id) => shop.look("SELECT status FROM orders WHERE id = ?", id) !== "paid",
  );
  check(forgotten.length === 0, `paid, and no order: ${forgotten.join(", ")}`);
  const breaches = await shop.breaches();
  check(breaches.length === 0, breaches.join("; "));
}

/** One round. Throws at the first thing that is not right. */
export async function drill(shop: DrillShop, say: Say = () => undefined): Promise<void> {
  const story = await sellAround(shop, say);
  const ordersFrom = await goBack(shop, story, say);
  await compare(shop, story, say);
  await callPerson(shop, story, say);
  await sellOn(shop, story, ordersFrom, say);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { values } = parseArgs({ options: { rounds: { type: "string", default: `${ROUNDS}` } } });
  const shop = await DrillShop.start();
  try {
    for (let round = 1; round <= Number(values.rounds); round += 1) {
      console.log(`round ${round}/${values.rounds}`);
      await drill(shop, (line) => console.log(`  ${line}`));
    }
    console.log("Nothing sold twice, nothing paid forgotten, no number twice.");
  } finally {
    await shop.stop();
  }
}
