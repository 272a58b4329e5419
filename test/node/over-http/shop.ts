import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type ShopProcess, startShop } from "../../load/shop-process.ts";
import type { Json } from "../../support/json.ts";
import { askJson } from "../ask-json.ts";

export const TIMEOUT_MS = 300_000;

let running: ShopProcess | undefined;

/** One shop for all parts of a file, which take turns at it. Its clock stands still: what is to happen, a test fires. */
export function useShop(): void {
  beforeAll(async () => {
    running = await startShop({ cron: "off" });
  }, TIMEOUT_MS);
  afterAll(() => running?.stop());
}

export function theShop(): ShopProcess {
  if (running === undefined) throw new Error("There is no shop yet.");
  return running;
}

/** Stops the shop, lets something happen to its files, and starts it on them again. */
export async function restartShop(meanwhile: (stopped: ShopProcess) => unknown): Promise<void> {
  const stopped = theShop();
  await stopped.stop("keep");
  await meanwhile(stopped);
  running = await startShop({ cron: "off", again: stopped });
}

export const ask = (method: string, path: string, body?: object, headers = {}) =>
  askJson(method, theShop().url + path, { body, headers });

export const asStaff = (method: string, path: string, body?: object) =>
  ask(method, path, body, { Authorization: `Bearer ${theShop().adminApiKey}` });

/** Moves the emulated Stripe and its customers. */
export async function stripe(path: string, body: object): Promise<void> {
  const answer = await askJson("POST", `${theShop().stripeUrl}/_emulator${path}`, { body });
  if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`);
}

/** What Stripe's own API says. */
export function atStripe(path: string): Promise<Json> {
  const { folder, stripeUrl } = theShop();
  const secrets = JSON.parse(readFileSync(join(folder, "secrets.json"), "utf8"));
  const headers = { Authorization: `Bearer ${secrets.stripeSecretKey}` };
  return askJson("GET", `${stripeUrl}/v1${path}`, { headers });
}

export interface SentMail {
  readonly to: string[];
  readonly subject: string;
  readonly html: string;
}

/** The mails about an order. */
export async function mailsAbout({ orderId }: { orderId: string }): Promise<SentMail[]> {
  const headers = { Authorization: "Bearer re_any" };
  const { data } = await askJson("GET", `${theShop().mailUrl}/emails`, { headers });
  return data.filter(({ html }: SentMail) => html.includes(orderId));
}

const LEFT = `SELECT
  (SELECT count(*) FROM webhook_events WHERE status IN ('received', 'failed')) +
  (SELECT count(*) FROM outbox WHERE status = 'pending') AS count`;

/** How much Stripe has not delivered and the shop has not done. */
export async function leftToDo(): Promise<number> {
  const pending = `${theShop().stripeUrl}/_emulator/webhooks/pending`;
  const { deliveries } = await askJson("GET", pending);
  const left = theShop().database((database) => database.prepare(LEFT).get()?.["count"]);
  return deliveries.length + Number(left);
}
