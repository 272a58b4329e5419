import Stripe from "stripe";
import {
  type Answer,
  type Databases,
  makeOperator,
  makeUser,
  type Operator,
  type SignedIn,
  StripeSaidNo,
  tokenOf,
  World,
} from "../world/index.ts";
import { SECRETS } from "../world/variables.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** A try that died at Stripe keeps its idempotency key for 30 seconds. */
const NEXT_TRY_MS = 31 * SECOND_MS;
const ALL_EVENTS = [
  ...["order.paid", "order.canceled", "order.refunded", "order.fulfilled", "inventory.low"],
];
const MAX_TRIES = 6;
const MAX_ROUNDS = 30;

const signer = new Stripe("sk_test_unused", { httpClient: Stripe.createFetchHttpClient() });

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whether the client knows how it ended: anything else it sends again. */
export function isDefinite(answer: Answer | undefined): answer is Answer {
  if (answer === undefined || answer.status >= 500 || answer.status === 429) return false;
  return answer.body?.error?.code !== "IDEMPOTENCY_KEY_IN_USE";
}

/** A shop in a world, with everybody around it who does their part: clients, Stripe, the queue, cron. */
export class CrashShop {
  readonly world: World;
  readonly operator: Operator;
  readonly customer: SignedIn;
  readonly admin: SignedIn;
  subscribed = false;
  /** Milliseconds. */
  subscribedAt = 0;
  #skus = 0;
  #tries = 0;

  private constructor(world: World, people: Pick<CrashShop, "operator" | "customer" | "admin">) {
    this.world = world;
    this.operator = people.operator;
    this.customer = people.customer;
    this.admin = people.admin;
  }

  static async open(databases: Databases, seed: string): Promise<CrashShop> {
    const world = await World.open({ seed, databases });
    const operator = await makeOperator(world);
    const customer = await makeUser(world, "ada");
    const admin = await makeUser(world, "grace", "admin");
    return new CrashShop(world, { operator, customer, admin });
  }

