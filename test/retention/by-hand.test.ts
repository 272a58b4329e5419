import { describe, expect, it } from "vitest";
import {
  byHand,
  HELD,
  insert,
  mustBe,
  ORDERED,
  PAID,
  SHOP,
  useEmptyShop,
} from "../support/by-hand.ts";

useEmptyShop();

const DAY = 24 * 60 * 60_000;
/** The database's clock so many milliseconds after the beginning, at which everything in these shops ends. */
const clock = (now: number) => `UPDATE retention_clock SET now = ${now + 1}`;
const gone = (table: string) => mustBe(`NOT EXISTS (SELECT 1 FROM ${table})`);
const end = (status = "expired") => `UPDATE reservations SET status = '${status}', ended_at = 1`;

const ENDED = [...HELD, end()];
const UNPAID = [
  ...ORDERED,
  insert("order_events"),
  insert("payments", { status: "expired" }),
  "UPDATE orders SET status = 'expired'",
  end(),
];
const LATER = clock(30 * DAY);
/** The foreign keys are judged at the end of the batch, by when nothing may be there any more that they keep. */
const KEYS_LAST = "PRAGMA defer_foreign_keys = on";
const takeAll = (...tables: readonly string[]) => [
  KEYS_LAST,
  ...tables.map((table) => `DELETE FROM ${table}`),
];
const event = (said: object) => insert("webhook_events", { wake_at: null, ...said });

describe("The database's clock, whoever sets it,", () => {
  it("goes on by a day at most, but for its first time, and back whenever it likes", async () => {
    expect(await byHand(clock(9 * DAY), clock(10 * DAY), clock(1), clock(DAY))).toBe("taken");
    expect(await byHand(clock(9 * DAY), clock(10 * DAY + 1))).toContain("retention_clock_leaps");
  });

  it("never goes back to its beginning, from which it would go anywhere", async () => {
    for (const beginning of [-1, -2])
      expect(await byHand(clock(9 * DAY), clock(beginning))).toContain("retention_clock_leaps");
  });

  it.each([
    ["taken away", "DELETE FROM retention_clock"],
    ["written over", "REPLACE INTO retention_clock (id, now) VALUES (1, 9)"],
  ])("is not %s", async (_, statement) => {
    expect(await byHand(clock(1), statement)).toContain("retention_clock_leaps");
  });
});

describe("How long what is over stays, whoever says it,", () => {
  it.each([
    ["changed", "UPDATE retention SET after_ms = 0"],
    ["forgotten", "DELETE FROM retention"],
    ["written over", "REPLACE INTO retention (what, after_ms) VALUES ('holds', 0)"],
  ])("is not %s", async (_, statement) => {
    expect(await byHand(statement)).toContain("retention_stays");
  });
});

