import { resolve } from "node:path";
import { parseArgs } from "node:util";

const ROUNDS = 9;
const SECONDS = 0.5;
const CONNECTIONS = 16;
const ROWS = 1000;
const SEED = 1;
const BUYERS = 2000;
const PURCHASES = 100;
const STARTS = 7;

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

/** Reads the command line. Throws an error that says what is wrong with it. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      against: { type: "string" },
      only: { type: "string", default: "" },
      rounds: { type: "string", default: String(ROUNDS) },
      seconds: { type: "string", default: String(SECONDS) },
      connections: { type: "string", default: String(CONNECTIONS) },
      rows: { type: "string", default: String(ROWS) },
      seed: { type: "string", default: String(SEED) },
      buyers: { type: "string", default: String(BUYERS) },
      purchases: { type: "string", default: String(PURCHASES) },
      starts: { type: "string", default: String(STARTS) },
      profile: { type: "boolean", default: false },
      without: { type: "string" },
      growth: { type: "boolean", default: false },
      "routes-only": { type: "boolean", default: false },
    },
  });
  return {
    root: resolve(import.meta.dirname, "../.."),
    against: values.against === undefined ? undefined : resolve(values.against),
    only: new RegExp(values.only, "i"),
    rounds: number("rounds", values.rounds),
    seconds: number("seconds", values.seconds),
    connections: number("connections", values.connections),
    rows: values.rows === "0" ? 0 : number("rows", values.rows),
    seed: number("seed", values.seed),
    buyers: number("buyers", values.buyers),
    purchases: number("purchases", values.purchases),
    starts: number("starts", values.starts),
    ...{ profile: values.profile, without: values.without, growth: values.growth },
    // Whoever looks at some routes has asked for nothing else.
    routesOnly: values["routes-only"] || values.only !== "",
  };
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`--${name} is "${text}": it must be a number above 0.`);
}
