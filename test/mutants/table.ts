import { ASKING_FOR_A_PAGE } from "./checkout/asking.ts";
import { CALLING } from "./checkout/attention.ts";
import { CLOSING } from "./checkout/closing.ts";
import { COMPARING } from "./checkout/comparing.ts";
import { DECISIONS_ON_PAYMENTS } from "./checkout/decisions.ts";
import { DISPUTING } from "./checkout/disputing.ts";
import { ENDING } from "./checkout/ending.ts";
import { PAYMENT_EVENTS } from "./checkout/events.ts";
import { FINDING } from "./checkout/finding.ts";
import { OPENING } from "./checkout/opening.ts";
import { RECONCILED } from "./checkout/reconciled.ts";
import { RECONCILING } from "./checkout/reconciling.ts";
import { REFUND_AMOUNTS } from "./checkout/refund-amounts.ts";
import { REFUND_OUTCOMES } from "./checkout/refund-outcomes.ts";
import { SENDING_BACK } from "./checkout/refunds.ts";
import { RELEASING } from "./checkout/releasing.ts";
import { SETTLING } from "./checkout/settling.ts";
import type { Mutant } from "./mutant.ts";
import { ORDER_CHANGES } from "./orders/changes.ts";
import { MONEY_BACK } from "./orders/money-back.ts";
import { UNITS } from "./orders/parcels.ts";
import { REFUND_STEPS } from "./orders/refund-steps.ts";
import { ORDER_STEPS } from "./orders/steps.ts";
import { ASKING_STRIPE } from "./payments/asking.ts";
import { HEARING_STRIPE } from "./payments/hearing.ts";
import { ACCESS } from "./people/access.ts";
import { ACCESS_TOKENS } from "./people/access-tokens.ts";
import { API_KEYS } from "./people/api-keys.ts";
import { LINKS } from "./people/links.ts";
import { PASSWORDS } from "./people/passwords.ts";
import { PEOPLE_ROWS } from "./people/rows.ts";
import { SECRETS } from "./people/secrets.ts";
import { SESSIONS } from "./people/sessions.ts";
import { USERS } from "./people/users.ts";
import { AUDIT } from "./platform/audit.ts";
import { CONFIG } from "./platform/config.ts";
import { COUNTING } from "./platform/counting.ts";
import { FOREIGN_KEYS } from "./platform/foreign-keys.ts";
import { HTTP } from "./platform/http.ts";
import { IDEMPOTENCY } from "./platform/idempotency.ts";
import { KEY_ROWS } from "./platform/key-rows.ts";
import { LIMITS } from "./platform/limits.ts";
import { LOG_LINES } from "./platform/log.ts";
import { OUTBOX } from "./platform/outbox.ts";
import { VALUES } from "./platform/values.ts";
import { WEBHOOKS } from "./platform/webhooks.ts";
import { CATALOG } from "./shop/catalog.ts";
import { CLAIMS } from "./shop/claims.ts";
import { CODES } from "./shop/codes.ts";
import { DISCOUNT_COUNTS } from "./shop/discount-counts.ts";
import { DISCOUNT_USES } from "./shop/discount-uses.ts";
import { DISCOUNTS } from "./shop/discounts.ts";
import { HOLD_WRITES } from "./shop/hold-writes.ts";
import { HOLDS } from "./shop/holds.ts";
import { MOVES } from "./shop/moves.ts";
import { ORDER_MOVES } from "./shop/order-moves.ts";
import { ORDERS } from "./shop/orders.ts";
import { PAYMENTS } from "./shop/payments.ts";
import { REFUND_LINES } from "./shop/refund-lines.ts";
import { REFUNDS } from "./shop/refunds.ts";
import { SHIPMENTS } from "./shop/shipments.ts";
import { STOCK } from "./shop/stock.ts";
import { JOBS } from "./telling/jobs.ts";
import { MAILS } from "./telling/mails.ts";

/** Every mutant, by what it is about. */
export const TABLE: readonly Mutant[] = [
  ...[
    CATALOG,
    CLAIMS,
    CODES,
    DISCOUNT_COUNTS,
    DISCOUNT_USES,
    DISCOUNTS,
    HOLD_WRITES,
    HOLDS,
    MOVES,
    ORDER_MOVES,
    ORDERS,
    PAYMENTS,
    REFUND_LINES,
    REFUNDS,
    SHIPMENTS,
    STOCK,
  ],
  ...[ORDER_CHANGES, MONEY_BACK, UNITS, REFUND_STEPS, ORDER_STEPS],
  ...[
    ASKING_FOR_A_PAGE,
    CALLING,
    CLOSING,
    COMPARING,
    DECISIONS_ON_PAYMENTS,
    DISPUTING,
    ENDING,
    PAYMENT_EVENTS,
    FINDING,
    OPENING,
    RECONCILED,
    RECONCILING,
    REFUND_AMOUNTS,
    REFUND_OUTCOMES,
    SENDING_BACK,
    RELEASING,
    SETTLING,
  ],
  ...[ASKING_STRIPE, HEARING_STRIPE],
  ...[JOBS, MAILS],
  ...[ACCESS_TOKENS, ACCESS, API_KEYS, LINKS, PASSWORDS, PEOPLE_ROWS, SECRETS, SESSIONS, USERS],
  ...[
    AUDIT,
    CONFIG,
    COUNTING,
    FOREIGN_KEYS,
    HTTP,
    IDEMPOTENCY,
    KEY_ROWS,
    LIMITS,
    LOG_LINES,
    OUTBOX,
    VALUES,
    WEBHOOKS,
  ],
].flat();
