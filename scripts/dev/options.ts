import { createServer } from "node:net";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Refusal } from "./refusal.ts";

const DEFAULT_PORT = 8787;
const DEFAULT_STATE_FOLDER = ".holdfast";
const HIGHEST_PORT = 65_535;
const PORTS_USED = 4;
const FLAGS = {
  fresh: { type: "boolean", default: false },
  "no-cron": { type: "boolean", default: false },
} as const;

export interface DevOptions {
  /** The four ports, next to each other: the first is the Worker's. */
  readonly ports: {
    readonly worker: number;
    readonly stripe: number;
    readonly mail: number;
    readonly mailExamples: number;
  };
  /** Absolute path of the folder that holds all data of this instance. */
  readonly stateFolder: string;
  /** Delete that data first. */
  readonly fresh: boolean;
  /** Fire the cron expressions when they are due; without it nothing happens that nobody asks for. */
  readonly cron: boolean;
}

/** Reads PORT, HOLDFAST_STATE and the flags; throws a Refusal that names what is wrong. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): DevOptions {
  const { PORT, HOLDFAST_STATE } = env;
  const first = readPort(PORT);
  return {
    ports: { worker: first, stripe: first + 1, mail: first + 2, mailExamples: first + 3 },
    stateFolder: resolve(HOLDFAST_STATE || DEFAULT_STATE_FOLDER),
    ...readFlags(args),
  };
}

function readFlags(args: readonly string[]): Pick<DevOptions, "fresh" | "cron"> {
  try {
    const { values } = parseArgs({ args: [...args], options: FLAGS });
    return { fresh: values.fresh, cron: !values["no-cron"] };
  } catch {
    throw new Refusal(
      `Unknown argument in "${args.join(" ")}": the flags are --fresh and --no-cron (npm run dev -- --fresh).`,
    );
  }
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port + PORTS_USED - 1 <= HIGHEST_PORT) return port;
  const highest = HIGHEST_PORT - PORTS_USED + 1;
  throw new Refusal(`PORT is "${text}": it must be a number from 1 to ${highest}.`);
}

/** Throws a Refusal that names the first port somebody else listens on. */
export async function refuseTakenPorts(ports: DevOptions["ports"]): Promise<void> {
  const wanted = [
    { port: ports.worker, user: "the shop" },
    { port: ports.stripe, user: "the Stripe emulator" },
    { port: ports.mail, user: "the mail inbox" },
    { port: ports.mailExamples, user: "the examples of mails" },
  ];
  for (const { port, user } of wanted) {
    if (await isFree(port)) continue;
    throw new Refusal(
      `Port ${port}, wanted for ${user}, is taken: end what listens there, or choose other ports with PORT=9000 npm run dev.`,
    );
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once("error", () => settle(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => settle(true)));
  });
}
