import { randomUUID } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Secrets } from "../../scripts/dev/state.ts";
import { askJson } from "../node/ask-json.ts";
import type { Json } from "../support/json.ts";
import { shopFile } from "./shop-file.ts";
import { type ShopProcess, startShop } from "./shop-process.ts";

const POLL_MS = 100;
const PATIENCE_MS = 60_000;
const PRICE = { amount: 1900, currency: "EUR" };

/** An order as its customer was told of it. */
export interface Told {
  readonly sku: string;
  readonly orderId: string;
  readonly orderNumber: number;
  readonly orderToken: string;
  readonly paymentUrl: string;
}

/** Unfinished work of the shop. What a trigger has promised waits for the clock, which stands still here. */
const LEFT = `SELECT
  (SELECT count(*) FROM webhook_events WHERE status = 'received') +
  (SELECT count(*) FROM outbox WHERE status = 'pending' AND topic <> 'mail.low_stock') AS count`;

/** A shop of `npm run dev`'s own, with its database in a file that can be put back, and Stripe, which cannot. */
export class DrillShop {
  #shop: ShopProcess;
  readonly #moments = mkdtempSync(join(tmpdir(), "holdfast-drill-"));

  private constructor(shop: ShopProcess) {
    this.#shop = shop;
  }

  static async start(): Promise<DrillShop> {
    const variables = { OPERATOR_EMAIL: "operators@example.com" };
    return new DrillShop(await startShop({ cron: "off", variables }));
  }

