import type { Random, World } from "../world/index.ts";
import type { Known } from "./routes.ts";
import { LEFT_OUT } from "./sample-body.ts";

/** What everybody who walks writes wherever they may write. */
export const MARK = "M4LL0RY";
/** The only mailbox that the walker reads. */
export const OWN_ADDRESS = "mallory@example.com";
const PASSWORD = "correct horse battery staple";
const OTHER_ADDRESSES = ["gus@example.com", "ada@example.com"];
const DAY_MS = 24 * 3_600_000;
const ID = /\b[a-z]{2,4}_[0-9a-z]{36}\b/g;
const TOKEN = /\b(?:ot|rt|hf)_[\w-]{20,}|\betk_\w{36}\.[\w-]+/g;
/** Ids that open nothing: who has looked over a shoulder knows them. */
const NO_RIGHTS = [
  "orders",
  "users",
  "api_keys",
  "sessions",
  "discounts",
  "products",
  "webhook_events",
  "outbox",
];
const SKUS = 3;
/** Of what they know, what was seen last is tried first. */
const NEWEST = 4;

/** What the walker has seen so far, and what they make of it. */
export class Knowledge implements Known {
  readonly random: Random;
  readonly #now: () => number;
  readonly #ids = new Set<string>();
  readonly #tokens = new Set<string>();

  constructor(random: Random, now: () => number) {
    this.random = random;
    this.#now = now;
  }

  learn(text: string): void {
    for (const [id] of text.matchAll(ID)) this.#ids.add(id);
    for (const [token] of text.matchAll(TOKEN)) this.#tokens.add(token);
  }

  async lookAround(world: World): Promise<void> {
    for (const table of NO_RIGHTS) {
      const newest = `SELECT id FROM ${table} ORDER BY rowid DESC LIMIT 8`;
      for (const { id } of await world.rows<{ id: string }>(newest)) this.#ids.add(id);
    }
  }

  /** One of the holds that they know, to hand to somebody else. */
  hold(): string | undefined {
    return this.random.pick(this.#startingWith("rsv").slice(-NEWEST));
  }

  token(prefix = ""): string | undefined {
    return this.random.pick([...this.#tokens].filter((one) => one.startsWith(prefix)));
  }

  idOf(prefix: string | undefined): string {
    const fitting = this.#startingWith(prefix);
    const some = this.random.chance(0.6) ? fitting.slice(-NEWEST) : fitting;
    return this.random.pick(some) ?? `${prefix ?? "xyz"}_unknown`;
  }

  sku(): string {
    return `SKU-${this.random.between(1, SKUS)}`;
  }

  addresses(): readonly string[] {
    return [OWN_ADDRESS, ...OTHER_ADDRESSES];
  }

  /** One that is there, or one to make. */
  readonly #someSku = () => (this.random.chance(0.8) ? this.sku() : `NEW-${this.random.uint32()}`);

  /** What they send under a name; undefined where the document's own word will do. */
  named(name: string): unknown {
    return this.#values[name]?.();
  }

  readonly #line = () =>
    this.random.chance(0.3)
      ? `${MARK}\nhas written\nthis`
      : `${MARK} ${this.random.between(1, 99)}`;
  readonly #later = () => new Date(this.#now() + this.random.between(1, 9) * DAY_MS).toISOString();
  readonly #values: Readonly<Record<string, () => unknown>> = {
    email: () =>
      this.random.pick([
        OWN_ADDRESS,
        ...OTHER_ADDRESSES,
        `eve-${this.random.between(1, 9)}@example.com`,
      ]),
    ...{ password: () => PASSWORD, currentPassword: () => PASSWORD },
    ...{ name: this.#line, accountName: this.#line, title: this.#line, reason: this.#line },
    ...{ line1: this.#line, city: this.#line, carrier: this.#line },
    ...{ country: () => "GB", postalCode: () => "SW1Y 4JH", currency: () => "USD" },
    token: () => this.token() ?? "etk_1.x",
    refreshToken: () => this.token("rt_") ?? "rt_none",
    ...{
      sku: () => this.#someSku(),
      variant: () => this.sku(),
      quantity: () => this.random.between(1, 2),
    },
    ...{ discountCode: () => LEFT_OUT, region: () => LEFT_OUT, line2: () => LEFT_OUT },
    reservationId: () => this.idOf("rsv"),
    ...{ successUrl: () => "https://mallory.test/", cancelUrl: () => "https://mallory.test/" },
    key: () => crypto.randomUUID(),
    ...{ expiresAt: this.#later, startsAt: this.#later, endsAt: this.#later },
  };

  #startingWith(prefix: string | undefined): string[] {
    return [...this.#ids].filter((id) => prefix === undefined || id.startsWith(`${prefix}_`));
  }
}
