import { ASKING_FOR_A_PAGE } from "./checkout/asking.ts";
import { CALLING } from "./checkout/attention.ts";
import { CLOSING } from "./checkout/closing.ts";
import { COMPARING } from "./checkout/comparing.ts";
import { CONTROLLING } from "./checkout/controlling.ts";
import { DECISIONS_ON_PAYMENTS } from "./checkout/decisions.ts";
import { DELAYED } from "./checkout/delayed.ts";
import { DISPUTING } from "./checkout/disputing.ts";
import { ENDING } from "./checkout/ending.ts";
import { EVENT_FIRST } from "./checkout/event-first.ts";
import { PAYMENT_EVENTS } from "./checkout/events.ts";
import { FINDING } from "./checkout/finding.ts";
import { FREE_ORDERS } from "./checkout/free.ts";
import { OPENING } from "./checkout/opening.ts";
import { RECONCILED } from "./checkout/reconciled.ts";
import { RECONCILING } from "./checkout/reconciling.ts";
import { REFUND_AMOUNTS } from "./checkout/refund-amounts.ts";
import { REFUND_OUTCOMES } from "./checkout/refund-outcomes.ts";
import { SENDING_BACK } from "./checkout/refunds.ts";
import { REFUSED_BY_STRIPE } from "./checkout/refusing.ts";
import { RELEASING } from "./checkout/releasing.ts";
import { RESTORING } from "./checkout/restoring.ts";
import { REVIVING_EVENTS } from "./checkout/reviving.ts";
import { SETTLING } from "./checkout/settling.ts";
import { STRANGE_MONEY } from "./checkout/strange-money.ts";
import type { Mutant } from "./mutant.ts";
import { SETTLING_CALLS } from "./orders/attention.ts";
import { ORDER_CHANGES } from "./orders/changes.ts";
import { FINDING_ORDERS } from "./orders/finding.ts";
import { HOLDERS } from "./orders/holders.ts";
import { SENDING_MANY } from "./orders/many.ts";
import { MONEY_BACK } from "./orders/money-back.ts";
import { NOTING } from "./orders/noting.ts";
import { OWED_UNITS } from "./orders/owed.ts";
import { UNITS } from "./orders/parcels.ts";
import { RECEIPTS } from "./orders/receipts.ts";
import { REFUND_STEPS } from "./orders/refund-steps.ts";
import { ORDER_STEPS } from "./orders/steps.ts";
import { PAGE_FORMS } from "./pages/forms.ts";
import { HOLD_PAGES } from "./pages/holds.ts";
import { ASKING_STRIPE } from "./payments/asking.ts";
import { HEARING_STRIPE } from "./payments/hearing.ts";
import { WHOSE_PAYMENTS } from "./payments/whose.ts";
import { ACCESS } from "./people/access.ts";
import { ACCESS_TOKENS } from "./people/access-tokens.ts";
import { API_KEYS } from "./people/api-keys.ts";
import { PEOPLE_FORGOTTEN } from "./people/customers.ts";
import { FINDING_CUSTOMERS } from "./people/finding-customers.ts";
import { GRANTS } from "./people/grants.ts";
import { LINKS } from "./people/links.ts";
import { PASSWORDS } from "./people/passwords.ts";
import { PEOPLE_ROWS } from "./people/rows.ts";
import { SECRETS } from "./people/secrets.ts";
import { SESSIONS } from "./people/sessions.ts";
import { USERS } from "./people/users.ts";
import { VERIFICATION } from "./people/verification.ts";
import { AUDIT } from "./platform/audit.ts";
import { CONFIG } from "./platform/config.ts";
import { COUNTING } from "./platform/counting.ts";
import { DOCUMENTED } from "./platform/documented.ts";
import { FOREIGN_KEYS } from "./platform/foreign-keys.ts";
import { HTTP } from "./platform/http.ts";
import { IDEMPOTENCY } from "./platform/idempotency.ts";
import { KEY_ROWS } from "./platform/key-rows.ts";
import { LIMITS } from "./platform/limits.ts";
import { LOG_LINES } from "./platform/log.ts";
import { NEGOTIATING } from "./platform/negotiating.ts";
import { OUTBOX } from "./platform/outbox.ts";
import { RETENTION } from "./platform/retention.ts";
import { ROTATING } from "./platform/rotating.ts";
import { VISIBLE_TEXT } from "./platform/text.ts";
import { PERSONS_ONLY } from "./platform/turnstile.ts";
import { VALUES } from "./platform/values.ts";
import { WAITING } from "./platform/waiting.ts";
import { WEBHOOKS } from "./platform/webhooks.ts";
import { CATALOG } from "./shop/catalog.ts";
import { CLAIMS } from "./shop/claims.ts";
import { CODES } from "./shop/codes.ts";
import { CSV } from "./shop/csv.ts";
import { DISCOUNT_COUNTS } from "./shop/discount-counts.ts";
import { DISCOUNT_USES } from "./shop/discount-uses.ts";
import { DISCOUNTS } from "./shop/discounts.ts";
import { HOLD_CHANGES } from "./shop/hold-changes.ts";
import { HOLD_WRITES } from "./shop/hold-writes.ts";
import { HOLDS } from "./shop/holds.ts";
import { SHOPPERS_LIMITS } from "./shop/limits.ts";
import { CATALOG_MEMORY } from "./shop/memory.ts";
import { MOVES } from "./shop/moves.ts";
import { ORDER_MOVES } from "./shop/order-moves.ts";
import { ORDERS } from "./shop/orders.ts";
import { PAYMENTS } from "./shop/payments.ts";
import { PICTURES_KEPT } from "./shop/pictures.ts";
import { REFUND_LINES } from "./shop/refund-lines.ts";
import { REFUNDS } from "./shop/refunds.ts";
import { REPORTS } from "./shop/reports.ts";
import { SEARCH } from "./shop/search.ts";
import { SELLING } from "./shop/selling.ts";
import { SHIPMENTS } from "./shop/shipments.ts";
import { STAFF_HOLDS } from "./shop/staff-holds.ts";
import { STOCK } from "./shop/stock.ts";
import { LOW_STOCK } from "./shop/thresholds.ts";
import { JOBS } from "./telling/jobs.ts";
import { MAILS } from "./telling/mails.ts";
import { SETTINGS_AND_OPERATORS } from "./telling/operators.ts";
import { SUBSCRIBERS } from "./telling/subscribers.ts";

