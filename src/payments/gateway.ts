import Stripe from "stripe";
import { SECOND_MS } from "../platform/clock.ts";
import type { Config } from "../platform/config.ts";
import type { Money } from "../platform/money.ts";
import { asPaymentError } from "./errors.ts";
import { type PaymentPage, readSession } from "./payment-page.ts";
import { toStripe } from "./stripe-amount.ts";
import { type VerifiedEvent, verifyEvent } from "./verify-event.ts";

const TIMEOUT_MS = 10 * SECOND_MS;
const RETRIES = 1;
const EXPAND = ["payment_intent"];

export interface PageRequest {
  readonly orderId: string;
  readonly lines: readonly {
    readonly name: string;
    readonly price: Money;
    readonly quantity: number;
  }[];
  readonly email: string | null;
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** Milliseconds; Stripe wants 30 minutes to 24 hours from now. */
  readonly expiresAt: number;
}

export interface RefundRequest {
  readonly refundId: string;
  readonly paymentIntentId: string;
  readonly money: Money;
}

/** What the shop asks of Stripe. Throws `PaymentRefused` or `PaymentUnavailable`. */
export interface PaymentGateway {
  /** Opens the order's payment page; asked again with the same order it answers the same page. */
  readonly openPage: (request: PageRequest) => Promise<PaymentPage>;
  readonly readPage: (sessionId: string) => Promise<PaymentPage>;
  /** Closes a page so that nobody can pay there any more, or says what became of it. */
  readonly closePage: (sessionId: string) => Promise<PaymentPage>;
  readonly refund: (
    request: RefundRequest,
  ) => Promise<{ id: string; status: "succeeded" | "pending" | "failed" }>;
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
    readPage,
    openPage: (request) =>
      asked(() =>
        stripe.checkout.sessions.create(sessionParams(request), {
          idempotencyKey: `checkout:${request.orderId}`,
        }),
      ).then(readSession),
    closePage: async (sessionId) => {
      try {
        return readSession(await asked(() => stripe.checkout.sessions.expire(sessionId)));
      } catch (error) {
        const page = await readPage(sessionId);
        if (page.state === "open") throw error;
        return page;
      }
    },
    refund: async ({ refundId, paymentIntentId, money }) => {
      const refund = await asked(() =>
        stripe.refunds.create(
          {
            payment_intent: paymentIntentId,
            amount: toStripe(money).amount,
            metadata: { refundId },
          },
          { idempotencyKey: `refund:${refundId}` },
        ),
      );
      return { id: refund.id, status: refundStatus(refund.status) };
    },
    verify: (rawBody, signature, now) =>
      verifyEvent(stripe, config.webhookSecret, rawBody, signature, now),
  };
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

/** The same for every try of one order, because Stripe compares the parameters of a repeated idempotency key. */
function sessionParams(request: PageRequest): Stripe.Checkout.SessionCreateParams {
  return {
    mode: "payment",
    client_reference_id: request.orderId,
    metadata: { orderId: request.orderId },
    payment_intent_data: { metadata: { orderId: request.orderId } },
    line_items: request.lines.map(({ name, price, quantity }) => {
      const { amount, currency } = toStripe(price);
      return { quantity, price_data: { currency, unit_amount: amount, product_data: { name } } };
    }),
    ...(request.email === null ? {} : { customer_email: request.email }),
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    expires_at: Math.floor(request.expiresAt / SECOND_MS),
  };
}

/** https://docs.stripe.com/api/refunds/object#refund_object-status */
function refundStatus(status: string | null): "succeeded" | "pending" | "failed" {
  if (status === "succeeded") return "succeeded";
  return status === "failed" || status === "canceled" ? "failed" : "pending";
}
