import { CrashShop } from "../crash/shop.ts";
import { Random, type RunBatch } from "../world/index.ts";
import { CALLERS, type CallerKind, Intruder } from "./intruder.ts";
import { MARK } from "./knowledge.ts";
import { Neighbours } from "./neighbours.ts";
import { type Route, type RouteTable, readRoutes } from "./routes.ts";
import { Secrets } from "./secrets.ts";
import { judge, orphanedKeys, takeSnapshot } from "./state.ts";

const STEPS = 60;
const STOCK = 50;
/** How often somebody else does something between two tries. */
const NEIGHBOURS = 0.5;
/** Those that hash a password take as long as all others together. */
const SLOW = /\/(login|register|sign-in|reset|reset-password|forgot|forgot-password)$/;
const SLOW_WEIGHT = 0.4;
const HOLD_ID = /rsv_[0-9a-z]{36}/;

export interface Walked {
  readonly seed: string;
  readonly caller: CallerKind;
  readonly tries: number;
  /** What was shown, changed, made or granted, and must never be. */
  readonly breaches: readonly string[];
  /** What was done, line by line, when something was wrong. */
  readonly story: readonly string[];
  /** The routes that answered something else than a refusal, and all there are. */
  readonly reached: readonly string[];
  readonly routes: number;
}

/** One hostile caller walks over all routes of the shop, among people who go about their business. */
export class Walk {
  readonly #shop: CrashShop;
  readonly #random: Random;
  readonly #table: RouteTable;
  readonly #secrets = new Secrets();
  readonly #intruder: Intruder;
  readonly #neighbours: Neighbours;
  readonly #story: string[] = [];
  readonly #breaches: string[] = [];
  readonly #reached = new Set<string>();
  #mailsSeen = 0;

  private constructor(shop: CrashShop, random: Random, table: RouteTable) {
    this.#shop = shop;
    this.#random = random;
    this.#table = table;
    this.#intruder = new Intruder(shop.world, random, table);
    const others = { secrets: this.#secrets, intruder: this.#intruder };
    this.#neighbours = new Neighbours(shop, random, others);
  }

  static async play(run: RunBatch, seed: string, kind?: CallerKind): Promise<Walked> {
    const shop = await CrashShop.open(run, seed);
    try {
      const random = new Random(`hostile ${seed}`);
      const caller = random.pick(CALLERS) ?? "guest";
      const walk = new Walk(shop, random, await readRoutes(shop.world));
      return await walk.#play(seed, kind ?? caller);
    } finally {
      await shop.world.close();
    }
  }

  async #play(seed: string, caller: CallerKind): Promise<Walked> {
    const { world, operator, customer } = this.#shop;
    for (let i = 0; i < 3; i += 1) await this.#shop.sku(STOCK);
    this.#secrets.add("right", operator.secret);
    await world.rows("UPDATE users SET name = 'Ada Userly' WHERE id = ?", customer.id);
    this.#secrets.add("user", "Ada Userly");
    await this.#intruder.become(caller);
    let tries = 0;
    for (; tries < STEPS && this.#breaches.length === 0; tries += 1) {
      if (this.#random.chance(NEIGHBOURS)) this.#story.push(`  (${await this.#neighbours.move()})`);
      await this.#lookForOrphans();
      await this.#intruder.knows.lookAround(world);
      await this.#tryOne();
      this.#readLog();
      await this.#readMails();
    }
    return {
      ...{ seed, caller, tries, breaches: this.#breaches },
      story: this.#breaches.length === 0 ? [] : this.#story,
      ...{ reached: [...this.#reached], routes: this.#table.routes.length },
    };
  }

  async #tryOne(): Promise<void> {
    const { world } = this.#shop;
    const route = this.#pickRoute();
    const before = await takeSnapshot(world);
    const done = await this.#intruder.tryRoute(route);
    if (done === undefined) return;
    this.#story.push(done.name);
    const after = await takeSnapshot(world);
    this.#takeIn(before, after);
    if (done.status < 400) this.#reached.add(`${route.method} ${route.path}`);
    if (done.status >= 500) this.#breaches.push(`${done.name}, which no caller may bring about`);
    for (const secret of this.#secrets.shownIn(done.shown, this.#intruder.powers))
      this.#breaches.push(`shown: ${secret}, by ${done.name}`);
    for (const wrong of judge(before, after, this.#intruder))
      this.#breaches.push(`${wrong}, by ${done.name}`);
  }

  #pickRoute(): Route {
    const { routes } = this.#table;
    for (;;) {
      const route = this.#random.pick(routes);
      if (route === undefined) throw new Error("The shop has no routes.");
      if (!SLOW.test(route.path) || this.#random.chance(SLOW_WEIGHT)) return route;
    }
  }

  /** A new account, user, key, or a guest's hold and order are the walker's own, when they have made them. */
  #takeIn(before: Awaited<ReturnType<typeof takeSnapshot>>, after: typeof before): void {
    const { owners, made } = this.#intruder;
    for (const what of ["account", "user", "key"])
      for (const id of after.rows.get(what)?.keys() ?? [])
        if (before.rows.get(what)?.has(id) === false) owners.add(id);
    for (const what of ["hold", "order", "key"])
      for (const id of after.rows.get(what)?.keys() ?? [])
        if (before.rows.get(what)?.has(id) === false) made.add(id);
  }

  async #lookForOrphans(): Promise<void> {
    for (const orphan of await orphanedKeys(this.#shop.world)) this.#breaches.push(orphan);
  }

  /** Many read the log, so nothing stands in it that opens something. */
  #readLog(): void {
    for (const line of this.#shop.world.log.splice(0)) {
      const right = HOLD_ID.exec(line)?.[0] ?? this.#secrets.rightsIn(line)[0];
      if (right !== undefined) this.#breaches.push(`logged: ${right} in ${line}`);
    }
  }

  /** What the walker wrote arrives nowhere but with themselves; what the shop's own staff may write does. */
  async #readMails(): Promise<void> {
    await this.#shop.work();
    const { mails } = this.#shop.world.internet.mail;
    const ofTheShop = ["catalog:write", "orders:write"].some((one) =>
      this.#intruder.powers.has(one),
    );
    for (const { to, subject, text } of mails.slice(this.#mailsSeen)) {
      const proved = await this.#shop.world.rows(
        "SELECT 1 FROM users WHERE email = ? AND email_verified_at IS NOT NULL",
        to,
      );
      if (proved.length === 0 && !ofTheShop && `${subject}\n${text}`.includes(MARK))
        this.#breaches.push(`mailed: the walker's words to ${to}, in “${subject}”`);
      if (/M4LL0RY\s*\n\s*has written/.test(text))
        this.#breaches.push(`mailed: several lines of the walker's to ${to}, in “${subject}”`);
    }
    this.#mailsSeen = mails.length;
  }
}
