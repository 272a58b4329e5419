import type {
  BalanceTransaction,
  Charge,
  Coupon,
  Customer,
  Dispute,
  EventRecord,
  PaymentIntent,
  Refund,
  SessionRecord,
} from "./objects.ts";

export interface StoredAnswer {
  fingerprint: string;
  status: number;
  body: string;
  requestId: string;
  /** Milliseconds. */
  createdAt: number;
}

export interface Account {
  id: string;
  sessions: Map<string, SessionRecord>;
  /** Payment intent id → session id. */
  sessionOfPayment: Map<string, string>;
  /** Session id → expires_at in seconds, while the session is open. */
  openSessions: Map<string, number>;
  paymentIntents: Map<string, PaymentIntent>;
  charges: Map<string, Charge>;
  refunds: Map<string, Refund>;
  disputes: Map<string, Dispute>;
  coupons: Map<string, Coupon>;
  customers: Map<string, Customer>;
  balanceTransactions: Map<string, BalanceTransaction>;
  events: Map<string, EventRecord>;
  answers: Map<string, StoredAnswer>;
}

export interface Delivery {
  id: string;
  accountId: string;
  eventId: string;
  attempt: number;
  /** Milliseconds, on the clock of deliveries. */
  createdAt: number;
  dueAt: number;
}

export const MISBEHAVIOURS = [
  "timeout_after_success",
  "timeout_before",
  "error_500",
  "rate_limit_429",
  "refuse",
  "delay",
  "answer_late",
  "connection_reset",
] as const;
export type MisbehaviourKind = (typeof MISBEHAVIOURS)[number];

export interface MisbehaviourRule {
  method: string | null;
  path: string | null;
  kind: MisbehaviourKind;
  times: number;
  skip: number;
  delayMs: number | null;
  /** For `error_500` and `connection_reset`: whether the effect happened before the failure. */
  effect: boolean;
  /** For `error_500`: whether execution had begun, so that the idempotency key replays the error. */
  stored: boolean;
  /** For `refuse`: what of the request it is about, and what Stripe says. */
  param: string | null;
  message: string;
}

export interface WebhookBehaviour {
  duplicate: number;
  delayMs: number;
  reorder: boolean;
  drop: number | true;
}

export interface RequestEntry {
  method: string;
  path: string;
  params: object;
  idempotencyKey: string | null;
  /** 0 while unanswered, and for good when the connection was dropped. */
  status: number;
}

export interface State {
  version: 2;
  seed: string;
  issuedIds: number;
  /** Milliseconds when the control API holds the clock. */
  heldClock: number | null;
  accounts: Map<string, Account>;
  deliveries: Delivery[];
  requests: RequestEntry[];
  rules: MisbehaviourRule[];
  webhookBehaviour: WebhookBehaviour;
  cardRefunds: "succeeded" | "pending";
  /** What Stripe Tax takes, in percent, where `taxPlaces` says nothing else of a country. */
  taxPercent: number;
  taxPlaces: Readonly<Record<string, number>>;
}

export function emptyState(seed: string): State {
  return {
    version: 2,
    seed,
    issuedIds: 0,
    heldClock: null,
    accounts: new Map(),
    deliveries: [],
    requests: [],
    rules: [],
    webhookBehaviour: usualWebhooks(),
    cardRefunds: "succeeded",
    taxPercent: 0,
    taxPlaces: {},
  };
}

export function usualWebhooks(): WebhookBehaviour {
  return { duplicate: 0, delayMs: 0, reorder: false, drop: 0 };
}

export function emptyAccount(id: string): Account {
  return {
    id,
    sessions: new Map(),
    sessionOfPayment: new Map(),
    openSessions: new Map(),
    paymentIntents: new Map(),
    charges: new Map(),
    refunds: new Map(),
    disputes: new Map(),
    coupons: new Map(),
    customers: new Map(),
    balanceTransactions: new Map(),
    events: new Map(),
    answers: new Map(),
  };
}
