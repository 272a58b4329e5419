import Stripe from "stripe";
import { SECOND_MS } from "../platform/clock.ts";
import type { Config } from "../platform/config.ts";
import type { Money } from "../platform/money.ts";
import { makeCoupon } from "./coupon.ts";
import { type DisputeAtStripe, readDispute } from "./disputes.ts";
import { asPaymentError, PaymentUnavailable } from "./errors.ts";
import { type PaymentHistory, paymentHistory } from "./history.ts";
import { makeOnce } from "./make-once.ts";
import { findOrigin, type PaymentOrigin } from "./payment-origin.ts";
import { type PaymentPage, readSession } from "./payment-page.ts";
import { listRefunds, type RefundAtStripe, type RefundState, readRefund } from "./refunds.ts";
import { type PageRequest, sessionParams } from "./session-params.ts";
import { type PageTimes, searchSession } from "./session-search.ts";
import { toStripe } from "./stripe-amount.ts";
import { type VerifiedEvent, verifyEvent } from "./verify-event.ts";

const TIMEOUT_MS = 10 * SECOND_MS;
const RETRIES = 1;
const EXPAND = ["payment_intent"];
const LIST_PAGE = 100;

export interface RefundRequest {
  readonly refundId: string;
  readonly orderId: string;
  readonly paymentIntentId: string;
  readonly money: Money;
}

/** What the shop asks of Stripe. Throws `PaymentRefused` or `PaymentUnavailable`. */
export interface PaymentGateway extends PaymentHistory {
  /** Opens the order's payment page; asked again with the same order it answers the same page. */
  readonly openPage: (request: PageRequest) => Promise<PaymentPage>;
  /** The order's payment page if a customer has completed it and it is among the newest 2,000 such of its time, else null. */
  readonly findCompleted: (order: PageTimes) => Promise<PaymentPage | null>;
  readonly readPage: (sessionId: string) => Promise<PaymentPage>;
  /** Closes a page so that nobody can pay there any more, or says what became of it. */
  readonly closePage: (sessionId: string) => Promise<PaymentPage>;
  readonly refund: (request: RefundRequest) => Promise<RefundState>;
  /** Every refund of a payment, whoever made it, oldest first. */
  readonly listRefunds: (paymentIntentId: string) => Promise<RefundAtStripe[]>;
  readonly readDispute: (disputeId: string) => Promise<DisputeAtStripe>;
  /** Where a payment was made; null for one that no payment page has made. */
  readonly findOrigin: (paymentIntentId: string) => Promise<PaymentOrigin | null>;
  readonly verify: (
    rawBody: string,
    signature: string | undefined,
    now: number,
  ) => Promise<VerifiedEvent>;
}

/** The one place that speaks to Stripe. */
export function createPaymentGateway(config: Config["stripe"]): PaymentGateway {
  const stripe = new Stripe(config.secretKey, {
    httpClient: Stripe.createFetchHttpClient(),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: RETRIES,
    telemetry: false,
    ...addressOf(config.apiUrl),
  });
  const readPage = (sessionId: string) =>
    asked(() => stripe.checkout.sessions.retrieve(sessionId, { expand: EXPAND })).then(readSession);
  return {
    ...paymentHistory(stripe),
    readPage,
    openPage: (request) => asked(() => openSession(stripe, request)).then(readSession),
    findCompleted: async (order) => {
      const { found } = await asked(() => searchSession(stripe, order, "complete"));
      return found === undefined ? null : readSession(found);
    },
    closePage: async (sessionId) => {
      try {
        return readSession(await asked(() => stripe.checkout.sessions.expire(sessionId)));
      } catch (error) {
        const page = await readPage(sessionId);
        if (page.state === "open") throw error;
        return page;
      }
    },
    refund: (request) => asked(() => makeRefund(stripe, request)).then(readRefund),
    listRefunds: (paymentIntentId) => asked(() => listRefunds(stripe, paymentIntentId)),
    readDispute: (id) => asked(() => stripe.disputes.retrieve(id)).then(readDispute),
    findOrigin: (paymentIntentId) => asked(() => findOrigin(stripe, paymentIntentId)),
    verify: (rawBody, signature, now) =>
      verifyEvent(stripe, config.webhookSecret, rawBody, signature, now),
  };
}

async function openSession(stripe: Stripe, request: PageRequest): Promise<Stripe.Checkout.Session> {
  const params = sessionParams(request);
  if (request.discount !== null) await makeCoupon(stripe, request.orderId, request.discount);
  return makeOnce(
    `checkout:${request.orderId}`,
    (idempotencyKey) => stripe.checkout.sessions.create(params, { idempotencyKey }),
    () => findSession(stripe, request),
  );
}

/** Throws `PaymentUnavailable` when there are too many sessions to be sure. */
async function findSession(
  stripe: Stripe,
  order: PageTimes,
): Promise<Stripe.Checkout.Session | undefined> {
  const { found, sure } = await searchSession(stripe, order);
  if (!sure) throw new PaymentUnavailable("There are too many payment pages to look through.");
  return found;
}

function makeRefund(stripe: Stripe, request: RefundRequest): Promise<Stripe.Refund> {
  const { refundId, orderId, paymentIntentId, money } = request;
  const payment = { payment_intent: paymentIntentId };
  return makeOnce(
    `refund:${refundId}`,
    (idempotencyKey) =>
      stripe.refunds.create(
        { ...payment, amount: toStripe(money).amount, metadata: { refundId, orderId } },
        { idempotencyKey },
      ),
    async () => {
      const { data } = await stripe.refunds.list({ ...payment, limit: LIST_PAGE });
      return data.find((refund) => refund.metadata?.["refundId"] === refundId);
    },
  );
}

async function asked<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw asPaymentError(error);
  }
}

function addressOf(apiUrl: string | undefined): Stripe.StripeConfig {
  if (apiUrl === undefined) return {};
  const url = new URL(apiUrl);
  const secure = url.protocol === "https:";
  return {
    host: url.hostname,
    port: url.port === "" ? (secure ? 443 : 80) : url.port,
    protocol: secure ? "https" : "http",
  };
}
