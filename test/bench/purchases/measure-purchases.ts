import { DatabaseSync } from "node:sqlite";
import { shopFile } from "../../load/shop-file.ts";
import { findPorts } from "../../load/shop-process.ts";
import type { Bundle } from "../build/bundle.ts";
import { costOf, type DatabaseCost } from "../measure/teach-floor.ts";
import { GOODS, offers } from "../routes/goods.ts";
import { checkOut, reserve } from "../routes/hot-routes.ts";
import { type Look, lookAt } from "../shop/look.ts";
import { copySample, type Sample, STRIPE_WEBHOOK_SECRET } from "../shop/sample-shop.ts";
import { type Opened, payAt, sent } from "../shop/stock-shop.ts";
import { type StripeProcess, startStripe } from "../shop/stripe.ts";
import type { Visit } from "../worker/recorded.ts";
import { type Billed, dollarsFor, PRICES } from "./prices.ts";

const POLL_MS = 50;
const PATIENCE_MS = 60_000;
const A_THOUSAND = 1000;
/** A message is written, read and deleted. */
const OPERATIONS_A_MESSAGE = 3;

/** Averages over many: what one of it costs, and leaves on disk. */
export interface PerPiece extends DatabaseCost {
  readonly bytes: number;
}

export interface PurchaseCosts {
  readonly purchases: number;
  /** From the checkout to the receipt: requests, webhooks and jobs. */
  readonly perPurchase: PerPiece & { readonly requests: number; readonly messages: number };
  /** CPU of the whole local runtime, its database included, in milliseconds: more than the platform bills. */
  readonly cpuMsPerPurchase: number;
  /** A hold that nobody goes on with. */
  readonly perUnpaidHold: PerPiece;
  /** In US dollars, of a thousand orders; what is stored, for a month. */
  readonly per1000Orders: Readonly<Record<Billed | "total", number>>;
}

interface Wanted {
  readonly root: string;
  readonly bundle: Bundle;
  readonly sample: Sample;
  readonly purchases: number;
  readonly say: (line: string) => void;
}

/** Buys so many times, with Stripe's webhooks and all jobs, and looks at what it took. */
export async function measurePurchases(wanted: Wanted): Promise<PurchaseCosts> {
  const { root, bundle, purchases, say } = wanted;
  const port = await findPorts();
  const webhook = {
    url: `http://127.0.0.1:${port}/webhooks/stripe`,
    secret: STRIPE_WEBHOOK_SECRET,
  };
  const stripe = await startStripe(webhook);
  const copy = copySample(wanted.sample);
  const sample = { ...copy, variables: { ...copy.variables, STRIPE_API_URL: stripe.url } };
  const look = await lookAt({ root, bundle, sample, port, jobs: true });
  try {
    await settle(sample, stripe);
    for (const offer of offers(sample.apiKey)) await sent(look, offer, 201);
    await settle(sample, stripe);
    say(`buying ${purchases} times`);
    const shop: Shop = { look, sample, stripe };
    const bought = await measured(shop, purchases, () => buy(shop));
    say(`holding ${purchases} times`);
    const held = await measured(shop, purchases, async () => {
      await sent(look, hold(), 201);
    });
    return report(purchases, bought, held);
  } finally {
    await look.stop();
    stripe.stop();
  }
}

const hold = reserve(GOODS.sku);

interface Shop {
  readonly look: Look;
  readonly sample: Sample;
  readonly stripe: StripeProcess;
}

async function buy({ look, stripe }: Shop): Promise<void> {
  const { data } = JSON.parse(await sent(look, checkOut(), 201)) as Opened;
  await payAt(stripe.url, data.paymentUrl);
}

interface Work {
  readonly visit: Visit;
  readonly bytes: number;
  readonly cpuMs: number;
}

async function measured(shop: Shop, times: number, work: () => Promise<void>): Promise<Work> {
  const { look, sample, stripe } = shop;
  await look.done();
  const before = { bytes: sizeOf(sample), cpu: look.cpu() };
  for (let i = 0; i < times; i += 1) await work();
  await settle(sample, stripe);
  return {
    visit: await look.done(),
    bytes: sizeOf(sample) - before.bytes,
    cpuMs: look.cpu() - before.cpu,
  };
}

function perPiece({ visit, bytes }: Work, times: number): PerPiece {
  const { statements, rowsRead, rowsWritten } = costOf(visit);
  return {
    // Several requests and jobs are at work at the same time, so here each trip counts.
    roundTrips: visit.trips.length / times,
    statements: statements / times,
    rowsRead: rowsRead / times,
    rowsWritten: rowsWritten / times,
    bytes: bytes / times,
  };
}

function report(purchases: number, bought: Work, held: Work): PurchaseCosts {
  const piece = perPiece(bought, purchases);
  const requests = bought.visit.requests / purchases;
  const messages = bought.visit.queued.length / purchases;
  const cpuMs = bought.cpuMs / purchases;
  const units: Record<Billed, number> = {
    ...{ requests, cpuMs, rowsRead: piece.rowsRead, rowsWritten: piece.rowsWritten },
    ...{ bytesStored: piece.bytes, queueOperations: messages * OPERATIONS_A_MESSAGE },
  };
  const dollars = Object.keys(PRICES).map((what): [Billed, number] => {
    const billed = what as Billed; // a key of PRICES
    return [billed, dollarsFor(billed, units[billed] * A_THOUSAND)];
  });
  const total = dollars.reduce((sum, [, one]) => sum + one, 0);
  return {
    ...{ purchases, cpuMsPerPurchase: cpuMs },
    perPurchase: { ...piece, requests, messages },
    perUnpaidHold: perPiece(held, purchases),
    per1000Orders: { ...(Object.fromEntries(dollars) as Record<Billed, number>), total },
  };
}

/** What the database file holds, in bytes. */
function sizeOf(sample: Sample): number {
  return inFile(sample, (database) => {
    const pragma = (name: string) =>
      Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
    return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
  });
}

const UNDONE = `SELECT (SELECT count(*) FROM webhook_events WHERE status = 'received')
  + (SELECT count(*) FROM outbox WHERE status = 'pending') AS count`;

/** Until every webhook has arrived, and everything that it led to is done. */
async function settle(sample: Sample, stripe: StripeProcess): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const answer = await fetch(`${stripe.url}/_emulator/webhooks/pending`);
    const { deliveries } = (await answer.json()) as { deliveries: unknown[] }; // the emulator's own
    const undone = inFile(sample, (database) => database.prepare(UNDONE).get());
    if (deliveries.length === 0 && undone?.["count"] === 0) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error("The shop did not come to rest.");
}

function inFile<T>({ folder }: Sample, use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(shopFile(folder), { readOnly: true, timeout: 5000 });
  try {
    return use(database);
  } finally {
    database.close();
  }
}
