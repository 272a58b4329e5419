import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/retention/by-hand.test.ts";
const PURGE = "test/retention/purge.test.ts";
const ARCHIVE = "test/retention/archive.test.ts";
const SLICES = "test/audit/slices.test.ts";
const DAY = "test/node/day.test.ts";

const guard = (name: string, [text, becomes]: readonly [string, string], by: string): Mutant => ({
  name,
  change: [text, becomes],
  dies: BY_HAND,
  by,
});

const until = (what: string) => `(SELECT until FROM retention_due WHERE what = '${what}')`;
const held = "The database's clock, whoever sets it,";
const policy = "How long what is over stays, whoever says it,";
const place = "What another one takes the place of";
const hold = "A hold that has ended, whoever takes it away,";
const order = "An order that nobody has paid, whoever takes it away,";
const promise = "A promise, whoever takes it away,";
const event = "An event of a provider, whoever takes it away,";
const sent = "What a provider sent, whoever writes it,";

/** What lets go of what is over, and of nothing else. */
export const RETENTION: readonly Mutant[] = [
  guard(
    "one wrong clock takes everything along",
    ["(OLD.now > 0 AND NEW.now > OLD.now + 86400000)", "0"],
    `${held} > goes on by a day at most, but for its first time, and back whenever it likes`,
  ),
  guard(
    "the clock begins again, and goes anywhere",
    ["WHEN NEW.now <= 0 OR (OLD.now > 0", "WHEN (OLD.now > 0"],
    `${held} > never goes back to its beginning, from which it would go anywhere`,
  ),
  guard(
    "the times of the policy are written by hand",
    ["BEFORE UPDATE ON retention BEGIN", "BEFORE UPDATE ON retention WHEN 0 BEGIN"],
    `${policy} > is not changed`,
  ),
  guard(
    "a time of the policy is forgotten",
    ["BEFORE DELETE ON retention BEGIN", "BEFORE DELETE ON retention WHEN 0 BEGIN"],
    `${policy} > is not forgotten`,
  ),
  guard(
    "a time of the policy is written over",
    ["WHEN EXISTS (SELECT 1 FROM retention WHERE what = NEW.what)", "WHEN 0"],
    `${policy} > is not written over`,
  ),
  guard(
    "a checkpoint is written over by an older one",
    ["WHEN EXISTS (SELECT 1 FROM stock_checkpoints WHERE sku = NEW.sku)", "WHEN 0"],
    `${hold} > has a checkpoint that no other one takes the place of`,
  ),
  guard(
    "a checkpoint takes the place of another SKU's",
    ["WHEN NEW.sku <> OLD.sku OR NEW.through_seq", "WHEN NEW.through_seq"],
    `${hold} > has a checkpoint that no other one takes the place of`,
  ),
  guard(
    "a promise is written over by another of its id",
    [
      "FROM outbox WHERE id = NEW.id OR dedupe_key = NEW.dedupe_key",
      "FROM outbox WHERE dedupe_key = NEW.dedupe_key",
    ],
    `${place} > stays: a promise, by its id`,
  ),
  guard(
    "a promise is written over by another of its key",
    [
      "FROM outbox WHERE id = NEW.id OR dedupe_key = NEW.dedupe_key",
      "FROM outbox WHERE id = NEW.id",
    ],
    `${place} > stays: a promise, by its key`,
  ),
  guard(
    "a promise takes the key of another one",
    ["WHEN NEW.id <> OLD.id OR NEW.dedupe_key <> OLD.dedupe_key", "WHEN 0"],
    `${place} > stays: a promise, by the key of another one`,
  ),
  guard(
    "an event is written over by another of its id",
    [
      "WHERE id = NEW.id OR (provider = NEW.provider AND event_id = NEW.event_id)",
      "WHERE provider = NEW.provider AND event_id = NEW.event_id",
    ],
    `${place} > stays: an event, by its id`,
  ),
  guard(
    "an event is written over by another of the provider's name",
    [
      "WHERE id = NEW.id OR (provider = NEW.provider AND event_id = NEW.event_id)",
      "WHERE id = NEW.id",
    ],
    `${place} > stays: an event, by the provider's name for it`,
  ),
  guard(
    "an event takes the name of another one",
    [
      "WHEN NEW.id <> OLD.id OR NEW.provider <> OLD.provider OR NEW.event_id <> OLD.event_id",
      "WHEN 0",
    ],
    `${place} > stays: an event, by the name of another one`,
  ),
  guard(
    "a hold goes the day it ends",
    [`OLD.ended_at <= ${until("holds")}`, "1"],
    `${hold} > stays a millisecond before that`,
  ),
  guard(
    "the ledger of a hold goes without it",
    [
      "OLD.reservation_id IS NULL\n  OR EXISTS (SELECT 1 FROM reservations WHERE id = OLD.reservation_id)",
      "OLD.reservation_id IS NULL",
    ],
    `${hold} > keeps its stock_movements as long as it is there`,
  ),
  guard(
    "what was received goes",
    ["WHEN OLD.kind NOT IN ('reserve', 'release') OR", "WHEN"],
    `${hold} > does not let go of what was received, under the name of a hold that is gone`,
  ),
  guard(
    "what is gone is in no checkpoint",
    [
      "reserved = reserved + iif(OLD.seq > through_seq, OLD.reserved_delta, 0)",
      "reserved = reserved",
    ],
    `${hold} > leaves its sums in a checkpoint, whatever of it was there already`,
  ),
  guard(
    "an unpaid order goes the day it ends",
    [`OLD.updated_at <= ${until("orders")}`, "1"],
    `${order} > stays a millisecond before that`,
  ),
  guard(
    "a hold goes whose order is there",
    [
      "IS NOT TRUE\n  OR EXISTS (SELECT 1 FROM orders WHERE reservation_id = OLD.id)",
      "IS NOT TRUE",
    ],
    `${hold} > stays of an order that is there`,
  ),
  guard(
    "a hold that is written over leaves its parts to nobody",
    [
      "WHEN EXISTS (SELECT 1 FROM reservations WHERE id = NEW.id OR ref = NEW.ref OR order_id = NEW.order_id)",
      "WHEN 0",
    ],
    `${hold} > does not give away its place`,
  ),
  guard(
    "a hold is called by another id",
    ["WHERE NEW.id <> OLD.id OR NEW.ref <> OLD.ref", "WHERE 0"],
    `${hold} > does not give away`,
  ),
  guard(
    "a hold takes the place of another one at its order",
    ["FROM reservations WHERE order_id = NEW.order_id AND id <> OLD.id", "WHERE 0"],
    `${hold} > does not give its place to another one of its order`,
  ),
  guard(
    "an order that is written over leaves its parts to nobody",
    ["SELECT RAISE(ABORT, 'orders.id') FROM orders WHERE id = NEW.id", "SELECT 1"],
    `${order} > does not give away its place to another one of its id`,
  ),
  guard(
    "an order is written over by its number",
    ["SELECT RAISE(ABORT, 'orders.number') FROM orders WHERE number = NEW.number;", "SELECT 1;"],
    `${order} > does not give away its place to another one of its number`,
  ),
  guard(
    "an order is written over by its hold",
    ["WHERE o.reservation_id = NEW.reservation_id AND r.order_id IS NULL", "WHERE 0"],
    `${order} > does not give away its place to another one of its hold`,
  ),
  guard(
    "an order is called by another id",
    ["'orders_kept') WHERE NEW.id <> OLD.id", "'orders_kept') WHERE 0"],
    `${order} > does not give away its name`,
  ),
  guard(
    "an order takes the number of another one that is gone by that",
    ["FROM orders WHERE number = NEW.number AND id <> OLD.id", "WHERE 0"],
    `${order} > does not give away its number to another one`,
  ),
  guard(
    "an order takes the hold of another one that is gone by that",
    ["FROM orders WHERE reservation_id = NEW.reservation_id AND id <> OLD.id", "WHERE 0"],
    `${order} > does not give away its hold to another one`,
  ),
  guard(
    "an order goes of which something was sent",
    ["NOT EXISTS (SELECT 1 FROM fulfillments WHERE order_id = OLD.id)", "1"],
    `${order} > stays of which something was sent`,
  ),
  guard(
    "an order goes of which money went back",
    ["NOT EXISTS (SELECT 1 FROM refunds WHERE order_id = OLD.id)", "1"],
    `${order} > stays of which money went back`,
  ),
  guard(
    "an order goes that was disputed",
    ["NOT EXISTS (SELECT 1 FROM disputes WHERE order_id = OLD.id)", "1"],
    `${order} > stays that was disputed`,
  ),
  guard(
    "a payment is given to another order, and goes with that",
    [
      "UPDATE OF order_id ON payments\nWHEN NEW.order_id <> OLD.order_id",
      "UPDATE OF order_id ON payments\nWHEN 0",
    ],
    `${order} > gives no payment to another one`,
  ),
  guard(
    "the use of a code is given to another order, and goes with that",
    [
      "UPDATE OF order_id ON discount_uses\nWHEN NEW.order_id <> OLD.order_id",
      "UPDATE OF order_id ON discount_uses\nWHEN 0",
    ],
    `${order} > gives no use of a code to another one`,
  ),
  guard(
    "an order goes that a person is to look at",
    ["OLD.captured = 0 AND OLD.attention_reason IS NULL", "OLD.captured = 0"],
    `${order} > stays that a person is to look at`,
  ),
  guard(
    "an order goes for which money came",
    ["OLD.captured = 0 AND OLD.attention_reason IS NULL", "OLD.attention_reason IS NULL"],
    `${order} > stays for which money came`,
  ),
  guard(
    "an order goes that was paid once",
    [
      "WHERE order_id = OLD.id AND type = 'order.paid')\n  AND NOT EXISTS (SELECT 1 FROM refunds",
      "WHERE 0)\n  AND NOT EXISTS (SELECT 1 FROM refunds",
    ],
    `${order} > stays that was paid once`,
  ),
  guard(
    "a payment goes without its order",
    ["BEFORE DELETE ON payments\nWHEN EXISTS", "BEFORE DELETE ON payments\nWHEN 0 AND EXISTS"],
    `${order} > keeps its payments as long as it is there`,
  ),
  guard(
    "a promise goes the day it is kept",
    [`OLD.done_at <= ${until("promises")}`, "1"],
    `${promise} > stays a millisecond before that`,
  ),
  guard(
    "the promise of a refund goes that a bank has",
    ["status = 'pending' AND OLD.topic = 'refund')\nBEGIN", "0)\nBEGIN"],
    `${promise} > stays of a refund that a bank has`,
  ),
  guard(
    "an ignored event goes the day it comes",
    [`OLD.received_at <= ${until("ignored_events")}`, "1"],
    `${event} > stays a millisecond too early`,
  ),
  guard(
    "an event goes that the reconciliation puts back",
    [
      "WHERE name = OLD.provider AND state ->> '$.events.readUntil' < OLD.received_at + 86400000",
      "WHERE 0",
    ],
    `${event} > stays that the reconciliation may ask for again`,
  ),
  guard(
    "an event goes whose order is there",
    [
      "OLD.subject GLOB 'ord_*' AND NOT EXISTS (SELECT 1 FROM orders WHERE id = OLD.subject)",
      "OLD.subject GLOB 'ord_*'",
    ],
    `${event} > stays about an order that is there`,
  ),
  {
    ...guard(
      "what was sent goes the day it is dealt with",
      [`OLD.received_at <= ${until("event_payloads")}`, "1"],
      `${sent} > stays a millisecond before that`,
    ),
    in: "people_guards",
  },
  guard(
    "an event without its payload is worked on again",
    ["WHEN OLD.payload = '' AND NEW.status <> OLD.status", "WHEN 0"],
    `${sent} > goes after 90 days, and is never worked on again`,
  ),
  guard(
    "a sign-in goes the day it ends",
    [`OLD.expires_at) <= ${until("sessions")}`, "OLD.expires_at) > 0"],
    "A sign-in, whoever takes it away, > stays before that",
  ),
  {
    name: "nobody purges anything",
    change: ["    purge,\n", ""],
    in: "schedules.ts",
    dies: PURGE,
    by: "may run three times at once",
  },
  {
    name: "one kind that is not purged keeps the others",
    change: [
      '      ctx.log.note("error", "not_purged", { kind, reason: String(error) });',
      "      throw error;",
    ],
    dies: PURGE,
    by: "goes on with its other kinds where one fails, and says so as an error",
  },
  {
    name: "what is left of a processed event stays for good",
    change: ["processed_events: inSlices(purgeProcessedEvents)", "processed_events: async () => 0"],
    dies: DAY,
    by: "have left less than 4 KiB each",
  },
  {
    name: "the purge reads all processed events to look for some",
    change: ["AND +w.status = 'processed'", "AND w.status = 'processed'"],
    dies: "test/conventions/query-plans.test.ts",
    by: "reads more rows when there are twenty times as many",
  },
  {
    name: "every order that goes has all disputes read",
    change: ["CREATE INDEX `disputes_of_payment` ON `disputes` (`payment_id`)", "SELECT 1"],
    dies: "test/node/retention.test.ts",
    by: "finds by an index what refers to a row that goes",
  },
  {
    name: "an index of orders has their ids",
    change: ["ON `orders` (`email`,`created_at`);", "ON `orders` (`email`,`created_at`,`id`);"],
    dies: DAY,
    by: "lie no farther apart than they did",
  },
  {
    name: "what was sent is dropped before it is in the bucket",
    change: ["await store(ctx.archive, sent);", "store(ctx.archive, sent).catch(() => undefined);"],
    dies: ARCHIVE,
    by: "stays here as long as the bucket takes nothing",
  },
  {
    name: "an object of the archive grows when a run goes on with it",
    change: [
      "if (progress.archiving !== null) return progress;",
      "if (progress !== null) return progress;",
    ],
    dies: ARCHIVE,
    by: "is in one object, though more of it is due when a run goes on where one has died",
  },
  {
    name: "the archive is unpacked on its way to whoever unpacks it",
    change: [
      '{ contentType: "application/gzip" }',
      '{ contentType: "application/gzip", contentEncoding: "gzip" }',
    ],
    dies: ARCHIVE,
    by: "is stored as the file that it is, so that nobody unpacks it on the way to gunzip",
  },
  {
    name: "the audit does not look at what has changed",
    change: ["  await lookAtChanges(ctx, run);\n", ""],
    dies: SLICES,
    by: "looks at an order in the hour in which it changes",
  },
  {
    name: "a run of the audit that dies leaves the SKUs it has not looked at to nobody",
    change: [
      "const { levels: after, ledger: through } = run.state;",
      "const through = run.state.ledger;\n  const after = through;",
    ],
    dies: SLICES,
    by: "looks at a SKU in the next run, when one has died before it came to that",
  },
  {
    name: "the audit looks at keys only when their day is over",
    change: ["  while (!isSpent(ctx, run) && (await lookAtKeys(ctx, run)));\n", ""],
    dies: SLICES,
    by: "looks at a key in the hour in which it is made, because it lives for a day",
  },
  {
    name: "what a dead run of the audit had found is said in the next round",
    change: ["JSON.stringify({ ...run.state, suspects })", "JSON.stringify(run.state)"],
    dies: SLICES,
    by: "says what a run had found that died before its end",
  },
  {
    name: "the audit forgets where something was wrong",
    change: ["for (const slice of state.suspects) await look(ctx, run, slice);", ""],
    dies: SLICES,
    by: "says it each hour until it is mended, and shows it to whoever asks",
  },
  {
    name: "the audit does not miss an order of which only its sale is left",
    change: ["if (lost.length > 0) await look(", "if (lost.length < 0) await look("],
    dies: SLICES,
    by: "finds in each round what was sold to an order that is gone, and says it until it is mended",
  },
  {
    name: "the audit counts the ledger once for all",
    change: ["WHERE on_hand_there <> counted`", "WHERE 0`"],
    dies: SLICES,
    by: "counts the ledger anew in each round, and finds a checkpoint that is wrong",
  },
  {
    name: "a round of the audit that never ends is nobody's matter",
    change: ["ctx.now() - round.begunAt <= LONGEST_ROUND_MS", "ctx.now() > 0"],
    dies: SLICES,
    by: "goes on where its time was over, and a round that is not done in eight days is said to the operators",
  },
];
