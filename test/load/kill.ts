/**
 * The kill: buyers at work, and the runtime is killed outright in the middle of it. After a restart on the same files
 * nothing that anybody was told is lost, and everything begun is finished.
 *
 *   npm run kill                                5 rounds
 *   npm run kill -- --rounds 50 --seed 7        the seed chooses moments and purchases
 */
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type KillResult, Round, type RoundOptions, randomOf, SEEDS } from "./kill-round.ts";
import { KillableShop, VICTIMS, type Victim } from "./kill-shop.ts";

const ROUNDS = 5;

const NOTHING: KillResult = {
  kills: 0,
  cutOff: 0,
  begun: 0,
  acknowledged: 0,
  orders: 0,
  paid: 0,
  canceled: 0,
  refunds: 0,
  events: 0,
};

export interface KillOptions extends Pick<RoundOptions, "plant"> {
  readonly rounds: number;
  readonly seed: number;
  readonly victims?: readonly Victim[];
  readonly report?: (line: string) => void;
}

/** Runs the rounds and throws at the first breach, or when there was nothing to lose. */
export async function kill(shop: KillableShop, options: KillOptions): Promise<KillResult> {
  const { rounds, seed, victims = VICTIMS, report = () => undefined, plant } = options;
  const random = randomOf(seed);
  const results: KillResult[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const victim = victims[(round - 1) % victims.length] ?? "worker";
    const result = await new Round(shop, random, { victim, plant }).play();
    report(`round ${round}/${rounds}, ${victim} ${describe(result)}`);
    results.push(result);
  }
  const total = results.reduce(add, NOTHING);
  if (Math.min(total.acknowledged, total.paid, total.cutOff) === 0) {
    throw new Error(`Nothing was at stake: ${describe(total)}`);
  }
  return total;
}

function add(a: KillResult, b: KillResult): KillResult {
  return {
    kills: a.kills + b.kills,
    acknowledged: a.acknowledged + b.acknowledged,
    orders: a.orders + b.orders,
    paid: a.paid + b.paid,
    canceled: a.canceled + b.canceled,
    refunds: a.refunds + b.refunds,
    events: Math.max(a.events, b.events),
    cutOff: a.cutOff + b.cutOff,
    begun: a.begun + b.begun,
  };
}

function describe(result: KillResult): string {
  const { kills, cutOff, begun, acknowledged, events } = result;
  const { orders, paid, canceled, refunds } = result;
  const hit = `killed ${kills} times, ${cutOff} requests cut off, ${begun} jobs unfinished`;
  const kept = `${orders} orders, ${paid} paid, ${canceled} canceled, ${refunds} refunds`;
  return `${hit}: nothing lost of ${acknowledged} acknowledged; ${kept}, ${events} events so far`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: String(ROUNDS) },
      seed: { type: "string", default: String(Math.floor(Math.random() * SEEDS)) },
    },
  });
  console.log(`seed ${values.seed}`);
  const shop = await KillableShop.start();
  try {
    const total = await kill(shop, {
      rounds: Number(values.rounds),
      seed: Number(values.seed),
      report: console.log,
    });
    console.log(`${values.rounds} rounds: ${describe(total)}`);
  } finally {
    await shop.stop();
  }
}