describe("A hold that has ended, whoever takes it away,", () => {
  it("goes after 30 days, with its lines and its rows of the ledger", async () => {
    for (const status of ["expired", "released"])
      expect(
        await byHand(
          ...[...HELD, end(status), LATER, "DELETE FROM reservations"],
          gone("reservation_lines"),
          mustBe("(SELECT count(*) FROM stock_movements) = 2"), // what was there at first
        ),
      ).toBe("taken");
  });

  it("leaves its sums in a checkpoint, whatever of it was there already", async () => {
    const sums = (through: number, reserved: number) =>
      mustBe(`(SELECT through_seq = ${through} AND on_hand = 0 AND reserved = ${reserved} AND purged = 2
        FROM stock_checkpoints WHERE sku = 'A')`);
    expect(await byHand(...ENDED, LATER, "DELETE FROM reservations", sums(0, 0))).toBe("taken");
    // The hold of two is the third row of the ledger, and its end the fifth.
    const half =
      "INSERT INTO stock_checkpoints (sku, through_seq, on_hand, reserved) VALUES ('A', 3, 10, 2)";
    const left = mustBe(
      `(SELECT on_hand = 10 AND reserved = 0 FROM stock_checkpoints WHERE sku = 'A')`,
    );
    expect(await byHand(...ENDED, half, LATER, "DELETE FROM reservations", left)).toBe("taken");
  });

  it.each([
    ["a millisecond before that", [...ENDED, clock(30 * DAY - 1)]],
    ["while nobody has set the clock", ENDED],
    ["while it is held", [...HELD, LATER]],
    ["that became a sale", [...PAID, LATER]],
    ["of an order that is there", [...UNPAID, LATER]],
  ])("stays %s", async (_, statements) => {
    const away = takeAll("reservations", "reservation_lines");
    expect(await byHand(...statements, ...away)).toContain("reservations_kept");
  });

  it.each([
    ["its name", "UPDATE reservations SET id = 'rsv_9' WHERE id = 'rsv_1'"],
    ["what staff call it", "UPDATE reservations SET ref = 'hld_9' WHERE id = 'rsv_1'"],
    [
      "its place to another one of its id",
      insert("reservations", { ref: "hld_9" }).replace("INSERT", "REPLACE"),
    ],
    [
      "its place to another one that staff call so",
      insert("reservations", { id: "rsv_9", ref: "hld_rsv_1" }).replace("INSERT", "REPLACE"),
    ],
  ])("does not give away %s, so that its parts would be nobody's", async (_, statement) => {
    const away = takeAll("reservation_lines WHERE reservation_id = 'rsv_1'");
    expect(await byHand(...HELD, statement, ...away)).toContain("reservations_kept");
  });

  it("does not give its place to another one of its order", async () => {
    const other = insert("reservations", { id: "rsv_9" });
    const taken = "UPDATE OR REPLACE reservations SET order_id = 'ord_1' WHERE id = 'rsv_9'";
    expect(await byHand(...ORDERED, other, KEYS_LAST, taken)).toContain("reservations.order_id");
  });

  it.each([
    ["reservation_lines", ""],
    ["stock_movements", "WHERE kind <> 'receive'"],
  ])("keeps its %s as long as it is there", async (table, which) => {
    const away = `DELETE FROM ${table} ${which}`;
    expect(await byHand(...ENDED, LATER, away)).toContain("is append-only");
  });

  it.each([
    ["what was received", ["DELETE FROM stock_movements WHERE kind = 'receive'"]],
    [
      "what was received, under the name of a hold that is gone",
      [
        insert("stock_movements", { reservation_id: "rsv_9" }),
        "DELETE FROM stock_movements WHERE reservation_id = 'rsv_9'",
      ],
    ],
    [
      "what was reserved for nobody",
      [
        insert("stock_movements", { kind: "reserve", on_hand_delta: 0, reserved_delta: 1 }),
        "DELETE FROM stock_movements WHERE kind = 'reserve'",
      ],
    ],
  ])("does not let go of %s", async (_, statements) => {
    expect(await byHand(...SHOP, LATER, ...statements)).toContain("stock_movements is append-only");
  });

  it("has a checkpoint that stays, and never goes back", async () => {
    const made = "INSERT INTO stock_checkpoints (sku, through_seq) VALUES ('A', 3)";
    const back = "UPDATE stock_checkpoints SET through_seq = 2";
    expect(await byHand(...SHOP, made, back)).toContain("never go back");
    expect(await byHand(...SHOP, made, "DELETE FROM stock_checkpoints")).toContain("stay");
  });

  it("has a checkpoint that no other one takes the place of", async () => {
    const made = "INSERT INTO stock_checkpoints (sku, through_seq) VALUES ('A', 3), ('B', 1)";
    for (const taken of [
      "REPLACE INTO stock_checkpoints (sku, through_seq) VALUES ('A', 1)",
      "UPDATE OR REPLACE stock_checkpoints SET sku = 'A' WHERE sku = 'B'",
    ])
      expect(await byHand(...SHOP, made, taken)).toContain("never go back");
  });
});

