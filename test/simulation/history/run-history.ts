import { type Databases, type Fault, hash, Random, type Rewrite } from "../world/index.ts";
import { ACTIONS } from "./actions.ts";
import { checkCaps } from "./check-caps.ts";
import { checkDisputes, checkMoney } from "./check-money.ts";
import { checkAll, checkStock } from "./checks.ts";
import { LIMITED, SKUS, UNSENT } from "./goods.ts";
import { heal } from "./heal.ts";
import { takeEvents } from "./payers.ts";
import { refreshTokens } from "./people.ts";
import { CRONS, Play } from "./play.ts";
import { checkNumbers, checkOpen, checkOpening, takeMoment } from "./restores.ts";
import { describeStep, type Step } from "./step.ts";

export interface Outcome {
  readonly seed: string;
  readonly steps: number;
  /** What was played, when something was wrong. */
  readonly history: readonly Step[];
  /** Sentences about what must never be; none when all is well. */
  readonly breaches: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  /** What happened, when something was wrong. */
  readonly story: readonly string[];
  /** The same for the same history: a digest of what is in the database, at Stripe and in the mailboxes. */
  readonly digest: string;
}

export interface HistoryOptions {
  readonly seed: string;
  readonly steps: readonly Step[];
  readonly databases: Databases;
  /** A planted bug. */
  readonly rewrite?: Rewrite | undefined;
}

/** Plays a history over an empty shop, heals everything, and says what was wrong. */
export async function runHistory({
  seed,
  steps,
  databases,
  rewrite,
}: HistoryOptions): Promise<Outcome> {
  const play = await Play.begin(seed, databases);
  play.world.rewrite = rewrite;
  try {
    await openShop(play);
    // Somebody has signed in before the first moment, so that the keys of sign-in are in every moment.
    await refreshTokens(play.world, play.people);
    await takeMoment(play);
    play.world.rewrite = rewrite;
    for (const step of steps) await take(play, step);
    play.world.inject = () => undefined;
    await heal(play, new Random(`heal ${seed}`));
    await checkOpen(play);
    await checkStock(play);
    await checkAll(play);
    await checkNumbers(play);
    await checkMoney(play);
    await checkDisputes(play);
    const { counts } = play.world;
    return {
      seed,
      steps: steps.length,
      breaches: [...new Set(play.records.breaches)],
      history: play.records.breaches.length === 0 ? [] : steps,
      story: play.records.breaches.length === 0 ? [] : play.world.story,
      counts: { ...counts, mails: play.world.internet.mail.mails.length },
      digest: await digestOf(play),
    };
  } finally {
    await play.world.close();
  }
}

/** A few goods, few enough to run out. */
async function openShop(play: Play): Promise<void> {
  const random = new Random("goods");
  for (const sku of SKUS) {
    const currency = sku === "YEN" ? "JPY" : "EUR";
    const price = { amount: random.between(100, 900), currency };
    const { perOrder, perCustomer } = LIMITED;
    const limits = {
      requiresShipping: sku !== UNSENT,
      ...(sku === perOrder.sku ? { maxPerOrder: perOrder.limit } : {}),
      ...(sku === perCustomer.sku ? { maxPerCustomer: perCustomer.limit } : {}),
    };
    const initialStock = random.between(3, 8);
    const variants = [{ sku, title: "One", price, initialStock, ...limits }];
    const answer = await play.ask(play.people.operator, ["POST", "/api/v1/products"], {
      body: { title: sku, variants },
    });
    if (answer?.status !== 201) throw new Error(`The shop could not be opened: ${answer?.text}`);
  }
  await subscribe(play);
  for (const expression of CRONS) await play.world.cron(expression);
}

/** Somebody is told of all that happens, from the beginning on. */
async function subscribe(play: Play): Promise<void> {
  const events = [
    ...["order.paid", "order.canceled", "order.refunded", "order.fulfilled", "inventory.low"],
  ];
  const body = { url: "https://all.subscriber.test/", events };
  const asked = ["POST", "/api/v1/webhook-endpoints"] as const;
  const answer = await play.ask(play.people.operator, asked, { body });
  if (answer?.status !== 201) throw new Error(`Nobody could subscribe: ${answer?.text}`);
  play.endpoint = answer.body.data.id;
  play.world.internet.subscribers.secrets.push(answer.body.data.secret);
}

/** One step with its faults, and what must hold at every instant after it. */
async function take(play: Play, step: Step): Promise<void> {
  play.world.tell(`# ${describeStep(step)}`);
  await play.prepare(step.seed);
  const random = new Random(step.seed);
  const seen = step.faults.map(() => 0);
  play.world.inject = ({ kind, what }) => {
    let struck: Fault | undefined;
    step.faults.forEach(({ at, fault, to, times }, i) => {
      if (to !== undefined && to !== kind) return;
      if (to === "stripe" && !what.startsWith("POST")) return;
      const call = seen[i] ?? 0;
      seen[i] = call + 1;
      if (call >= at && call < at + times) struck ??= fault;
    });
    struck ??= play.down.get(kind);
    if (struck !== undefined) play.struck += 1;
    return struck;
  };
  await ACTIONS[step.action]?.happen(play, random);
  play.world.count(`step ${step.action}`);
  await takeEvents(play);
  await checkStock(play);
  await checkCaps(play);
  await checkOpening(play);
}

async function digestOf(play: Play): Promise<string> {
  const tables = [
    "orders",
    "reservations",
    "payments",
    "refunds",
    "order_events",
    "stock_movements",
  ];
  const parts: string[] = [];
  for (const table of tables) {
    parts.push(JSON.stringify(await play.world.rows(`SELECT * FROM ${table} ORDER BY rowid`)));
  }
  parts.push(JSON.stringify(play.world.internet.mail.mails));
  parts.push(JSON.stringify(play.records.breaches), JSON.stringify(play.world.counts));
  return parts.map((part) => hash(part).toString(16)).join("-");
}
