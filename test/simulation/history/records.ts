import type { StripeEvent } from "../world/index.ts";
import type { Caller } from "./people.ts";

export type Kind =
  | "reservation"
  | "checkout"
  | "cancellation"
  | "refund"
  | "fulfillment"
  | "fulfillments"
  | "note"
  | "movement"
  | "discount"
  | "replay";

/** After so long the shop may have let go of what was over by then: an unpaid hold or order, a promise, an ignored event. */
export const KEPT_MS = 30 * 24 * 3_600_000;

/** A request with an idempotency key, and the first final answer that anybody has seen to it. */
export interface KeyedRequest {
  readonly kind: Kind;
  readonly who: Caller;
  readonly path: string;
  readonly body: object;
  /** What the caller has besides who they are, such as an order's token. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly key: string;
  /** Milliseconds. */
  readonly at: number;
  answer?: { readonly status: number; readonly text: string };
}

export interface HeldReservation {
  readonly id: string;
  readonly who: Caller;
  readonly expiresAt: number;
  /** Those that it was last asked for. */
  skus: readonly string[];
  /** When it was answered, in milliseconds. */
  readonly at: number;
  /** Of the order that a guest has made of it: from then on its id alone opens nothing. */
  orderToken?: string;
}

export interface PlacedOrder {
  readonly id: string;
  readonly number: number;
  readonly who: Caller;
  readonly token: string | undefined;
  readonly sessionId: string;
  /** When it was answered, in milliseconds. */
  readonly at: number;
  readonly skus: readonly string[];
  /** What was paid at Stripe for it. */
  intent?: string;
  /** The database went back to a moment before it: it is there again if Stripe has its money. */
  lost?: "by_the_list" | "carelessly";
}

/** A webhook on its way; `lost` ones never come. */
export interface PendingEvent {
  readonly event: StripeEvent;
  acknowledged: boolean;
  lost: boolean;
}

/** What the outside has seen of the shop: every answer it may rely on. */
export class Records {
  readonly requests: KeyedRequest[] = [];
  readonly reservations: HeldReservation[] = [];
  readonly orders: PlacedOrder[] = [];
  readonly made: { readonly kind: Kind; readonly id: string; readonly orderId: string }[] = [];
  readonly canceled: string[] = [];
  readonly events: PendingEvent[] = [];
  /** PaymentIntents of what was paid at Stripe. */
  readonly intents: string[] = [];
  /** Those of them that a bank has to decide on. */
  readonly atBank = new Set<string>();
  readonly disputed = new Set<string>();
  readonly discountCodes: string[] = [];
  /** Promises that a database made which has gone back since: what was sent stays sent. */
  readonly promisedBefore = new Set<string>();
  /** What must never be: sentences. */
  readonly breaches: string[] = [];

  breach(sentence: string): void {
    this.breaches.push(sentence);
  }
}
