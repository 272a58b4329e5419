import { COMPARING, DISPUTING } from "./checkout/comparing.ts";
import { DECISIONS_ON_PAYMENTS } from "./checkout/decisions.ts";
import { ENDING } from "./checkout/ending.ts";
import { PAYMENT_EVENTS } from "./checkout/events.ts";
import { OPENING } from "./checkout/opening.ts";
import { RECONCILING } from "./checkout/reconciling.ts";
import { SENDING_BACK } from "./checkout/refunds.ts";
import { SETTLING } from "./checkout/settling.ts";
import type { Mutant } from "./mutant.ts";
import { MONEY_BACK, ORDER_CHANGES } from "./orders/changes.ts";
import { ORDER_STEPS } from "./orders/steps.ts";
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

/** Every mutant, by what it is about. */
export const TABLE: readonly Mutant[] = [
  ...[CATALOG, STOCK, HOLDS, HOLD_WRITES, ORDERS, CLAIMS, SHIPMENTS],
  ...[
    PAYMENTS,
    REFUNDS,
    REFUND_LINES,
    DISCOUNTS,
    DISCOUNT_USES,
    DISCOUNT_COUNTS,
    ORDER_MOVES,
    MOVES,
  ],
  ...[ORDER_STEPS, ORDER_CHANGES, MONEY_BACK],
  ...[OPENING, DECISIONS_ON_PAYMENTS, SETTLING, PAYMENT_EVENTS, ENDING],
  ...[SENDING_BACK, COMPARING, DISPUTING, RECONCILING],
  ...[ACCESS, PEOPLE_ROWS, USERS, API_KEYS, SESSIONS, SECRETS, LINKS, ACCESS_TOKENS, PASSWORDS],
  ...[
    FOREIGN_KEYS,
    AUDIT,
    WEBHOOKS,
    OUTBOX,
    KEY_ROWS,
    IDEMPOTENCY,
    HTTP,
    LOG_LINES,
    VALUES,
    LIMITS,
    COUNTING,
    CONFIG,
  ],
].flat();
