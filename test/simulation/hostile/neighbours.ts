import { type CrashShop, isDefinite } from "../crash/shop.ts";
import type { Answer, Random, SignedIn } from "../world/index.ts";
import { isGone, tokenOf } from "../world/index.ts";
import type { Intruder } from "./intruder.ts";
import type { Secrets } from "./secrets.ts";

const GUEST = { name: "gus", email: "gus@example.com", ip: "198.51.100.7" };
const MINUTE_MS = 60_000;
/** Whose key is dead has nothing left to try, so that most walks go without it. */
const DISABLED = 0.1;
const BROWSER = { Origin: "https://shop.test", "Sec-Fetch-Site": "same-origin" };

interface Placed {
  readonly orderId: string;
  readonly session: string;
  paid: boolean;
}

/** Everybody else: a guest, a customer and the staff, who do what people do, with words by which they are known again. */
export class Neighbours {
  readonly #shop: CrashShop;
  readonly #random: Random;
  readonly #secrets: Secrets;
  readonly #intruder: Intruder;
  readonly #holds: string[] = [];
  readonly #orders: Placed[] = [];
  #cookie = "";
  #count = 0;
  #mailsRead = 0;

  constructor(shop: CrashShop, random: Random, others: { secrets: Secrets; intruder: Intruder }) {
    this.#shop = shop;
    this.#random = random;
    this.#secrets = others.secrets;
    this.#intruder = others.intruder;
  }

