import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Database, type Statement } from "../../src/platform/db.ts";
import { postpone } from "../../src/platform/outbox/store.ts";
import { postponeDeliveries } from "../../src/subscribers/deliveries/store.ts";
import { revivePromise } from "../../src/webhooks/dead-letters/store.ts";
import { processEvent } from "../../src/webhooks/index.ts";
import { findKnownEvents, postponeEvents } from "../../src/webhooks/store.ts";
import { systemContext } from "../support/credentials.ts";
import { deadQueue } from "../support/faults.ts";
import { deadPromise, storedEvent } from "../support/inbox.ts";
import { cronOver, deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import { asAdmin } from "../support/people.ts";
import { storedDelivery } from "../support/subscribers.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const run = <T>(statement: Statement<T>) => new Database(env.DB).run(statement);
const eventOf = async (id: string) =>
  (await rows("SELECT * FROM webhook_events WHERE id = ?", id))[0];

/** The queue brings an event's message. */
const bring = (id: string) =>
  deliverBatch(JOBS, [
    { id: crypto.randomUUID(), body: { type: "webhook", id, requestId: "req_1" } },
  ]);

/** An event that waits for the sweep, whose minute is over now. */
async function forgotten(wakeAt = Date.now()): Promise<string> {
  const id = await storedEvent();
  const waits =
    "UPDATE webhook_events SET status = 'received', processed_at = NULL, wake_at = ? WHERE id = ?";
  await rows(waits, wakeAt, id);
  return id;
}

describe("An event", () => {
  it("that was ignored is not handled again, however often its message comes", async () => {
    const id = await forgotten();
    await bring(id);
    const before = await eventOf(id);
    expect(before).toMatchObject({ status: "ignored", attempts: 2, wake_at: null });
    await travel(1);
    await bring(id);
    expect(await eventOf(id)).toEqual(before);
  });

  it("that was processed is not handled again, however often its message comes", async () => {
    const id = await storedEvent();
    await rows("UPDATE webhook_events SET status = 'processed' WHERE id = ?", id);
    const before = await eventOf(id);
    await bring(id);
    expect(await eventOf(id)).toEqual(before);
  });

  it("that fails is tried again, by the queue and by the sweep", async () => {
    const id = await forgotten();
    const handle = () => Promise.reject(new Error("not now"));
    const failing = processEvent(
      systemContext(),
      { id },
      { stripe: { handle }, resend: { handle } },
    );
    await expect(failing).rejects.toThrow("not now");
    const row = await eventOf(id);
    expect(row).toMatchObject({ status: "failed", attempts: 2, last_error: "Error: not now" });
    expect(row?.["wake_at"]).toBeGreaterThan(Date.now() + MINUTE_MS);
    await bring(id);
  });

  it("whose minute is not over is left to the queue by the sweep", async () => {
    const id = await forgotten(Date.now() + 1);
    const before = await eventOf(id);
    await cronOver(servicesWith({ JOBS: deadQueue }));
    expect(await eventOf(id)).toEqual(before);
    await bring(id);
  });

  it("that the sweep has woken is left alone by the next sweep", async () => {
    const id = await forgotten();
    const silent = servicesWith({ JOBS: deadQueue });
    await cronOver(silent);
    const [row] = await rows<{ wake_at: number }>(
      "SELECT wake_at FROM webhook_events WHERE id = ?",
      id,
    );
    expect(row?.wake_at).toBeGreaterThan(Date.now() + MINUTE_MS);
    await bring(id);
  });

  it("that is replayed is replayed alone", async () => {
    const [one, other] = [await storedEvent(), await storedEvent()];
    const before = await eventOf(other);
    const { status, body } = await asAdmin("POST", `/api/v1/webhook-events/${one}/replay`);
    expect([status, body.data.status]).toEqual([202, "received"]);
    expect(await eventOf(other)).toEqual(before);
  });

  it("of another provider with the same id is another event", async () => {
    const id = await storedEvent();
    expect(await run(findKnownEvents("stripe", [`evt_${id}`]))).toHaveLength(1);
    expect(await run(findKnownEvents("resend", [`evt_${id}`]))).toEqual([]);
  });
});

describe("A promise", () => {
  it("that is kept between the sweep's reading and its waking is not woken again", async () => {
    const id = await deadPromise();
    await rows("UPDATE outbox SET status = 'done' WHERE id = ?", id);
    await run(postpone([id], Date.now() + MINUTE_MS, Date.now()));
    const kept = [{ status: "done", wake_at: null }];
    expect(await rows("SELECT status, wake_at FROM outbox WHERE id = ?", id)).toEqual(kept);
  });

  it("and an event, and a delivery, that a failed try has put off meanwhile come when it has said", async () => {
    const [now, soon] = [Date.now(), Date.now() + 1000];
    const [promise, event] = [await deadPromise(), await storedEvent()];
    const { deliveryId } = await storedDelivery();
    const all: [string, string, (wakeAt: number, now: number) => Statement][] = [
      ["outbox", promise, (...at) => postpone([promise], ...at)],
      ["webhook_events", event, (...at) => postponeEvents([event], ...at)],
      ["webhook_deliveries", deliveryId, (...at) => postponeDeliveries([deliveryId], ...at)],
    ];
    for (const [table, id, putOff] of all) {
      const pending = table === "webhook_events" ? "received" : "pending";
      await rows(`UPDATE ${table} SET status = ?, wake_at = ? WHERE id = ?`, pending, soon, id);
      const wakeAt = async () =>
        (await rows(`SELECT wake_at AS at FROM ${table} WHERE id = ?`, id))[0];
      await run(putOff(now + 9 * MINUTE_MS, now));
      expect([table, await wakeAt()]).toEqual([table, { at: soon }]);
      await run(putOff(now + 9 * MINUTE_MS, soon));
      expect([table, await wakeAt()]).toEqual([table, { at: now + 9 * MINUTE_MS }]);
      await rows(`UPDATE ${table} SET wake_at = ? WHERE id = ?`, now, id);
    }
    await bring(event);
    await rows(
      "UPDATE outbox SET status = 'done', done_at = 1, wake_at = NULL WHERE id = ?",
      promise,
    );
  });

  it("that is kept is not revived", async () => {
    const id = await deadPromise();
    await rows("UPDATE outbox SET status = 'done' WHERE id = ?", id);
    await run(revivePromise(id, Date.now()));
    expect(await rows("SELECT status FROM outbox WHERE id = ?", id)).toEqual([{ status: "done" }]);
  });
});
