import Stripe from "stripe";
import { HOUR_MS, SECOND_MS } from "../../platform/clock.ts";
import type { Config } from "../../platform/config.ts";
import { PaymentUnavailable } from "../errors.ts";
import type { PaymentGateway } from "../gateway.ts";
import type { RefundRequest } from "../money-back.ts";
import type { SessionRequest, SessionTimes } from "../payment-session.ts";
import { toStripe } from "./amount.ts";
import { makeCoupon } from "./coupon.ts";
import { makeCustomer } from "./customer.ts";
import { readDispute } from "./disputes.ts";
import { asPaymentError } from "./errors.ts";
import { paymentHistory } from "./history.ts";
import { makeOnce } from "./make-once.ts";
import { MARK_KEY } from "./mark.ts";
import { lookAt, newsOf } from "./news.ts";
import { findOrigin, originOf } from "./origin.ts";
import { listRefunds, readRefund } from "./refunds.ts";
import { EXPANDED, readSession } from "./session.ts";
import { sessionParams } from "./session-params.ts";
import { isSessionOver, searchSession } from "./session-search.ts";
import { verifyEvent } from "./verify-event.ts";

const TIMEOUT_MS = 10 * SECOND_MS;
const RETRIES = 1;
const EXPAND = [EXPANDED];
const LIST_PAGE = 100;
/** https://docs.stripe.com/api/events: access is guaranteed for 30 days only. */
const EVENTS_KEPT_MS = 30 * 24 * HOUR_MS;

/** The one place that speaks to Stripe. */
export function createStripeGateway(config: Config["stripe"], shopId: string): PaymentGateway {
  const stripe = new Stripe(config.secretKey, {
    httpClient: Stripe.createFetchHttpClient(),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: RETRIES,
    telemetry: false,
    ...addressOf(config.apiUrl),
  });
  const retrieve = (sessionId: string) =>
    asked(() => stripe.checkout.sessions.retrieve(sessionId, { expand: EXPAND }));
  return {
    provider: "stripe",
    name: "Stripe",
    eventsKeptMs: EVENTS_KEPT_MS,
    ...paymentHistory(stripe, shopId),
    readSession: (sessionId) => retrieve(sessionId).then(readSession),
    readOrigin: (sessionId) => retrieve(sessionId).then((session) => originOf(session, shopId)),
    openSession: (request) => asked(() => openSession(stripe, request, shopId)).then(readSession),
    findCompleted: async (order) => {
      const { found } = await asked(() => searchSession(stripe, order, "complete"));
      return found === undefined ? null : readSession(found);
    },
    closeSession: async (sessionId) => {
      try {
        return readSession(await asked(() => stripe.checkout.sessions.expire(sessionId)));
      } catch (error) {
        const session = readSession(await retrieve(sessionId));
        if (session.state === "open") throw error;
        return session;
      }
    },
    refund: (request) => asked(() => makeRefund(stripe, request, shopId)).then(readRefund),
    listRefunds: (providerPaymentId) => asked(() => listRefunds(stripe, providerPaymentId)),
    readDispute: (id) => asked(() => stripe.disputes.retrieve(id)).then(readDispute),
    findOrigin: (providerPaymentId) => asked(() => findOrigin(stripe, providerPaymentId, shopId)),
    dashboardUrl: (providerPaymentId) =>
      `https://dashboard.stripe.com/payments/${providerPaymentId ?? ""}`,
    isSessionOver,
    verify: (rawBody, headers, now) =>
      verifyEvent(stripe, { secret: config.webhookSecret, now }, { rawBody, headers }),
    newsOf: (event) => newsOf(event, shopId),
    lookAt: (sessionId) => lookAt(sessionId, shopId),
  };
}

async function openSession(
  stripe: Stripe,
  request: SessionRequest,
  shopId: string,
): Promise<Stripe.Checkout.Session> {
  const customer = await makeCustomer(stripe, request);
  const params = sessionParams(request, { customer, shopId });
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
  order: SessionTimes,
): Promise<Stripe.Checkout.Session | undefined> {
  const { found, sure } = await searchSession(stripe, order);
  if (!sure) throw new PaymentUnavailable("There are too many sessions to look through.");
  return found;
}

function makeRefund(
  stripe: Stripe,
  request: RefundRequest,
  shopId: string,
): Promise<Stripe.Refund> {
  const { refundId, orderId, providerPaymentId, money } = request;
  const metadata = { refundId, orderId, [MARK_KEY]: shopId };
  const payment = { payment_intent: providerPaymentId };
  return makeOnce(
    `refund:${refundId}`,
    (idempotencyKey) =>
      stripe.refunds.create(
        { ...payment, amount: toStripe(money).amount, metadata },
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