  readonly #moves: readonly (readonly [string, number, () => Promise<void>])[] = [
    ["a guest holds something", 2, () => this.#hold()],
    ["a guest checks out", 3, () => this.#checkOut(undefined)],
    ["a guest checks out a hold that was handed to them", 3, () => this.#takeHandedHold()],
    ["a customer checks out", 2, () => this.#checkOut(this.#shop.customer)],
    ["somebody pays", 4, () => this.#pay()],
    ["people read their mail", 4, () => this.readMail()],
    ["staff make a discount", 1, () => this.#makeDiscount()],
    ["staff make a key", 1, () => this.#makeKey()],
    ["staff send, refund or cancel", 2, () => this.#handleOrder()],
    ["staff disable a colleague", 1, () => this.#disable()],
    ["time passes", 3, () => this.#wait()],
  ];

  /** One of them does something; answers what. */
  async move(): Promise<string> {
    const weights = Object.fromEntries(this.#moves.map(([name, weight]) => [name, weight]));
    const chosen = this.#random.weighted(weights);
    await this.#moves.find(([name]) => name === chosen)?.[2]();
    return chosen;
  }

  async #send(
    who: SignedIn | undefined,
    method: string,
    path: string,
    body?: object,
    more: object = {},
  ): Promise<Answer | undefined> {
    if (who !== undefined && (await isGone(this.#shop.world, who))) return undefined;
    const authorization =
      who === undefined ? {} : { Authorization: `Bearer ${await tokenOf(this.#shop.world, who)}` };
    this.#count += 1;
    const headers = {
      ...{ "CF-Connecting-IP": GUEST.ip, "Idempotency-Key": `neighbour-${this.#count}` },
      ...authorization,
      ...more,
    };
    return this.#shop.send({ method, path, headers, ...(body === undefined ? {} : { body }) });
  }

  #words(): { name: string; line1: string } {
    this.#count += 1;
    const [name, line1] = [`Gus Gone-${this.#count}`, `${this.#count} Secret Street`];
    for (const text of [name, line1]) this.#secrets.add("order", text);
    return { name, line1 };
  }

  async #hold(): Promise<void> {
    const items = [{ sku: this.#intruder.knows.sku(), quantity: 1 }];
    const answer = await this.#send(undefined, "POST", "/api/v1/reservations", { items });
    if (answer?.status !== 201) return;
    this.#holds.push(answer.body.data.id);
    this.#secrets.add("right", answer.body.data.id);
  }

  async #checkOut(who: SignedIn | undefined): Promise<void> {
    const held = who === undefined ? this.#holds.pop() : undefined;
    const items = [{ sku: this.#intruder.knows.sku(), quantity: 1 }];
    await this.#order(who, held === undefined ? { items } : { reservationId: held });
    if (held !== undefined) this.#secrets.add("spent hold", held);
  }

  async #order(who: SignedIn | undefined, what: object): Promise<boolean> {
    const { name, line1 } = this.#words();
    const shippingAddress = { name, line1, city: "London", postalCode: "SW1Y 4JH", country: "GB" };
    const answer = await this.#send(who, "POST", "/api/v1/checkouts", {
      ...{ email: who?.email ?? GUEST.email, shippingAddress },
      ...{ successUrl: "https://store.test/thanks", cancelUrl: "https://store.test/cart" },
      ...what,
    });
    if (answer?.status !== 201) return false;
    this.#placed(
      answer.body.data.orderId,
      answer.body.data.paymentUrl,
      answer.body.data.orderToken,
    );
    return true;
  }

  #placed(orderId: string, paymentUrl: string, token?: string): void {
    if (token !== undefined) this.#secrets.add("right", token);
    this.#orders.push({ orderId, session: /cs_\w+/.exec(paymentUrl)?.[0] ?? "", paid: false });
  }

  /** The walker has sent them the address of a hold, in which they type their own data. */
  async #takeHandedHold(): Promise<void> {
    const id = this.#intruder.knows.hold();
    if (id === undefined || !this.#intruder.made.has(id)) return;
    const ordered = this.#random.chance(0.5)
      ? await this.#order(undefined, { reservationId: id })
      : await this.#orderInBrowser(id);
    if (ordered) this.#intruder.made.delete(id);
  }

  async #orderInBrowser(id: string): Promise<boolean> {
    const page = `/reservations/${id}`;
    await this.#browse("GET", page);
    const { name, line1 } = this.#words();
    const form = {
      email: GUEST.email,
      name,
      line1,
      city: "London",
      postalCode: "SW1Y 4JH",
      country: "GB",
    };
    const answer = await this.#browse("POST", `${page}/checkout`, form);
    if (answer?.status !== 303) return false;
    const location = (await this.#browse("GET", `${page}/order`))?.headers.get("Location") ?? "";
    const [, orderId = "", token] = /^\/orders\/(\w+)\?token=(.+)$/.exec(location) ?? [];
    // Whoever finds somebody else's order there is led to sign in, and has ordered nothing.
    if (orderId === "") return false;
    this.#placed(orderId, answer.headers.get("Location") ?? "", token);
    return true;
  }

  async #browse(method: string, path: string, form?: object): Promise<Answer | undefined> {
    const answer = await this.#shop.send({
      ...{ method, path },
      ...(form === undefined ? {} : { body: new URLSearchParams({ ...form }).toString() }),
      headers: {
        ...BROWSER,
        "CF-Connecting-IP": GUEST.ip,
        ...(form === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded" }),
        ...(this.#cookie === "" ? {} : { Cookie: this.#cookie }),
      },
    });
    const [, pair, secret] =
      /(__Host-guest=([^;]+))/.exec(answer?.headers.get("Set-Cookie") ?? "") ?? [];
    if (pair !== undefined && secret !== undefined) {
      this.#cookie = pair;
      this.#secrets.add("right", secret);
    }
    return answer;
  }

  async #pay(): Promise<void> {
    const order = this.#orders.findLast(({ paid, session }) => !paid && session !== "");
    if (order === undefined) return;
    order.paid = true;
    await this.#shop.atStripe(`/sessions/${order.session}/pay`, { email: GUEST.email });
    await this.#shop.settle();
  }

  /** Whoever gets a mail opens what it links to, and confirms: without having registered anything. */
  async readMail(): Promise<void> {
    await this.#shop.settle();
    const { mails } = this.#shop.world.internet.mail;
    for (const { to, text } of mails.slice(this.#mailsRead)) {
      this.#intruder.readMail(to, text);
      if (to !== GUEST.email && to !== this.#shop.customer.email) continue;
      for (const [, path = "", query = ""] of text.matchAll(
        /https:\/\/shop\.test(\/[\w/-]+)\?token=([\w.%-]+)/g,
      )) {
        const token = decodeURIComponent(query);
        this.#secrets.add("right", token);
        if (path !== "/verify-email") continue;
        await this.#browse("GET", `${path}?token=${query}`);
        await this.#browse("POST", path, { token });
        const who = to === this.#shop.customer.email ? this.#shop.customer : undefined;
        await this.#send(who, "POST", "/api/v1/auth/email/verify", { token });
      }
    }
    this.#mailsRead = mails.length;
    await this.#shop.settle();
  }

  async #makeDiscount(): Promise<void> {
    this.#count += 1;
    const code = `SECRET-CODE-${this.#count}`;
    this.#secrets.add("code", code);
    await this.#send(this.#shop.admin, "POST", "/api/v1/discounts", {
      code,
      kind: "percentage",
      percentOff: 5,
    });
  }

  async #makeKey(): Promise<void> {
    const body = { name: "Warehouse", scopes: ["inventory:read", "inventory:write"] };
    const answer = await this.#send(this.#shop.admin, "POST", "/api/v1/api-keys", body);
    if (answer?.status === 201) this.#secrets.add("right", answer.body.data.secret);
  }

  /** Something that no customer is to read. */
  #note(): string {
    this.#count += 1;
    const text = `Between us ${this.#count}: mind this one`;
    this.#secrets.add("note", text);
    return text;
  }

  async #handleOrder(): Promise<void> {
    const order = this.#random.pick(this.#orders);
    if (order === undefined) return;
    const what = this.#random.pick(["refunds", "fulfillments", "cancel"]) ?? "cancel";
    const path = `/api/v1/orders/${order.orderId}`;
    await this.#send(this.#shop.admin, "POST", `${path}/notes`, { body: this.#note() });
    await this.#send(this.#shop.admin, "POST", `${path}/${what}`, {});
    await this.#shop.settle();
  }

  /** With them goes what their keys may do. */
  async #disable(): Promise<void> {
    const { owner, powers } = this.#intruder;
    if (owner === undefined || !this.#random.chance(DISABLED)) return;
    const path = `/api/v1/users/${owner.id}`;
    const answer = await this.#send(this.#shop.admin, "PATCH", path, { disabled: true });
    if (answer !== undefined && isDefinite(answer) && answer.status === 200) powers.clear();
  }

  async #wait(): Promise<void> {
    this.#shop.world.now += this.#random.between(1, 8) * MINUTE_MS;
    await this.#shop.everyCron();
  }
}
