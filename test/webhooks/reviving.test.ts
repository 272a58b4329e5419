import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { reviveEvents } from "../../src/webhooks/index.ts";
import { systemContext } from "../support/credentials.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

/** Dead events that lack something, each of them this. */
async function bury(count: number, lacks: string): Promise<void> {
  await rows(
    `WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
     INSERT INTO webhook_events (id, provider, event_id, type, payload, status, lacks, received_at)
     SELECT printf('whe_%03d', i), 'stripe', 'evt_' || i, 'x', '{}', 'dead', printf(?, i), 1 FROM n`,
    count,
    lacks,
  );
}

/** How many each of four looks revives, the next always from where the last has stopped. */
async function looks(provider: string | null, arrived: ReturnType<typeof sql>): Promise<number[]> {
  // No message wakes them: only what is on disk can.
  const ctx = { ...systemContext(), wake: () => undefined };
  const revived: number[] = [];
  let after = "";
  for (let look = 0; look < 4; look += 1) {
    const found = await reviveEvents(ctx, { provider, arrived, after });
    revived.push(found.revived);
    after = found.next;
  }
  return revived;
}

/** What was revived has a time at which it is woken; then it is done. */
async function settleAll(count: number): Promise<void> {
  const waiting = "status = 'received' AND wake_at > received_at AND lacks IS NULL";
  const [found] = await rows(`SELECT count(*) AS count FROM webhook_events WHERE ${waiting}`);
  expect(found).toEqual({ count });
  await rows("UPDATE webhook_events SET status = 'ignored', wake_at = NULL, processed_at = 2");
}

describe("A look at dead events that lack something", () => {
  it("revives no more of them than it reads, and the next ones go on until each has had its turn", async () => {
    await bury(120, "ord_%03d");
    expect(await looks(null, sql`1`)).toEqual([50, 50, 20, 0]);
    await settleAll(120);
  });

  it("wakes so many at once that died while their provider was away", async () => {
    await bury(150, "stripe");
    expect(await looks("stripe", sql`0`)).toEqual([100, 50, 0, 0]);
    await settleAll(150);
  });
});
