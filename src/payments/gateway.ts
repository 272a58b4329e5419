import type { PaymentHistory } from "./history.ts";
import type { ProviderDispute, ProviderRefund, RefundRequest, RefundState } from "./money-back.ts";
import type { EventBody, PaymentNews, VerifiedEvent } from "./news.ts";
import type {
  PaymentOrigin,
  PaymentSession,
  SessionRequest,
  SessionTimes,
} from "./payment-session.ts";

/** What the shop asks of whoever takes its payments. Throws `PaymentRefused` or `PaymentUnavailable`. */
export interface PaymentGateway extends PaymentHistory {
  /** What the inbox calls it, and history where it has acted. */
  readonly provider: "stripe";
  /** What people call it. */
  readonly name: string;
  /** How long it remembers its events, in milliseconds. */
  readonly eventsKeptMs: number;
  /** Opens the order's session; asked again with the same order it answers the same one. */
  readonly openSession: (request: SessionRequest) => Promise<PaymentSession>;
  /** The order's session if a customer has completed it and it is among the newest 2,000 such of its time, else null. */
  readonly findCompleted: (order: SessionTimes) => Promise<PaymentSession | null>;
  readonly readSession: (sessionId: string) => Promise<PaymentSession>;
  /** The same with what the shop wrote on it. */
  readonly readOrigin: (sessionId: string) => Promise<PaymentOrigin>;
  /** Closes a session so that nobody can pay there any more, or says what became of it. */
  readonly closeSession: (sessionId: string) => Promise<PaymentSession>;
  /** Whether nobody can pay in a session of this order any more, also in one that we have never heard of. */
  readonly isSessionOver: (request: Pick<SessionRequest, "expiresAt">, now: number) => boolean;
  readonly refund: (request: RefundRequest) => Promise<RefundState>;
  /** Every refund of a payment, whoever made it, oldest first. */
  readonly listRefunds: (providerPaymentId: string) => Promise<ProviderRefund[]>;
  readonly readDispute: (disputeId: string) => Promise<ProviderDispute>;
  /** Where a payment was made; null for one that no session has made. */
  readonly findOrigin: (providerPaymentId: string) => Promise<PaymentOrigin | null>;
  /** Where a person sees a payment, or all of them. */
  readonly dashboardUrl: (providerPaymentId: string | null) => string;
  /** Reads a webhook. Throws `INVALID_SIGNATURE`, or `MALFORMED_JSON` for what is no event. */
  readonly verify: (rawBody: string, headers: Headers, now: number) => Promise<VerifiedEvent>;
  /** What an event of the inbox is about; null for one that is not for us. */
  readonly newsOf: (event: EventBody) => PaymentNews | null;
  /** An event of our own that says no more than to look at a session. */
  readonly lookAt: (sessionId: string) => EventBody;
}