describe("An order that nobody has paid, whoever takes it away,", () => {
  it("goes after 30 days, with its hold and all that belongs to it", async () => {
    const code = [insert("discounts"), insert("discount_uses", { given_back_at: 1 })];
    const parts = ["order_lines", "order_events", "payments", "discount_uses", "reservations"];
    const statements = [...UNPAID, ...code, LATER, "DELETE FROM orders", ...parts.map(gone)];
    expect(await byHand(...statements, mustBe("(SELECT uses FROM discounts) = 1"))).toBe("taken");
    const canceled = UNPAID.map((sql) =>
      sql.replace("SET status = 'expired'", "SET status = 'canceled'"),
    );
    const released = canceled.map((sql) => sql.replace("'canceled', ended", "'released', ended"));
    expect(await byHand(...released, LATER, "DELETE FROM orders", gone("reservations"))).toBe(
      "taken",
    );
  });

  const kept: readonly (readonly [string, readonly string[]])[] = [
    ["a millisecond before that", [...UNPAID, clock(30 * DAY - 1)]],
    ["that waits for its money", [...ORDERED, insert("order_events"), LATER]],
    ["that was changed since", [...UNPAID, "UPDATE orders SET updated_at = 2", LATER]],
    [
      "that a person is to look at",
      [...UNPAID, "UPDATE orders SET attention_reason = 'x', attention_since = 1", LATER],
    ],
    ["for which money came", [...UNPAID, "UPDATE orders SET captured = 1", LATER]],
    ["for which other money came", [...UNPAID, "UPDATE payments SET captured = 1", LATER]],
    ["whose bank is at work", [...UNPAID, "UPDATE payments SET status = 'processing'", LATER]],
    [
      "that was paid once",
      [...UNPAID, insert("order_events", { seq: 2, type: "order.paid" }), LATER],
    ],
    ["that uses a code", [...UNPAID, insert("discounts"), insert("discount_uses"), LATER]],
    [
      "of which money went back",
      [...UNPAID, insert("refunds", { payment_id: null, amount: 0, status: "succeeded" }), LATER],
    ],
    ["that was disputed", [...UNPAID, insert("disputes"), LATER]],
    [
      "of which something was sent",
      [
        ...ORDERED,
        "UPDATE orders SET status = 'paid'",
        insert("fulfillments"),
        "UPDATE orders SET status = 'canceled'",
        end(),
        LATER,
      ],
    ],
    ["that was paid", [...PAID, insert("order_events"), LATER]],
    ...["payment_failed", "order_canceled"].map(
      (about) =>
        [
          `while nobody was told: ${about}`,
          [...UNPAID, insert("outbox", { dedupe_key: `${about}:ord_1` }), LATER],
        ] as const,
    ),
  ];

  it.each(kept)("stays %s", async (_, statements) => {
    const parts = ["order_lines", "order_events", "payments", "discount_uses"];
    const away = takeAll("orders", ...parts, "reservations", "reservation_lines");
    expect(await byHand(...statements, ...away)).toContain("orders_kept");
  });

  it("stays whose hold has ended since", async () => {
    const since = [...UNPAID, "UPDATE reservations SET ended_at = 2", LATER];
    expect(await byHand(...since, ...takeAll("orders"))).toContain("reservations_kept");
  });

  const OTHER = [
    insert("reservations", { id: "rsv_9" }),
    insert("orders", { id: "ord_9", number: 1009, reservation_id: "rsv_9" }),
  ];
  const over = (said: Parameters<typeof insert>[1]) =>
    insert("orders", said).replace("INSERT", "REPLACE");

  it.each([
    ["its name", "orders_kept", ["UPDATE orders SET id = 'ord_2' WHERE id = 'ord_1'"]],
    [
      "its place to another one of its id",
      "orders.id",
      [insert("reservations", { id: "rsv_9" }), over({ number: 1009, reservation_id: "rsv_9" })],
    ],
    [
      "its place to another one of its number",
      "orders.number",
      [insert("reservations", { id: "rsv_9" }), over({ id: "ord_9", reservation_id: "rsv_9" })],
    ],
    [
      "its place to another one of its hold",
      "orders.reservation_id",
      ["UPDATE reservations SET order_id = NULL", over({ id: "ord_9", number: 1009 })],
    ],
    [
      "its number to another one",
      "orders.number",
      [...OTHER, "UPDATE OR REPLACE orders SET number = 1001 WHERE id = 'ord_9'"],
    ],
    [
      "its hold to another one",
      "orders.reservation_id",
      [...OTHER, "UPDATE OR REPLACE orders SET reservation_id = 'rsv_1' WHERE id = 'ord_9'"],
    ],
  ])("does not give away %s, so that its parts would be nobody's", async (_, word, statements) => {
    const away = takeAll("order_lines WHERE order_id = 'ord_1'");
    expect(await byHand(...ORDERED, KEYS_LAST, ...statements, ...away)).toContain(word);
  });

  it.each([
    ["payment", "payments stay", [...PAID, "UPDATE payments SET order_id = 'ord_9'"]],
    [
      "use of a code",
      "append-only",
      [
        ...[...UNPAID, insert("discounts"), insert("discount_uses")],
        "UPDATE discount_uses SET order_id = 'ord_9'",
      ],
    ],
  ])("gives no %s to another one", async (_, word, statements) => {
    expect(await byHand(KEYS_LAST, ...statements)).toContain(word);
  });

  it.each([
    ["order_lines", "append-only"],
    ["order_events", "append-only"],
    ["payments", "payments stay"],
  ])("keeps its %s as long as it is there", async (table, word) => {
    expect(await byHand(...UNPAID, LATER, `DELETE FROM ${table}`)).toContain(word);
  });

  it("keeps what its code was used for as long as it is there", async () => {
    const use = [insert("discounts"), insert("discount_uses", { given_back_at: 1 })];
    expect(await byHand(...UNPAID, ...use, LATER, "DELETE FROM discount_uses")).toContain(
      "discount_uses is append-only",
    );
  });
});

