import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Database, type Statement } from "../../src/platform/db.ts";
import { markDone, markFailed } from "../../src/platform/outbox/store.ts";
import { insert } from "../support/by-hand.ts";
import { deadQueue } from "../support/faults.ts";
import { cronOver, deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import { mails } from "../support/shop.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const run = <T>(statement: Statement<T>) => new Database(env.DB).run(statement);
/** The mail service remembers what was sent, and under which key. */
let id = "";
const stored = async () => (await rows("SELECT * FROM outbox WHERE id = ?", id))[0];

/** A mail to the operators that waits for the sweep, whose minute is over in one. */
async function promised(said: object = {}): Promise<void> {
  id = `obx_${crypto.randomUUID()}`;
  const payload = JSON.stringify({ subject: `Look at ${id}`, text: "Now." });
  const wakeAt = Date.now() + MINUTE_MS;
  await rows(insert("outbox", { id, topic: "mail.operators", payload, wake_at: wakeAt, ...said }));
}

const bring = (services = servicesWith()) =>
  deliverBatch(JOBS, [{ id: "m1", body: { type: "outbox", id, requestId: "r" } }], services);

const withoutMail = () =>
  servicesWith({}, { mailer: () => Promise.reject(new Error("Resend is away")) });

describe("A promise", () => {
  it("that was kept is not kept again, however often its message comes", async () => {
    await promised();
    await bring();
    const before = await stored();
    expect(before).toMatchObject({ status: "done", wake_at: null });
    await travel(1);
    expect((await bring(withoutMail())).acked).toEqual(["m1"]);
    expect(await stored()).toEqual(before);
    const sent = (await mails()).filter((mail) => mail.subject.includes(id));
    expect(sent).toHaveLength(1);
  });

  it("that fails is tried again, by the queue and by the sweep", async () => {
    await promised();
    const { acked, retried } = await bring(withoutMail());
    expect([acked, Object.keys(retried)]).toEqual([[], ["m1"]]);
    const failed = { status: "pending", attempts: 1, last_error: "Error: Resend is away" };
    const row = await stored();
    expect(row).toMatchObject(failed);
    expect(row?.["wake_at"]).toBeGreaterThan(Date.now() + MINUTE_MS);
    await bring();
    expect(await stored()).toMatchObject({ status: "done", last_error: null });
  });

  it("that nobody can keep is dead at once, and says why", async () => {
    await promised({ topic: "mail.unknown" });
    expect((await bring()).acked).toEqual(["m1"]);
    const dead = {
      status: "dead",
      last_error: expect.stringContaining("Nobody tells mail.unknown"),
    };
    expect(await stored()).toMatchObject(dead);
  });

  it("is woken by the sweep after its minute, and then left alone for a while", async () => {
    await promised();
    const silent = () => cronOver(servicesWith({ JOBS: deadQueue }));
    const due = (await stored())?.["wake_at"];
    await silent();
    expect((await stored())?.["wake_at"]).toBe(due);
    await travel(MINUTE_MS);
    await silent();
    expect((await stored())?.["wake_at"]).toBeGreaterThan(Date.now() + MINUTE_MS);
    await bring();
  });

  it("that died while it was kept stays dead", async () => {
    await promised({ status: "dead", wake_at: null });
    await run(markDone(id, 5));
    expect(await stored()).toMatchObject({ status: "dead", done_at: null });
  });

  it("that another try has kept stays kept when this one fails", async () => {
    await promised({ status: "done", wake_at: null, done_at: 1 });
    await run(markFailed(id, "Error: late", 5));
    expect(await stored()).toMatchObject({ status: "done", attempts: 0, last_error: null });
  });
});
