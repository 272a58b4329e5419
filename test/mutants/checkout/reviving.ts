import type { Mutant } from "../mutant.ts";

const REVIVING = "test/webhooks/reviving.test.ts";
const READS = "revives no more of them than it reads";
const STRANGE_MONEY = "test/payments/strange-money.test.ts";
const NEVER = "however many there are whose order never comes";

/** Dead events that lack something: how many a look reads, and where the next one begins. */
export const REVIVING_EVENTS: readonly Mutant[] = [
  {
    name: "a look reads all dead events that lack something",
    change: ["AND lacks >= ${after} ORDER BY lacks LIMIT ${limit})", "AND lacks >= ${after})"],
    dies: REVIVING,
    by: READS,
  },
  {
    name: "a run wakes all events that died while a provider was away",
    change: ["REVIVED_AT_ONCE = 100", "REVIVED_AT_ONCE = 10_000"],
    dies: REVIVING,
    by: "wakes so many at once that died while their provider was away",
  },
  {
    name: "each look begins at the first event again",
    change: [
      "`(\n  SELECT id, lacks FROM webhook_events INDEXED BY webhook_events_lacking\n  WHERE status = 'dead' AND lacks >= ${after} ORDER BY",
      "`(\n  SELECT id, lacks FROM webhook_events INDEXED BY webhook_events_lacking\n  WHERE status = 'dead' AND lacks IS NOT NULL AND ${after} = ${after} ORDER BY",
    ],
    dies: STRANGE_MONEY,
    by: NEVER,
  },
  {
    name: "the looks stop at the last event",
    change: [
      `if (last === undefined || looked.length < LOOKED_AT) return "";`,
      "if (last === undefined || looked.length < LOOKED_AT) return after;",
    ],
    dies: STRANGE_MONEY,
    by: NEVER,
  },
  {
    name: "many events that lack one thing keep the others from their turn",
    change: ["return last === after ? `${last}!` : last;", "return last;"],
    dies: STRANGE_MONEY,
    by: NEVER,
  },
  {
    name: "an event that was revived has nobody who wakes it when its message is lost",
    change: [
      `.set({ status: "received", wakeAt, lacks: null })`,
      `.set({ status: "received", lacks: null })`,
    ],
    dies: REVIVING,
    by: READS,
  },
  {
    name: "where the looks have stopped is forgotten",
    change: ["after: progress.lacking,", `after: "",`],
    dies: STRANGE_MONEY,
    by: NEVER,
  },
  {
    name: "the mail about a lost order says what its payer has called themselves",
    change: [
      '${email === null ? "" : ` from ${email}`}',
      '${email === null ? "" : ` from ${session.address?.name ?? email}`}',
    ],
    dies: STRANGE_MONEY,
    by: "says nothing that whoever paid has written",
  },
];
