import { CrashShop } from "../crash/shop.ts";
import { type Databases, Random } from "../world/index.ts";
import { CALLERS, type CallerKind, Intruder } from "./intruder.ts";
import { MARK } from "./knowledge.ts";
import { Neighbours } from "./neighbours.ts";
import { type Route, type RouteTable, readRoutes } from "./routes.ts";
import { Secrets } from "./secrets.ts";
import {
  judge,
  orphanedKeys,
  type Snapshot,
  severalLines,
  stolenAddresses,
  takeSnapshot,
} from "./state.ts";

/** So many that chance leaves no route out where three have walked. */
const STEPS_PER_ROUTE = 1.5;
const STOCK = 50;
/** How often somebody else does something between two tries. */
const NEIGHBOURS = 0.5;
/** Of so many routes that chance chooses, the one is tried that was tried and has refused least. */
const CANDIDATES = 4;
/** A page that is the same for everybody has little to find. */
const DULL = 3;
const HOLD_ID = /rsv_[0-9a-z]{36}/;

export interface Walked {
  readonly seed: string;
  readonly caller: CallerKind;
  readonly tries: number;
  /** What was shown, changed, made or granted, and must never be. */
  readonly breaches: readonly string[];
  /** What was done, line by line, when something was wrong. */
  readonly story: readonly string[];
  /** All routes of the app, those that were tried, and those that answered something else than a refusal. */
  readonly routes: readonly string[];
  readonly tried: readonly string[];
  readonly reached: readonly string[];
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
  readonly #tried = new Set<string>();
  readonly #reached = new Set<string>();
  /** How often a route was tried, refusals twice, and dull ones more. */
  readonly #worn = new Map<Route, number>();
  #ofTheShop = false;
  #mailsSeen = 0;
  /** What there was when nobody had done anything since. */
  #last: Snapshot | undefined;

  private constructor(shop: CrashShop, random: Random, table: RouteTable) {
    this.#shop = shop;
    this.#random = random;
    this.#table = table;
    this.#intruder = new Intruder(shop.world, random, table);
    const others = { secrets: this.#secrets, intruder: this.#intruder };
    this.#neighbours = new Neighbours(shop, random, others);
  }

  static async play(databases: Databases, seed: string, kind?: CallerKind): Promise<Walked> {
    const shop = await CrashShop.open(databases, seed);
    try {
      // Two callers of one seed do not go the same way.
      const random = new Random(`hostile ${seed} ${kind ?? ""}`);
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
    const steps = STEPS_PER_ROUTE * this.#table.routes.length;
    let tries = 0;
    for (; tries < steps && this.#breaches.length === 0; tries += 1) {
      if (this.#random.chance(NEIGHBOURS)) {
        this.#story.push(`  (${await this.#neighbours.move()})`);
        this.#last = undefined;
      }
      await this.#lookAtStates();
      await this.#intruder.knows.lookAround(world);
      await this.#tryOne();
      this.#readLog();
      await this.#readMails();
    }
    return {
      ...{ seed, caller, tries, breaches: this.#breaches },
      story: this.#breaches.length === 0 ? [] : this.#story,
      routes: this.#table.routes.map(nameOf),
      ...{ tried: [...this.#tried], reached: [...this.#reached] },
    };
  }

  async #tryOne(): Promise<void> {
    const { world } = this.#shop;
    const route = this.#pickRoute();
    const before = this.#last ?? (await takeSnapshot(world));
    const done = await this.#intruder.tryRoute(route);
    if (done === undefined) return;
    this.#story.push(done.name);
    const after = await takeSnapshot(world);
    this.#last = after;
    const wear =
      (route.method === "GET" && !route.path.includes(":") ? DULL : 1) +
      (done.status >= 400 ? 1 : 0);
    this.#worn.set(route, (this.#worn.get(route) ?? 0) + wear);
    this.#takeIn(before, after);
    this.#tried.add(nameOf(route));
    if (done.status < 400) this.#reached.add(nameOf(route));
    if (done.status >= 500) this.#breaches.push(`${done.name}, which no caller may bring about`);
    for (const secret of this.#secrets.shownIn(done.shown, this.#intruder.powers))
      this.#breaches.push(`shown: ${secret}, by ${done.name}`);
    for (const wrong of judge(before, after, this.#intruder))
      this.#breaches.push(`${wrong}, by ${done.name}`);
  }

  #pickRoute(): Route {
    const some = Array.from({ length: CANDIDATES }, () => this.#random.pick(this.#table.routes));
    const worn = (one: Route | undefined) =>
      one === undefined ? Number.POSITIVE_INFINITY : (this.#worn.get(one) ?? 0);
    const [route] = some.sort((a, b) => worn(a) - worn(b));
    if (route === undefined) throw new Error("The shop has no routes.");
    return route;
  }

  /** A new account, user, key, or a guest's hold and order are the walker's own, when they have made them. */
  #takeIn(before: Snapshot, after: Snapshot): void {
    const { owners, made } = this.#intruder;
    for (const what of ["account", "user", "key"])
      for (const id of after.rows.get(what)?.keys() ?? [])
        if (before.rows.get(what)?.has(id) === false) owners.add(id);
    for (const what of ["hold", "order", "key"])
      for (const id of after.rows.get(what)?.keys() ?? [])
        if (before.rows.get(what)?.has(id) === false) made.add(id);
  }

  /** What nobody's doings may leave behind, the neighbours' neither. */
  async #lookAtStates(): Promise<void> {
    const { world } = this.#shop;
    this.#breaches.push(
      ...(await orphanedKeys(world)),
      ...(await stolenAddresses(world, this.#intruder)),
    );
    this.#breaches.push(...(await severalLines(world)));
  }

  /** Many read the log, so nothing stands in it that opens something. */
  #readLog(): void {
    for (const line of this.#shop.world.log.splice(0)) {
      const right = HOLD_ID.exec(line)?.[0] ?? this.#secrets.rightsIn(line)[0];
      if (right !== undefined) this.#breaches.push(`logged: ${right} in ${line}`);
    }
  }

  /** What the walker wrote arrives nowhere but with themselves; what the shop's own staff may write does, and stays when they may no more. */
  async #readMails(): Promise<void> {
    if ((await this.#shop.work()) > 0) this.#last = undefined;
    const { mails } = this.#shop.world.internet.mail;
    this.#ofTheShop ||= ["catalog:write", "orders:write"].some((one) =>
      this.#intruder.powers.has(one),
    );
    for (const { to, subject, text } of mails.slice(this.#mailsSeen)) {
      const proved = await this.#shop.world.rows(
        "SELECT 1 FROM users WHERE email = ? AND email_verified_at IS NOT NULL",
        to,
      );
      if (proved.length === 0 && !this.#ofTheShop && `${subject}\n${text}`.includes(MARK))
        this.#breaches.push(`mailed: the walker's words to ${to}, in “${subject}”`);
    }
    this.#mailsSeen = mails.length;
  }
}

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
