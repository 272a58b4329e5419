import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Refusal } from "../../scripts/dev/refusal.ts";
import { hotRouteNames } from "./routes/hot-routes.ts";
import { usage } from "./usage.ts";
import { indexesIn } from "./without/indexes.ts";

const FLAGS = {
  only: { type: "string", default: "", help: "the routes whose name this expression matches" },
  "routes-only": { type: "boolean", default: false, help: "the hot routes and nothing else" },
  against: { type: "string", help: "the folder of another checkout, measured in the same rounds" },
  without: { type: "string", help: "an index to drop in a copy: shows only what it was for" },
  growth: {
    type: "boolean",
    default: false,
    help: "only what lists read here and in a small shop",
  },
  profile: { type: "boolean", default: false, help: "also where a request's time goes" },
  rounds: { type: "string", default: "9", help: "how often each is measured" },
  seconds: { type: "string", default: "0.5", help: "how long each is measured in each round" },
  connections: { type: "string", default: "16", help: "how many ask at the same time" },
  rows: { type: "string", default: "1000", help: "orders in the shop; 0: as it is seeded" },
  seed: { type: "string", default: "1", help: "the same gives the same rows" },
  buyers: { type: "string", default: "2000", help: "who come for 500 units at once" },
  purchases: { type: "string", default: "100", help: "bought to see what one costs" },
  starts: { type: "string", default: "7", help: "starts of the Worker, to time them" },
  help: { type: "boolean", default: false, help: "this" },
} as const;

export interface Options {
  readonly root: string;
  /** Another checkout of this repository, measured in the same rounds. */
  readonly against: string | undefined;
  /** The hot routes whose name this matches. */
  readonly only: RegExp;
  readonly rounds: number;
  /** How long each contender is measured in each round. */
  readonly seconds: number;
  readonly connections: number;
  /** Orders that the shop has before it is measured, with all that belongs to them; 0: as it is seeded. */
  readonly rows: number;
  readonly seed: number;
  /** Who come for 500 units at once. */
  readonly buyers: number;
  /** How often is bought to see what a purchase costs. */
  readonly purchases: number;
  /** How often the Worker is started to see how long that takes. */
  readonly starts: number;
  /** Also say where a request's time goes. */
  readonly profile: boolean;
  /** An index to do without: all else that is measured then is what it was for. */
  readonly without: string | undefined;
  /** What every list reads in this shop and in a small one, and nothing else. */
  readonly growth: boolean;
  /** The hot routes and nothing else. */
  readonly routesOnly: boolean;
}

export const USAGE = usage(FLAGS);

/**
 * Reads the command line; `help` was asked for instead of a measurement. Throws a Refusal that says what is wrong with
 * it and how it is used: whatever would measure nothing is refused before anything is built.
 */
export function readOptions(args: readonly string[]): Options | "help" {
  const given = parse(args);
  return given.help ? "help" : checked(given);
}

const wrong = (words: string) => new Refusal(`${words}\n\n${USAGE}`);

function parse(args: readonly string[]): Given {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

type Given = ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>["values"];

function checked(given: Given): Options {
  const root = resolve(import.meta.dirname, "../..");
  if (given.without !== undefined && (given.against !== undefined || given.profile))
    throw wrong("--without shows what an index is for: it takes no --against or --profile.");
  return {
    root,
    against: given.against === undefined ? undefined : readCheckout(given.against),
    only: readPattern(given.only),
    rounds: readWhole("rounds", given.rounds),
    seconds: readSeconds(given.seconds),
    connections: readWhole("connections", given.connections),
    rows: readWhole("rows", given.rows, 0),
    seed: readWhole("seed", given.seed),
    buyers: readWhole("buyers", given.buyers),
    purchases: readWhole("purchases", given.purchases),
    starts: readWhole("starts", given.starts),
    profile: given.profile,
    growth: given.growth,
    without: given.without === undefined ? undefined : readIndex(root, given.without),
    // Whoever looks at some routes has asked for nothing else.
    routesOnly: given["routes-only"] || given.only !== "",
  };
}

function readWhole(name: string, text: string, least = 1): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least) return value;
  throw wrong(`--${name} is "${text}": it must be a whole number, ${least} or more.`);
}

function readSeconds(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw wrong(`--seconds is "${text}": it must be a number above 0.`);
}

function readPattern(text: string): RegExp {
  const pattern = compile(text);
  const names = hotRouteNames();
  if (pattern !== undefined && names.some((name) => pattern.test(name))) return pattern;
  const problem = pattern === undefined ? "is no regular expression" : "matches no route";
  throw wrong(
    `--only "${text}" ${problem}. The routes are: ${names.join(", ")}. Several of them: --only 'health|reserve'.`,
  );
}

function compile(text: string): RegExp | undefined {
  try {
    return new RegExp(text, "i");
  } catch {
    return undefined;
  }
}

function readCheckout(text: string): string {
  const folder = resolve(text);
  if (existsSync(join(folder, "wrangler.toml"))) return folder;
  throw wrong(`--against is "${text}": in ${folder} is no checkout of this repository.`);
}

function readIndex(root: string, name: string): string {
  const known = indexesIn(root);
  if (known.includes(name)) return name;
  throw wrong(`--without is "${name}". The indexes are: ${known.join(", ")}.`);
}
