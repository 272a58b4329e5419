import { group, oneOf, optional, text } from "../protocol/checks.ts";
import { newestFirst, pageParams, paginate, period, within } from "../protocol/lists.ts";
import { invalid, noSuch } from "../protocol/problem.ts";
import { email } from "../protocol/values.ts";
import { expireSession } from "../world/expiry.ts";
import type { SessionRecord } from "../world/objects.ts";
import { offeredMethods } from "../world/payment-methods.ts";
import type { Account } from "../world/state.ts";
import type { Scope } from "../world/world.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { sessionAmounts, usableCoupon } from "./session-amounts.ts";
import { newSessionRecord } from "./session-object.ts";
import {
  NOT_EMULATED_SESSION_PARAMS,
  type SessionParams,
  sessionParams,
} from "./session-params.ts";

const SHORTEST_LIFETIME_SECONDS = 30 * 60;
const LONGEST_LIFETIME_SECONDS = 24 * 60 * 60;

function findSession(account: Account, id: string): SessionRecord {
  const record = account.sessions.get(id);
  if (record === undefined) throw noSuch("checkout.session", id, "session");
  return record;
}

const SESSION = { object: "checkout.session" } as const;

const createSession = endpoint(sessionParams, {
  method: "POST",
  path: "/v1/checkout/sessions",
  answers: SESSION,
  notEmulated: NOT_EMULATED_SESSION_PARAMS,
  refuse(scope, params) {
    refuseMode(params);
    refuseCustomer(scope, params);
    refuseLifetime(params, scope.world.seconds());
    refuseNoMethods(params, pricing(scope, params).currency);
  },
  run(scope, params) {
    const record = newSessionRecord(scope, params, pricing(scope, params));
    const { session } = record;
    scope.account.sessions.set(session.id, record);
    scope.account.openSessions.set(session.id, session.expires_at);
    return session;
  },
});

function pricing({ world, account }: Scope, params: SessionParams) {
  return sessionAmounts(params, usableCoupon(account.coupons, params, world.seconds()));
}

function refuseCustomer(
  { account }: Scope,
  { customer, customer_email: email }: SessionParams,
): void {
  if (customer === undefined) return;
  if (!account.customers.has(customer)) throw noSuch("customer", customer, "customer");
  if (email !== undefined)
    throw invalid(
      "You may only specify one of these parameters: customer, customer_email.",
      "customer",
    );
}

function refuseNoMethods(params: SessionParams, currency: string): void {
  const { allowed_payment_method_types: allowed, excluded_payment_method_types: excluded } = params;
  if (offeredMethods(currency, { allowed, excluded }).length > 0) return;
  throw invalid(
    "No valid payment method types for this Checkout Session. Please ensure that you have activated payment methods compatible with your chosen currency in your dashboard.",
    "allowed_payment_method_types",
  );
}

function refuseMode(params: SessionParams): void {
  if (params.mode !== "payment") {
    throw invalid(`The Stripe emulator does not emulate mode=${params.mode}, only payment`, "mode");
  }
  if (params.allow_promotion_codes !== undefined && params.discounts.length > 0) {
    throw invalid(
      "You may only specify one of these parameters: allow_promotion_codes, discounts.",
      "allow_promotion_codes",
    );
  }
}

/** Bounds: https://docs.stripe.com/api/checkout/sessions/create, `expires_at`. */
function refuseLifetime(params: SessionParams, now: number): void {
  if (params.expires_at === undefined) return;
  const lifetime = params.expires_at - now;
  if (lifetime < SHORTEST_LIFETIME_SECONDS) {
    throw invalid(
      "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
      "expires_at",
    );
  }
  if (lifetime > LONGEST_LIFETIME_SECONDS) {
    throw invalid(
      "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
      "expires_at",
    );
  }
}

const retrieveSession = endpoint(
  {},
  {
    method: "GET",
    path: "/v1/checkout/sessions/:id",
    answers: SESSION,
    run: ({ account }, _params, id) => findSession(account, id).session,
  },
);

const listSessions = endpoint(
  {
    ...pageParams,
    payment_intent: optional(text()),
    status: optional(oneOf(["open", "complete", "expired"])),
    created: optional(period()),
    customer_details: optional(group({ email: email() })),
  },
  {
    method: "GET",
    path: "/v1/checkout/sessions",
    answers: { ...SESSION, list: true },
    notEmulated: ["customer", "customer_account", "payment_link", "subscription"],
    run({ account }, params) {
      const { payment_intent, status, created, customer_details: customer } = params;
      const all = newestFirst(account.sessions).map(({ session }) => session);
      return paginate("/v1/checkout/sessions", params, {
        all,
        matches: (session) =>
          (payment_intent === undefined || session.payment_intent === payment_intent) &&
          (status === undefined || session.status === status) &&
          (customer === undefined || session.customer_details?.email === customer.email) &&
          within(session.created, created),
      });
    },
  },
);

const expireNow = endpoint(
  {},
  {
    method: "POST",
    path: "/v1/checkout/sessions/:id/expire",
    answers: SESSION,
    run(scope, _params, id) {
      const record = findSession(scope.account, id);
      const { status } = record.session;
      if (status !== "open") {
        throw invalid(
          `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${status}\`.`,
        );
      }
      expireSession(scope, record);
      return record.session;
    },
  },
);

const listLineItems = endpoint(pageParams, {
  method: "GET",
  path: "/v1/checkout/sessions/:id/line_items",
  answers: { object: "item", list: true },
  run({ account }, params, id) {
    const { lineItems } = findSession(account, id);
    const url = `/v1/checkout/sessions/${id}/line_items`;
    return paginate(url, params, { all: lineItems, matches: () => true });
  },
});

export const sessionEndpoints: Endpoint[] = [
  createSession,
  listSessions,
  retrieveSession,
  expireNow,
  listLineItems,
];