  /** One try, each from another network. Undefined when the process died before it could answer. */
  send({ method, path, body, headers = {} }: Sent): Promise<Answer | undefined> {
    this.#tries += 1;
    return this.world.request(method, path, {
      headers: { "CF-Connecting-IP": `2001:db8:0:${this.#tries.toString(16)}::1`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  }

  /** The same request again and again, as a good client does, until it knows how it ended. */
  async insist(sent: Sent): Promise<Answer> {
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const answer = await this.send(sent);
      if (isDefinite(answer)) return answer;
      this.world.now += NEXT_TRY_MS;
    }
    throw new Error(`${sent.method} ${sent.path} never came to an end`);
  }

  async ok(sent: Sent): Promise<Answer> {
    const answer = await this.send(sent);
    if (answer === undefined || answer.status >= 400)
      throw new Error(`${sent.method} ${sent.path}: ${answer?.text}`);
    return answer;
  }

  asOperator(sent: Sent): Sent {
    const headers = { Authorization: `Bearer ${this.operator.secret}`, ...sent.headers };
    return { ...sent, headers };
  }

  async asUser(sent: Sent, person: SignedIn = this.customer): Promise<Sent> {
    const token = await tokenOf(this.world, person);
    return { ...sent, headers: { Authorization: `Bearer ${token}`, ...sent.headers } };
  }

  async sku(stock: number, amount = 2500): Promise<string> {
    this.#skus += 1;
    const sku = `SKU-${this.#skus}`;
    const variants = [
      { sku, title: "One", price: { amount, currency: "USD" }, initialStock: stock },
    ];
    const body = { title: `Product ${sku}`, variants };
    await this.ok(this.asOperator({ method: "POST", path: "/api/v1/products", body }));
    await this.work(); // what the index hears of it is a scenario of its own
    return sku;
  }

  async hold(sku: string, quantity = 1): Promise<string> {
    const body = { items: [{ sku, quantity }] };
    const { body: answer } = await this.ok({ method: "POST", path: "/api/v1/reservations", body });
    return answer.data.id;
  }

  checkout(body: object, key: string): Sent {
    const urls = { successUrl: "https://store.test/thanks", cancelUrl: "https://store.test/cart" };
    return {
      method: "POST",
      path: "/api/v1/checkouts",
      headers: { "Idempotency-Key": key },
      body: { email: "ada@example.com", ...urls, ...body },
    };
  }

  /** An order with its page open. */
  async ordered(quantity = 2, stock = 5): Promise<Ordered> {
    const sku = await this.sku(stock);
    const sent = this.checkout({ items: [{ sku, quantity }] }, `checkout-${sku}`);
    const { data } = (await this.ok(sent)).body;
    const session = /cs_\w+/.exec(data.paymentUrl)?.[0] ?? "";
    return { sku, session, orderId: data.orderId, orderToken: data.orderToken };
  }

  /** An order that is paid, with its receipt sent. */
  async paid(quantity = 2, stock = 5): Promise<Ordered & { readonly intent: string }> {
    const ordered = await this.ordered(quantity, stock);
    const intent = await this.pay(ordered.session);
    await this.settle();
    return { ...ordered, intent };
  }

  async pay(session: string, how: object = {}): Promise<string> {
    const paid = await this.world.internet.control<{ payment_intent: string }>(
      `/sessions/${session}/pay`,
      { email: "ada@example.com", ...how },
    );
    return paid.payment_intent;
  }

  /** What somebody does at Stripe, where its state allows it. */
  async atStripe(path: string, body: object = {}): Promise<void> {
    await this.world.internet.control(path, body).catch((error: unknown) => {
      if (!(error instanceof StripeSaidNo)) throw error;
    });
  }

  async webhook(body: string): Promise<Sent> {
    const header = await signer.webhooks.generateTestHeaderStringAsync({
      payload: body,
      secret: SECRETS.STRIPE_WEBHOOK_SECRET,
      timestamp: Math.floor(this.world.now / SECOND_MS),
    });
    return {
      method: "POST",
      path: "/webhooks/stripe",
      body,
      headers: { "Stripe-Signature": header },
    };
  }

  /** Every webhook that waits, until each was answered 200. Answers how many. */
  async deliverWebhooks(): Promise<number> {
    const events = await this.world.internet.takeEvents();
    for (const { body } of events) {
      const answer = await this.insist(await this.webhook(body));
      if (answer.status !== 200) throw new Error(`A webhook was answered ${answer.status}`);
    }
    return events.length;
  }

  /** From now on somebody is told of all that happens, where the scenario is about that. */
  async subscribe(events: readonly string[] = ALL_EVENTS): Promise<string> {
    const body = { url: "https://all.subscriber.test/", events };
    const sent = { method: "POST", path: "/api/v1/webhook-endpoints", body };
    const { data } = (await this.ok(this.asOperator(sent))).body;
    this.world.internet.subscribers.secrets.push(data.secret);
    this.subscribed = true;
    this.subscribedAt = this.world.now - 1;
    return data.id;
  }

  /** Hands out what the queue has, until nothing is due. Answers how many. */
  async work(): Promise<number> {
    let done = 0;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const due = this.world.queue.due();
      if (due.length === 0) return done;
      done += due.length;
      for (const message of due) await this.world.deliver([message]);
    }
    return done;
  }

  /** Webhooks and queue, until both are silent; time stands still. */
  async settle(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if ((await this.deliverWebhooks()) + (await this.work()) === 0) return;
    }
  }

  async everyCron(): Promise<void> {
    await this.world.cron("* * * * *");
    await this.world.cron("*/5 * * * *");
    await this.settle();
  }

  /** All that comes after a fault, by itself: redelivery, retries, sweeps, reconciliation; then the end of every hold. */
  async heal(): Promise<void> {
    this.world.inject = () => undefined;
    await this.settle();
    for (const pause of [2, 15, 2, 16].map((minutes) => minutes * MINUTE_MS)) {
      this.world.now += pause;
      await this.everyCron();
    }
    this.world.now += 2 * HOUR_MS;
    await this.everyCron();
    await this.everyCron();
  }
}

export interface Ordered {
  readonly sku: string;
  readonly session: string;
  readonly orderId: string;
  readonly orderToken: string;
}
