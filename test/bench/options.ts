import { resolve } from "node:path";
import { parseArgs } from "node:util";

const ROUNDS = 9;
const SECONDS = 0.5;
const CONNECTIONS = 16;
const ROWS = 1000;
const SEED = 1;

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
  /** Orders that the shop has before it is measured, with all that belongs to them. */
  readonly rows: number;
  readonly seed: number;
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
    },
  });
  return {
    root: resolve(import.meta.dirname, "../.."),
    against: values.against === undefined ? undefined : resolve(values.against),
    only: new RegExp(values.only, "i"),
    rounds: number("rounds", values.rounds),
    seconds: number("seconds", values.seconds),
    connections: number("connections", values.connections),
    rows: number("rows", values.rows),
    seed: number("seed", values.seed),
  };
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`--${name} is "${text}": it must be a number above 0.`);
}