  async stop(): Promise<void> {
    await this.#shop.stop();
    rmSync(this.#moments, { recursive: true, force: true });
  }

  ask(method: string, path: string, body?: object, headers = {}): Promise<Json> {
    return askJson(method, this.#shop.url + path, { body, headers });
  }

  asStaff(method: string, path: string, body?: object): Promise<Json> {
    const headers = {
      Authorization: `Bearer ${this.#shop.adminApiKey}`,
      ...(method === "POST" ? { "Idempotency-Key": randomUUID() } : {}),
    };
    return this.ask(method, path, body, headers);
  }

  fire(cron: string): Promise<void> {
    return this.#shop.fire(cron);
  }

  /** The first column of the first row. */
  look(sql: string, ...params: string[]): unknown {
    const row = this.#shop.database((files) => files.prepare(sql).get(...params));
    return Object.values(row ?? {})[0];
  }

  /** The database as it is now, kept in a file; answers its name. */
  takeMoment(): string {
    const file = join(this.#moments, `${randomUUID()}.sqlite`);
    this.#shop.database((files) => files.prepare("VACUUM INTO ?").run(file));
    return file;
  }

  /** Deploys it with another `ORDER_NUMBERS_FROM`; meanwhile, its database is put back to a moment. */
  async deploy(ordersFrom: string, moment?: string): Promise<void> {
    await this.#shop.stop("keep");
    if (moment !== undefined) this.#putBack(moment);
    this.#shop = await startShop({
      ...{ cron: "off", again: this.#shop },
      variables: { OPERATOR_EMAIL: "operators@example.com", ORDER_NUMBERS_FROM: ordersFrom },
    });
  }

  #putBack(moment: string): void {
    const file = shopFile(this.#shop.folder);
    for (const end of ["-wal", "-shm"]) rmSync(file + end, { force: true });
    copyFileSync(moment, file);
  }

  /** A new thing for sale; answers its SKU. */
  async offer(stock: number): Promise<string> {
    const sku = `DRILL-${randomUUID().slice(0, 8).toUpperCase()}`;
    const variant = { sku, title: "One", price: PRICE, initialStock: stock };
    const made = await this.asStaff("POST", "/api/v1/products", {
      ...{ title: `A thing ${sku}`, status: "active", variants: [variant] },
    });
    if (made.status !== 201) throw new Error(JSON.stringify(made));
    return sku;
  }

  /** A code that takes half off this, and nothing off what else there is in an order. */
  async codeFor(sku: string): Promise<string> {
    const code = `HALF-${sku}`;
    const products = [this.look("SELECT product_id FROM variants WHERE sku = ?", sku)];
    const half = { kind: "percentage", percentOff: 50, products };
    const made = await this.asStaff("POST", "/api/v1/discounts", { code, ...half });
    if (made.status !== 201) throw new Error(JSON.stringify(made));
    return code;
  }

  /** To the payment page, or as far as one comes. */
  async order(sku: string, more: object = {}): Promise<Json> {
    const { url } = this.#shop;
    const body = {
      ...{ items: [{ sku, quantity: 1 }], email: "grace@example.com" },
      ...{ successUrl: `${url}/?thanks`, cancelUrl: `${url}/?cancelled`, ...more },
    };
    const answer = await this.ask("POST", "/api/v1/checkouts", body, {
      "Idempotency-Key": randomUUID(),
    });
    return { ...answer, ...(answer.data === undefined ? {} : { told: { sku, ...answer.data } }) };
  }

  /** Buys one, or says why not. */
  async buy(sku: string, more: object = {}): Promise<Told> {
    const { told, ...answer } = await this.order(sku, more);
    if (told === undefined) throw new Error(JSON.stringify(answer));
    await this.pay(told);
    await this.quiet();
    return told;
  }

  async pay({ paymentUrl }: Told): Promise<void> {
    const body = new URLSearchParams({ action: "pay", email: "grace@example.com" });
    const paid = await fetch(paymentUrl, { method: "POST", redirect: "manual", body });
    if (paid.status !== 303) throw new Error(`The payment page answered ${paid.status}`);
  }

  async read({ orderId, orderToken }: Told): Promise<Json> {
    const headers = { "X-Order-Token": orderToken };
    return (await this.ask("GET", `/api/v1/orders/${orderId}`, undefined, headers)).data;
  }

  async onHand(sku: string): Promise<number> {
    return (await this.asStaff("GET", `/api/v1/inventory/${sku}`)).data.onHand;
  }

  /** Moves the emulated Stripe. */
  async stripe(path: string, body: object): Promise<void> {
    const answer = await askJson("POST", `${this.#shop.stripeUrl}/_emulator${path}`, { body });
    if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  }

  /** The ids of the orders that Stripe has money for. */
  async paidAtStripe(): Promise<string[]> {
    const text = readFileSync(join(this.#shop.folder, "secrets.json"), "utf8");
    const { stripeSecretKey } = JSON.parse(text) as Secrets; // written by `npm run dev`'s program
    const headers = { Authorization: `Bearer ${stripeSecretKey}` };
    const url = `${this.#shop.stripeUrl}/v1/checkout/sessions?limit=100&status=complete`;
    const { data } = await askJson("GET", url, { headers });
    return data.map(({ metadata }: Json) => metadata.orderId);
  }

  async mailsToOperators(): Promise<string[]> {
    const headers = { Authorization: "Bearer re_any" };
    const { data } = await askJson("GET", `${this.#shop.mailUrl}/emails`, { headers });
    return data
      .filter(({ to }: Json) => to.includes("operators@example.com"))
      .map(({ subject }: Json) => subject);
  }

  /** Waits until every webhook is delivered and has its effect. */
  async quiet(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      const url = `${this.#shop.stripeUrl}/_emulator/webhooks/pending`;
      const { deliveries } = await askJson("GET", url);
      if (deliveries.length === 0 && this.look(LEFT) === 0) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new Error("The shop did not come to rest");
  }

  /** What the shop's own audit finds. */
  async breaches(): Promise<string[]> {
    const { data } = await this.asStaff("GET", "/api/v1/admin/invariants");
    return data.flatMap(({ name, breaches }: Json) =>
      breaches.map((breach: string) => `${name}: ${breach}`),
    );
  }
}