describe("A promise, whoever takes it away,", () => {
  const done = { status: "done", wake_at: null, done_at: 1 };
  const refund = { topic: "refund", dedupe_key: "refund:ref_1" };

  it("goes 30 days after it was kept", async () => {
    expect(await byHand(insert("outbox", done), LATER, "DELETE FROM outbox")).toBe("taken");
    const settled = [...PAID, insert("refunds", { status: "succeeded" })];
    const told = insert("outbox", { ...done, ...refund });
    expect(await byHand(...settled, told, LATER, "DELETE FROM outbox")).toBe("taken");
  });

  it.each([
    ["a millisecond before that", [insert("outbox", done), clock(30 * DAY - 1)]],
    ["that is to be kept", [insert("outbox"), LATER]],
    [
      "that could not be kept",
      [insert("outbox", { ...done, status: "dead", done_at: null }), LATER],
    ],
    [
      "of a refund that a bank has",
      [...PAID, insert("refunds"), insert("outbox", { ...done, ...refund }), LATER],
    ],
    [
      "that told of books that differ",
      [insert("outbox", { ...done, dedupe_key: "control_total:x" }), LATER],
    ],
  ])("stays %s", async (_, statements) => {
    expect(await byHand(...statements, "DELETE FROM outbox")).toContain("outbox_kept");
  });
});

describe("What another one takes the place of", () => {
  const over = (table: "outbox" | "webhook_events", said: Parameters<typeof insert>[1]) =>
    insert(table, said).replace("INSERT", "REPLACE");
  const both = (table: "outbox" | "webhook_events", said: Parameters<typeof insert>[1]) => [
    insert(table),
    insert(table, said),
  ];

  it.each([
    [
      "a promise, by its id",
      "outbox_kept",
      [insert("outbox"), over("outbox", { dedupe_key: "d2" })],
    ],
    ["a promise, by its key", "outbox_kept", [insert("outbox"), over("outbox", { id: "obx_2" })]],
    [
      "a promise, by the key of another one",
      "outbox_kept",
      [
        ...both("outbox", { id: "obx_2", dedupe_key: "d2" }),
        "UPDATE OR REPLACE outbox SET dedupe_key = 'd1' WHERE id = 'obx_2'",
      ],
    ],
    [
      "an event, by its id",
      "webhook_events_kept",
      [insert("webhook_events"), over("webhook_events", { event_id: "evt_2" })],
    ],
    [
      "an event, by the provider's name for it",
      "webhook_events_kept",
      [insert("webhook_events"), over("webhook_events", { id: "whe_2" })],
    ],
    [
      "an event, by the name of another one",
      "webhook_events_kept",
      [
        ...both("webhook_events", { id: "whe_2", event_id: "evt_2" }),
        "UPDATE OR REPLACE webhook_events SET event_id = 'evt_1' WHERE id = 'whe_2'",
      ],
    ],
  ])("stays: %s", async (_, word, statements) => {
    expect(await byHand(...statements)).toContain(word);
  });
});

