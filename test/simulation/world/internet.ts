import { createDnsEmulator } from "../../../emulators/dns/emulator.ts";
import { createStripeEmulator, type StripeEmulator } from "../../../emulators/stripe/emulator.ts";
import { type Fault, type Mortal, withFault } from "./faults.ts";
import { MailService, problem } from "./mail-service.ts";
import { Subscribers } from "./subscribers.ts";
import { SECRETS } from "./variables.ts";

const STRIPE = "https://stripe.test";

/** A Stripe rule of the emulator's control API for what goes wrong inside Stripe. */
const STRIPE_RULES: Partial<Record<Fault, object>> = {
  rate_limited: { kind: "rate_limit_429" },
  failed: { kind: "error_500", stored: false },
  failed_stored: { kind: "error_500", stored: true },
  failed_with_effect: { kind: "error_500", stored: true, effect: true },
};

/** A webhook as Stripe makes it, not signed yet. */
export interface StripeEvent {
  readonly eventId: string;
  readonly type: string;
  readonly body: string;
}

/** The parties that the shop speaks with: Stripe, the mail service, a resolver, and who is told of events. */
export class Internet {
  readonly mail: MailService;
  readonly subscribers: Subscribers;
  readonly #dns = createDnsEmulator();
  readonly #stripe: StripeEmulator;

  constructor(now: () => number, seed: string) {
    this.mail = new MailService(now);
    this.subscribers = new Subscribers(now);
    const webhookSecret = SECRETS.STRIPE_WEBHOOK_SECRET;
    this.#stripe = createStripeEmulator({ publicUrl: STRIPE, webhookSecret, now });
    this.#seed = seed;
  }

  readonly #seed: string;

  /** To be called once before anything else: ids of Stripe's objects repeat with the seed. */
  async open(): Promise<void> {
    await this.control("/reset", { seed: this.#seed });
  }

  close(): Promise<void> {
    return this.#stripe.close();
  }

  /** What the emulator's control API does for whoever is not the shop. Throws when the state does not allow it. */
  async control<T = unknown>(path: string, body?: object): Promise<T> {
    const response = await this.#stripe.fetch(
      new Request(`${STRIPE}/_emulator${path}`, {
        method: body === undefined ? "GET" : "POST",
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    if (!response.ok) throw new StripeSaidNo(await response.text());
    return (await response.json()) as T;
  }

  /** What Stripe's own API says, without faults. */
  async ask<T>(path: string, secretKey: string = SECRETS.STRIPE_SECRET_KEY): Promise<T> {
    const headers = { Authorization: `Bearer ${secretKey}` };
    const response = await this.#stripe.fetch(new Request(`${STRIPE}/v1${path}`, { headers }));
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as T;
  }

  /** The events that wait to be sent, each once; they are the world's from now on. */
  async takeEvents(): Promise<StripeEvent[]> {
    const { deliveries } = await this.control<{ deliveries: StripeEvent[] }>("/webhooks/take", {});
    return deliveries.map(({ eventId, type, body }) => ({ eventId, type, body }));
  }

  /** A call of a process to Stripe. */
  async stripe(process: Mortal, fault: Fault | undefined, request: Request): Promise<Response> {
    const rule = fault === undefined ? undefined : STRIPE_RULES[fault];
    if (rule === undefined) {
      return withFault(process, fault, () => this.#stripe.fetch(request));
    }
    await this.control("/misbehave", { rules: [rule] });
    return withFault(process, undefined, () => this.#stripe.fetch(request));
  }

  /** A call of a process to the resolver. */
  dns(process: Mortal, fault: Fault | undefined, request: Request): Promise<Response> {
    return withFault(process, fault, () => this.#dns.fetch(request));
  }

  /** A call of a process to whoever is told of events. */
  subscriber(process: Mortal, fault: Fault | undefined, request: Request): Promise<Response> {
    switch (fault) {
      case "rate_limited":
      case "failed":
      case "failed_stored":
        return withFault(process, undefined, async () => new Response(null, { status: 500 }));
      case "failed_with_effect":
        return withFault(process, "error_after", () => this.subscribers.take(request));
      default:
        return withFault(process, fault, () => this.subscribers.take(request));
    }
  }

  /** A call of a process to the mail service. */
  resend(process: Mortal, fault: Fault | undefined, request: Request): Promise<Response> {
    switch (fault) {
      case "rate_limited":
        return withFault(process, undefined, async () =>
          problem(429, "rate_limit_exceeded", "Too many requests."),
        );
      case "failed":
      case "failed_stored":
        return withFault(process, undefined, async () =>
          problem(500, "internal_server_error", "An unexpected error occurred."),
        );
      case "failed_with_effect":
        return withFault(process, "error_after", () => this.mail.answer(request));
      default:
        return withFault(process, fault, () => this.mail.answer(request));
    }
  }
}

/** The state at Stripe does not allow what the world wanted to happen. */
export class StripeSaidNo extends Error {
  override readonly name = "StripeSaidNo";
}
