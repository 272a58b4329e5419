import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { databaseFailingOnce } from "../support/faults.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { purgedDaily } from "../support/retention.ts";
import { asD1, logOf } from "../support/rig.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const PURGE = "*/5 * * * *";
const LONG = 91;

const bucket = () => {
  if (env.ARCHIVE === undefined) throw new Error("No bucket is bound.");
  return env.ARCHIVE;
};

async function emptyBucket(): Promise<void> {
  const { objects } = await bucket().list();
  for (const { key } of objects) await bucket().delete(key);
}

/** Events that were processed today. */
async function processed(...payloads: readonly string[]): Promise<void> {
  for (const [i, payload] of payloads.entries())
    await rows(
      `INSERT INTO webhook_events (id, provider, event_id, type, subject, payload, status, received_at, processed_at)
       VALUES (?, 'stripe', ?, 'x', 'pi_1', ?, 'processed', ?, ?)`,
      ...[`whe_${i}`, `evt_${i}`, payload, Date.now(), Date.now()],
    );
}

const payloads = async () =>
  (await rows<{ payload: string }>("SELECT payload FROM webhook_events ORDER BY id")).map(
    ({ payload }) => payload,
  );

/** What lies in the bucket: each object's name, and the lines in it. */
async function archived(): Promise<{ key: string; lines: Record<string, unknown>[] }[]> {
  const { objects } = await bucket().list();
  return Promise.all(
    objects.map(async ({ key }) => {
      const stored = await bucket().get(key);
      if (stored === null) throw new Error(`${key} is gone`);
      const text = await new Response(
        stored.body.pipeThrough(new DecompressionStream("gzip")),
      ).text();
      const lines = text.trimEnd().split("\n");
      return { key, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
    }),
  );
}

describe("What providers have sent", () => {
  it("goes into the bucket as compressed lines, and then out of the database", async () => {
    await emptyBucket();
    await processed('{"a":1}', '{"b":"é"}');
    const day = new Date(Date.now()).toISOString().slice(0, 10);
    await travel(LONG * DAY_MS);
    await cronOver(servicesWith(), PURGE);
    const [object, ...others] = await archived();
    expect(others).toEqual([]);
    expect(object?.key).toMatch(
      new RegExp(`^webhook-events/${day}/whe_0-[\\w-]{16}\\.ndjson\\.gz$`),
    );
    expect(object?.lines).toMatchObject([
      {
        id: "whe_0",
        provider: "stripe",
        eventId: "evt_0",
        type: "x",
        subject: "pi_1",
        payload: '{"a":1}',
      },
      { id: "whe_1", payload: '{"b":"é"}' },
    ]);
    expect(await payloads()).toEqual(["", ""]);
  });

  it("is dropped where no bucket is bound", async () => {
    await emptyBucket();
    await processed("{}");
    await travel(LONG * DAY_MS);
    const services = servicesWith();
    const { ARCHIVE: _, ...bindings } = services.bindings;
    await cronOver({ ...services, bindings }, PURGE);
    expect(await archived()).toEqual([]);
    expect(await payloads()).toEqual([""]);
  });

  it("stays here until it is there, and is there once, however often a run dies in between", async () => {
    await emptyBucket();
    await processed('{"a":1}');
    await travel(LONG * DAY_MS);
    const { database } = databaseFailingOnce({ when: "before", about: /SET payload = ''/ });
    await logOf(() => cronOver(servicesWith({ DB: asD1(database) }), PURGE));
    expect(await payloads()).toEqual(['{"a":1}']);
    expect(await archived()).toHaveLength(1);
    await cronOver(servicesWith(), PURGE);
    expect(await payloads()).toEqual([""]);
    expect(await archived()).toHaveLength(1);
  });

  it("is in one object, though more of it is due when a run goes on where one has died", async () => {
    await emptyBucket();
    await processed('{"a":1}');
    await travel(2 * MINUTE_MS);
    await rows(
      `INSERT INTO webhook_events (id, provider, event_id, type, subject, payload, status, received_at, processed_at)
       VALUES ('whe_9', 'stripe', 'evt_9', 'x', 'pi_1', '{"b":1}', 'processed', ?1, ?1)`,
      Date.now(),
    );
    await travel(90 * DAY_MS - MINUTE_MS); // the first is due, the second in a minute
    const { database, failed } = databaseFailingOnce({ when: "before", about: /SET payload = ''/ });
    await logOf(() => cronOver(servicesWith({ DB: asD1(database) }), PURGE));
    expect(failed()).toBe(true);
    await travel(5 * MINUTE_MS);
    await cronOver(servicesWith(), PURGE);
    expect(await payloads()).toEqual(["", ""]);
    const lines = (await archived()).map(({ lines: all }) => all.map(({ payload }) => payload));
    expect(lines.toSorted()).toEqual([['{"a":1}'], ['{"b":1}']]);
  });

  it("is stored as the file that it is, so that nobody unpacks it on the way to gunzip", async () => {
    await emptyBucket();
    await processed('{"a":1}');
    await travel(LONG * DAY_MS);
    await cronOver(servicesWith(), PURGE);
    const [object] = await archived();
    const stored = await bucket().head(object?.key ?? "");
    expect(stored?.httpMetadata).toEqual({ contentType: "application/gzip" });
  });

  it("stays here as long as the bucket takes nothing", async () => {
    await processed('{"a":1}');
    await travel(LONG * DAY_MS);
    const full = { ...servicesWith() };
    const put = () => Promise.reject(new Error("put: We encountered an internal error."));
    const bindings = { ...full.bindings, ARCHIVE: { put } as unknown as R2Bucket };
    const { lines } = await logOf(() => cronOver({ ...full, bindings }, PURGE));
    expect(lines.find(({ task }) => task === "purge")).toMatchObject({ level: "error", failed: 1 });
    expect(await payloads()).toEqual(['{"a":1}']);
  });

  it("is never written over by something else under its name", async () => {
    await emptyBucket();
    await processed('{"a":1}', '{"b":1}', '{"c":1}');
    await travel(LONG * DAY_MS);
    await Promise.all([1, 2, 3].map(() => cronOver(servicesWith(), PURGE)));
    const all = (await archived()).flatMap(({ lines }) => lines.map(({ payload }) => payload));
    expect(new Set(all)).toEqual(new Set(['{"a":1}', '{"b":1}', '{"c":1}']));
  });

  it("of an event that was replayed behind the walk goes with the next walk", async () => {
    await processed("{}", "{}");
    await rows("UPDATE webhook_events SET status = 'dead' WHERE id = 'whe_0'");
    await travel(LONG * DAY_MS);
    await cronOver(servicesWith(), PURGE);
    await rows("UPDATE webhook_events SET status = 'processed' WHERE id = 'whe_0'");
    await cronOver(servicesWith(), PURGE);
    expect(await payloads()).toEqual(["{}", ""]);
    await travel(31 * DAY_MS);
    await purgedDaily();
    await cronOver(servicesWith(), PURGE);
    await cronOver(servicesWith(), PURGE);
    expect(await payloads()).toEqual(["", ""]);
  });
});