describe("An event of a provider, whoever takes it away,", () => {
  const read = (until: number, name = "stripe") =>
    `INSERT INTO reconciliations (name, state, version, updated_at) VALUES ('${name}', '{"events":{"readUntil":${until}}}', 1, 1)`;
  const ignored = event({ status: "ignored" });
  const processed = event({ status: "processed", subject: "ord_1" });
  const AWAY = "DELETE FROM webhook_events";

  it("goes after 7 days, if it was not for the shop", async () => {
    expect(await byHand(ignored, clock(7 * DAY), AWAY)).toBe("taken");
    expect(await byHand(ignored, read(DAY + 1), read(0, "other"), clock(7 * DAY), AWAY)).toBe(
      "taken",
    );
  });

  it("goes after a year, if what was sent is gone", async () => {
    const archived = [clock(365 * DAY), "UPDATE webhook_events SET payload = ''"];
    expect(await byHand(event({ status: "processed" }), ...archived, AWAY)).toBe("taken");
  });

  it("goes after 31 days, if the order is gone that it was about", async () => {
    expect(await byHand(processed, clock(31 * DAY), AWAY)).toBe("taken");
  });

  const kept: readonly (readonly [string, readonly string[]])[] = [
    ["a millisecond too early", [ignored, clock(7 * DAY - 1)]],
    ["that the reconciliation may ask for again", [ignored, read(DAY), clock(7 * DAY)]],
    ["about a gone order, a millisecond too early", [processed, clock(31 * DAY - 1)]],
    ["about an order that is there", [...ORDERED, processed, clock(31 * DAY)]],
    ["about a payment", [event({ status: "processed", subject: "pi_1" }), clock(364 * DAY)]],
    ["about nothing", [event({ status: "processed" }), clock(364 * DAY)]],
    ["whose payload is here", [event({ status: "processed" }), clock(365 * DAY)]],
    ...["received", "failed", "dead"].map(
      (status) =>
        [`that is ${status}`, [event({ status, subject: "ord_1" }), clock(99 * DAY)]] as const,
    ),
  ];

  it.each(kept)("stays %s", async (_, statements) => {
    expect(await byHand(...statements, AWAY)).toContain("webhook_events_kept");
  });
});

describe("What a provider sent, whoever writes it,", () => {
  const processed = event({ status: "processed" });
  const empty = "UPDATE webhook_events SET payload = ''";

  it("goes after 90 days, and is never worked on again", async () => {
    expect(await byHand(processed, clock(90 * DAY), empty)).toBe("taken");
    const again = "UPDATE webhook_events SET status = 'received'";
    expect(await byHand(processed, clock(90 * DAY), empty, again)).toContain("event_archived");
  });

  it.each([
    ["a millisecond before that", [processed, clock(90 * DAY - 1), empty]],
    ["where it is to be worked on", [event({ status: "dead" }), clock(90 * DAY), empty]],
    ["as it came", [processed, clock(90 * DAY), `UPDATE webhook_events SET payload = '{"a":1}'`]],
  ])("stays %s", async (_, statements) => {
    expect(await byHand(...statements)).toContain("webhook_events keep what was sent");
  });
});

describe("A sign-in, whoever takes it away,", () => {
  const SIGNED_IN = [
    insert("accounts"),
    insert("users"),
    insert("sessions", { expires_at: DAY }),
    insert("session_secrets"),
  ];
  const AWAY = "DELETE FROM sessions";
  const ended = "UPDATE sessions SET ended_at = 1, ended_by = 'x'";

  it("goes 90 days after its end, whichever way it came, with its secrets", async () => {
    expect(await byHand(...SIGNED_IN, clock(91 * DAY), AWAY, gone("session_secrets"))).toBe(
      "taken",
    );
    expect(await byHand(...SIGNED_IN, ended, clock(90 * DAY), AWAY, gone("session_secrets"))).toBe(
      "taken",
    );
  });

  it("stays before that", async () => {
    const away = takeAll("session_secrets", "sessions");
    for (const early of [[clock(91 * DAY - 2)], [ended, clock(90 * DAY - 1)]])
      expect(await byHand(...SIGNED_IN, ...early, ...away)).toContain("sessions_kept");
  });
});