/** Every mutant, by what it is about. */
export const TABLE: readonly Mutant[] = [
  ...[
    CATALOG,
    CATALOG_MEMORY,
    SEARCH,
    SELLING,
    STAFF_HOLDS,
    SHOPPERS_LIMITS,
    CLAIMS,
    CODES,
    DISCOUNT_COUNTS,
    DISCOUNT_USES,
    DISCOUNTS,
    HOLD_CHANGES,
    HOLD_WRITES,
    HOLDS,
    MOVES,
    ORDER_MOVES,
    ORDERS,
    PAYMENTS,
    PICTURES_KEPT,
    REFUND_LINES,
    REFUNDS,
    SHIPMENTS,
    STOCK,
    LOW_STOCK,
  ],
  ...[
    ORDER_CHANGES,
    FINDING_ORDERS,
    NOTING,
    SENDING_MANY,
    HOLDERS,
    SETTLING_CALLS,
    OWED_UNITS,
    MONEY_BACK,
    UNITS,
    RECEIPTS,
    REFUND_STEPS,
    ORDER_STEPS,
  ],
  ...[
    ASKING_FOR_A_PAGE,
    EVENT_FIRST,
    DELAYED,
    RESTORING,
    CONTROLLING,
    STRANGE_MONEY,
    REVIVING_EVENTS,
    REFUSED_BY_STRIPE,
    FREE_ORDERS,
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
  ...[ASKING_STRIPE, WHOSE_PAYMENTS, HEARING_STRIPE],
  ...[JOBS, MAILS, SETTINGS_AND_OPERATORS, SUBSCRIBERS],
  ...[PAGE_FORMS, HOLD_PAGES],
  ...[
    ACCESS_TOKENS,
    VERIFICATION,
    GRANTS,
    PEOPLE_FORGOTTEN,
    FINDING_CUSTOMERS,
    ACCESS,
    API_KEYS,
    LINKS,
    PASSWORDS,
    PEOPLE_ROWS,
    SECRETS,
    SESSIONS,
    USERS,
  ],
  ...[
    AUDIT,
    RETENTION,
    DOCUMENTED,
    NEGOTIATING,
    ROTATING,
    VISIBLE_TEXT,
    PERSONS_ONLY,
    WAITING,
    CONFIG,
    CSV,
    REPORTS,
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
