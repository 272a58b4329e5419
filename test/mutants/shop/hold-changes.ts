import type { Mutant } from "../mutant.ts";

const CHANGES = "test/inventory/change-reservation.test.ts";
const LESS = "become less and nothing else, as long as they are held and no order has them";

const changed = (name: string, change: readonly [string, string], by: string): Mutant => ({
  name: `other items for a hold: ${name}`,
  change,
  dies: CHANGES,
  by,
});
const guarded = (name: string, change: readonly [string, string], by: string): Mutant => ({
  ...changed(name, change, by),
  in: "shop_settings_guards",
});

const UPDATES: readonly Mutant[] = [
  ["more of a line is written into it", "NEW.quantity >= OLD.quantity OR ", ""],
  ["a line goes to another hold", "NEW.reservation_id <> OLD.reservation_id OR ", ""],
  ["a line becomes one of another SKU", "NEW.sku <> OLD.sku\n", "0\n"],
  ["a line gets another title", "NEW.title IS NOT OLD.title OR ", ""],
  ["a line gets another variant's title", "NEW.variant_title IS NOT OLD.variant_title OR ", ""],
  ["a line gets another price", "NEW.unit_amount IS NOT OLD.unit_amount\n", "0\n"],
  ["a line gets another currency", "NEW.currency IS NOT OLD.currency OR ", ""],
  [
    "a line needs no parcel any more",
    "NEW.requires_shipping IS NOT OLD.requires_shipping\n",
    "0\n",
  ],
  [
    "a line of an ended hold becomes less",
    "AND status = 'held' AND order_id IS NULL AND",
    "AND order_id IS NULL AND",
  ],
  [
    "a line of an order becomes less",
    "AND status = 'held' AND order_id IS NULL AND",
    "AND status = 'held' AND",
  ],
  ["a line of an ended hold goes", "(status <> 'held' OR order_id", "(order_id"],
  ["a line of an order goes", "OR order_id IS NOT NULL OR changed_at", "OR changed_at"],
].map(([name = "", from = "", to = ""]) => guarded(name, [from, to], LESS));

/** What a hold is made of other items by. */
export const HOLD_CHANGES: readonly Mutant[] = [
  ...UPDATES,
  guarded(
    "a line becomes less where nobody asked for it",
    ["order_id IS NULL AND changed_at IS NOT NULL)", "order_id IS NULL)"],
    "stay as they are where nobody asked for others",
  ),
  guarded(
    "a line goes where nobody asked for it",
    [" OR changed_at IS NULL))", "))"],
    "stay as they are where nobody asked for others",
  ),
  guarded(
    "they are had when it has an order",
    ["SELECT RAISE(ABORT, 'reservation_claimed') WHERE OLD.order_id IS NOT NULL;", ""],
    "once it has an order, which is told to whom the order is open alone",
  ),
  guarded(
    "they are had when its time is over",
    ["OR (OLD.status = 'held' AND OLD.expires_at <= NEW.changed_at)", ""],
    "are changed in the hold's time alone, whoever writes",
  ),
  guarded(
    "they are had a moment late",
    ["OLD.expires_at <= NEW.changed_at", "OLD.expires_at < NEW.changed_at"],
    "are changed in the hold's time alone, whoever writes",
  ),
  guarded(
    "they are had when it was given back",
    ["SELECT RAISE(ABORT, 'reservation_ended') WHERE OLD.status <> 'held';", ""],
    "once its time is over, swept or not, or it was given back",
  ),
  guarded(
    "what is given back of a line stays reserved",
    ["'release', 0, NEW.quantity - OLD.quantity,", "'release', 0, -1,"],
    "with a row of the ledger for all that it gives back and takes",
  ),
  guarded(
    "what a line that goes had stays reserved",
    ["'release', 0, -OLD.quantity,", "'release', 0, -1,"],
    "with a row of the ledger for all that it gives back and takes",
  ),
  guarded(
    "the ledger says that it was taken when the hold was made",
    ["r.request_id, coalesce(r.changed_at, r.created_at)", "r.request_id, r.created_at"],
    "with a row of the ledger for all that it gives back and takes",
  ),
  guarded(
    "what opens since the hold was made cannot be had",
    ["AND (coalesce(r.changed_at, r.created_at) < p.opens_at", "AND (r.created_at < p.opens_at"],
    "where something is not sold, or not at that moment",
  ),
  guarded(
    "what has closed since the hold was made can be had",
    ["OR coalesce(r.changed_at, r.created_at) >= p.closes_at", "OR r.created_at >= p.closes_at"],
    "where something is not sold, or not at that moment",
  ),
  changed(
    "an account's is anybody's",
    [" AND (account_id IS NULL OR account_id = ${p.accountId})`", "`"],
    "which of an account's is that account",
  ),
  changed(
    "what stays is had for what it costs by then",
    ["a.quantity <= reservation_lines.quantity)`", "a.quantity < 0)`"],
    "and keeps the price of what no more is asked of",
  ),
  changed(
    "more is had at the old price, or not at all",
    ["AND a.quantity <= reservation_lines.quantity)`", ")`"],
    "and keeps the price of what no more is asked of",
  ),
  changed(
    "who is refused hears of less than they could have",
    [
      "${stockLevels.onHand} - ${stockLevels.reserved} + ${held}`",
      "${stockLevels.onHand} - ${stockLevels.reserved}`",
    ],
    "where there is not enough, and hears how much it could have",
  ),
  changed(
    "what it has counts twice where a customer's limit is explained",
    ["reservationId = holdId,", 'reservationId = "",'],
    "where it would be more than an order, or a customer, may have",
  ),
  changed(
    "whoever knows the id of a guest's hears that it has an order",
    ["      await openHold(ctx, access);", "      await Promise.resolve();"],
    "once it has an order, which is told to whom the order is open alone",
  ),
  changed(
    "they are had while the shop is closed",
    [
      "      requireOpen(ctx.config),\n      expireUnclaimed",
      "      requireOpen({ ...ctx.config, ordersFrom: 1001 }),\n      expireUnclaimed",
    ],
    "while the shop is closed",
  ),
  {
    name: "other items for a hold are had as often as one likes",
    change: ["  PATCH: /^\\/api\\/v1\\/reservations\\/[^/]+$/,\n", ""],
    dies: "test/rate-limit/table.test.ts",
    by: "counts reservations twice, of the API and of the pages",
  },
];
