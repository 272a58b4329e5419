import type { Mutant } from "../mutant.ts";

/** The audit does not find a breach of this kind; the test makes one by hand. */
const overlooks = (breach: string, text: string, becomes: string): Mutant => ({
  name: `the audit overlooks ${breach}`,
  change: [text, becomes],
  in: "audit/",
  dies: "test/audit/every-rule.test.ts",
  by: `The invariants find > ${breach}`,
});

/** What the audit looks for. */
export const AUDIT: readonly Mutant[] = [
  {
    name: "a slice of the audit reads all orders that were ever paid",
    change: [
      "AND +m.kind = 'return' AND +o.status = 'paid'",
      "AND +m.kind = 'return' AND o.status = 'paid'",
    ],
    dies: "test/conventions/query-plans.test.ts",
    by: "reads more rows when there are twenty times as many",
  },
  overlooks("what is reserved for nobody", "WHERE l.reserved <> coalesce(h.held, 0)`", "WHERE 0`"),
  overlooks("more that came back than was sold", "HAVING sum(on_hand_delta) > 0`", "HAVING 0`"),
  overlooks("money that the order does not know of", "(o.captured <> o.paid OR", "(0 OR"),
  overlooks("refunds of more than was taken", "WHERE back > captured`", "WHERE 0`"),
  overlooks(
    "an order that calls itself refunded and is not",
    "WHEN 'refunded' THEN refunded < captured",
    "WHEN 'refunded' THEN 0",
  ),
  overlooks(
    "an open dispute that the order does not show",
    "AND d.status = 'open' AND o.payment_status <> 'disputed'`",
    "AND 0`",
  ),
  overlooks("an order that was paid twice", "WHERE paid > 1`", "WHERE 0`"),
  overlooks("a payment for two orders", "WHERE orders > 1`", "WHERE 0`"),
  overlooks("an order that is paid by nothing", "AND +o.status = 'paid' AND o.total > 0", "AND 0"),
  overlooks("an order with more changes than history", "WHERE steps <> version`", "WHERE 0`"),
  overlooks(
    "goods of a paid order that were never taken from the shelf",
    "WHERE sold <> iif(paid, quantity, 0)`",
    "WHERE 0`",
  ),
  overlooks(
    "a sale to an order that is gone",
    "+m.kind = 'sale' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = m.order_id)`",
    "0`",
  ),
  overlooks(
    "a discount code that counts a use without an order",
    "WHERE uses <> orders OR uses > max_uses`",
    "WHERE 0`",
  ),
  overlooks("an event that nobody will wake", "AND wake_at IS NULL`", "AND 0`"),
  overlooks(
    "a refund that nobody is to send",
    "r.source = 'shop' AND NOT EXISTS",
    "0 AND NOT EXISTS",
  ),
  overlooks(
    "an order for nothing",
    "AND NOT EXISTS (SELECT 1 FROM order_lines l",
    "AND 0 AND NOT EXISTS (SELECT 1 FROM order_lines l",
  ),
  overlooks(
    "a key that stands for an order that is not there",
    "AND k.subject LIKE 'ord_%' AND NOT EXISTS",
    "AND 0 AND NOT EXISTS",
  ),
  overlooks(
    "a hold that nobody ends",
    "WHERE status = 'held' AND expires_at",
    "WHERE 0 AND expires_at",
  ),
  overlooks(
    "a hold that was made longer",
    "AND r.expires_at > r.created_at + ${holdMs} AND NOT",
    "AND 0 AND NOT",
  ),
  overlooks("a sale to an order that has ended", "AND +r.status = 'committed' AND", "AND 0 AND"),
  overlooks(
    "a hold that outlives its order",
    "WHERE r.status = 'held' AND o.status <> 'pending_payment'`",
    "WHERE 0`",
  ),
  overlooks(
    "money for a canceled order that nobody sends back",
    "AND p.status = 'succeeded' AND o.status <> 'paid' AND",
    "AND 0 AND",
  ),
  overlooks(
    "a refund that no retry will send, and nobody was called",
    "x.status = 'dead' AND o.attention_reason IS NULL AND NOT ${wasSettled}`",
    "0`",
  ),
  overlooks(
    "a paid order that is unpaid",
    "(o.status = 'paid' AND o.payment_status IN ('unpaid', 'processing', 'failed'))",
    "0",
  ),
  overlooks(
    "an order that calls itself sent and is not",
    " OR (fulfillment_status = 'unfulfilled') <> (sum(sent) = 0)`",
    "`",
  ),
  overlooks(
    "a paid order without a receipt",
    " OR (receipts = 0 AND paid_at > ${promisesKeptSince})`",
    "`",
  ),
  overlooks(
    "a shipment that nobody is told of",
    "AND f.created_at > ${promisesKeptSince}",
    "AND 0",
  ),
  overlooks(
    "a promise that nobody keeps",
    "WHERE status = 'pending' AND created_at",
    "WHERE 0 AND created_at",
  ),
  overlooks(
    "an order that was made of somebody else's hold",
    "AND o.account_id IS NOT r.account_id`",
    "AND 0`",
  ),
  {
    name: "the audit overlooks an event that is under way for hours",
    change: ["WHERE status IN ('received', 'failed') AND received_at", "WHERE 0 AND received_at"],
    in: "audit/",
    dies: "test/audit/audit-invariants.test.ts",
    by: "takes an old event that was replayed a second ago for one under way, and after an hour for a breach, however often it was woken since",
  },
  {
    name: "the audit overlooks stock that moves past the ledger",
    change: ["WHERE on_hand <> on_hand_there OR", "WHERE 0 OR"],
    in: "audit/",
    dies: "test/audit/audit-invariants.test.ts",
    by: "names the row that breaks one",
  },
];
