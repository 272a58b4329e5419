import { DAY_MS } from "../platform/clock.ts";

/** What goes when it is over, and after how long. */
interface Line {
  readonly what: string;
  /** What the time is counted from. */
  readonly since: string;
  /** Milliseconds. */
  readonly afterMs: number;
  readonly to: string;
  readonly tables: readonly string[];
}

const NOWHERE = "nowhere";

/**
 * Everything that would grow for ever and need not. The database has the same times in `retention`, and its triggers let
 * exactly this through. `docs/RETENTION.md` shows the table; a test holds both to it, and every table of the shop to either
 * this one or to `STAYS`.
 */
export const POLICY = {
  holds: {
    what: "holds that became no order, with what they took and gave back in the ledger",
    since: "their end",
    afterMs: 30 * DAY_MS,
    to: "nowhere; a checkpoint of the ledger stands for them",
    tables: ["reservations", "reservation_lines", "stock_movements"],
  },
  orders: {
    what: "orders that nobody has paid, with hold, lines, history, payments and the use of their code",
    since: "their last change",
    afterMs: 30 * DAY_MS,
    to: "nowhere; money that comes later has the order written again, as after a restore",
    tables: ["orders", "order_lines", "order_events", "payments", "discount_uses"],
  },
  promises: {
    what: "promises of the outbox that were kept, but for refunds that a bank still has",
    since: "their keeping",
    afterMs: 30 * DAY_MS,
    to: NOWHERE,
    tables: ["outbox"],
  },
  ignored_events: {
    what: "events of providers that were not for the shop",
    since: "their coming",
    afterMs: 7 * DAY_MS,
    to: NOWHERE,
    tables: ["webhook_events"],
  },
  unpaid_events: {
    what: "events about orders that are gone",
    since: "their coming",
    afterMs: 31 * DAY_MS,
    to: NOWHERE,
    tables: ["webhook_events"],
  },
  event_payloads: {
    what: "what providers sent, of events that were processed",
    since: "their coming",
    afterMs: 90 * DAY_MS,
    to: "the bucket `ARCHIVE`, as compressed NDJSON, where one is bound; else nowhere",
    tables: ["webhook_events"],
  },
  processed_events: {
    what: "what is left of events that were processed",
    since: "their coming",
    afterMs: 365 * DAY_MS,
    to: NOWHERE,
    tables: ["webhook_events"],
  },
  sessions: {
    what: "sign-ins that are over, with their secrets",
    since: "their end",
    afterMs: 90 * DAY_MS,
    to: NOWHERE,
    tables: ["sessions", "session_secrets"],
  },
  email_tokens: {
    what: "links in mails, used or not",
    since: "the end of their time",
    afterMs: 7 * DAY_MS,
    to: NOWHERE,
    tables: ["email_tokens"],
  },
  dead_letters: {
    what: "dead messages whose event or promise is not dead any more",
    since: "their coming",
    afterMs: 30 * DAY_MS,
    to: NOWHERE,
    tables: ["dead_letters"],
  },
  unreadable_messages: {
    what: "messages that nothing could read",
    since: "their coming",
    afterMs: 90 * DAY_MS,
    to: NOWHERE,
    tables: ["dead_letters"],
  },
  outgoing_events: {
    what: "events for subscribers, with their deliveries and what came of each try",
    since: "their happening",
    afterMs: 30 * DAY_MS,
    to: NOWHERE,
    tables: ["outgoing_events", "webhook_deliveries", "delivery_attempts"],
  },
  csv_jobs: {
    what: "exports and imports, with their files in the bucket `FILES`",
    since: "their beginning",
    afterMs: 7 * DAY_MS,
    to: NOWHERE,
    tables: ["csv_jobs", "import_rows"],
  },
  unused_images: {
    what: "pictures that no product has, with their bytes in the bucket `IMAGES`",
    since: "their last use",
    afterMs: 30 * DAY_MS,
    to: "nowhere; until then a database that was put back still finds the bytes of its pictures",
    tables: ["image_objects"],
  },
} as const satisfies Readonly<Record<string, Line>>;

export type Kind = keyof typeof POLICY;

/** What has a task of its own for it, because its time is part of what it is. */
export const ELSEWHERE = [
  {
    ...{ what: "idempotency keys with their answers", since: "their first use", after: "24 hours" },
    ...{ to: NOWHERE, tables: ["idempotency_keys"], task: "purge_idempotency_keys" },
  },
  {
    ...{ what: "signing keys that were retired", since: "their retirement", after: "24 hours" },
    ...{ to: NOWHERE, tables: ["signing_keys"], task: "rotate_signing_keys" },
  },
] as const;

/** What stays, and why. */
export const STAYS: Readonly<Record<string, string>> = {
  refunds: "the books",
  refund_lines: "the books",
  disputes: "the books",
  fulfillments: "what customers were sent",
  fulfillment_lines: "what customers were sent",
  audit_log: "who did what; it grows with the staff's work",
  products: "the catalog",
  variants: "the catalog",
  product_images: "the catalog",
  stock_levels: "one row a variant",
  stock_checkpoints: "one row a variant",
  discounts: "one row a code",
  discount_products: "a few rows a code",
  accounts: "people, until they ask to be forgotten",
  users: "people, until they ask to be forgotten",
  customers: "people, until they ask to be forgotten",
  forgettings: "one row for each who was forgotten",
  forgotten_subjects:
    "the orders and payments of those who were forgotten, so that nothing names them again",
  api_keys: "few, and the audit log names them",
  webhook_endpoints: "ten at most",
  webhook_secrets: "five an endpoint at most",
  sales_days: "the books: one row a day and currency",
  product_days: "the books: one row a day and SKU that was sold on it",
  stock_days: "one row a day and currency",
  zone_offsets: "two rows a year",
  role_scopes: "fixed",
  state_transitions: "fixed",
  retention: "fixed",
  retention_clock: "one row",
  order_numbers: "one row",
  opening: "one row",
  shop_settings: "one row",
  tag_versions: "one row a tag",
  reconciliations: "one row a task",
};
