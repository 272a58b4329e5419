import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { Database, type Statement } from "../../src/platform/db.ts";
import { KEY_LIFE_MS, type KeyUse } from "../../src/platform/idempotency/key-use.ts";
import {
  type Claim,
  insertKey,
  storeAnswer,
  takeOverKey,
  unlockKey,
} from "../../src/platform/idempotency/store.ts";
import type { LimitBindings } from "../../src/platform/rate-limit/local-limiter.ts";
import { deadQueue } from "../support/faults.ts";
import { storedEvent } from "../support/inbox.ts";
import { BROKEN, bindingsOf, limitedShop } from "../support/limits.ts";
import { PASSWORD } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const run = <T>(statement: Statement<T>) => new Database(env.DB).run(statement);
const useOf = (key: string, requestHash = "h"): KeyUse => ({
  caller: "me",
  marks: [{ key, network: null, requestHash, answerSecret: "s" }],
});
const KEY = useOf("k");
const stored = () =>
  rows("SELECT status, body, locked_until FROM idempotency_keys WHERE key = 'k'");

/** A key whose first request is at work until 10, or has this answer. */
const begin = (answer: Claim = {}) => run(insertKey(KEY, 1, { lockedUntil: 10, ...answer }));

const answered = { status: 201, body: "{}" };

describe("A key", () => {
  it("is taken over once its first request is taken for dead", async () => {
    await begin();
    expect(await run(takeOverKey(KEY, 10, 20))).toHaveLength(1);
    expect(await stored()).toMatchObject([{ locked_until: 20 }]);
  });

  it("whose first request is at work is not taken over", async () => {
    await begin();
    expect(await run(takeOverKey(KEY, 9, 20))).toEqual([]);
  });

  it("that has an answer is not taken over", async () => {
    await begin(answered);
    expect(await run(takeOverKey(KEY, 10, 20))).toEqual([]);
  });

  it("keeps its first answer", async () => {
    await begin();
    await run(storeAnswer(KEY, 201, "first"));
    await run(storeAnswer(KEY, 422, "second"));
    expect(await stored()).toEqual([{ status: 201, body: "first", locked_until: null }]);
  });

  it("gets an answer only if what it says is so", async () => {
    await begin();
    await run(storeAnswer(KEY, 201, "first", sql`1 = 2`));
    expect(await stored()).toEqual([{ status: null, body: null, locked_until: 10 }]);
  });

  it("is unlocked for the next try, and no other key with it", async () => {
    await begin();
    await run(insertKey(useOf("l"), 1, { lockedUntil: 10 }));
    await run(unlockKey(KEY, 5));
    expect(await rows("SELECT locked_until FROM idempotency_keys ORDER BY key")).toEqual([
      { locked_until: 5 },
      { locked_until: 10 },
    ]);
  });

  it("that has an answer is not unlocked", async () => {
    await begin(answered);
    await run(unlockKey(KEY, 5));
    expect(await stored()).toMatchObject([{ locked_until: 10 }]);
  });

  it("that is over is written over whole by its next use", async () => {
    await begin({ ...answered, subject: "ord_1" });
    const over = 1 + KEY_LIFE_MS;
    await run(insertKey(useOf("k", "i"), over, { lockedUntil: over + 100 }));
    expect(await rows("SELECT * FROM idempotency_keys")).toEqual([
      {
        caller: "me",
        key: "k",
        network: null,
        request_hash: "i",
        subject: null,
        status: null,
        headers: null,
        body: null,
        locked_until: over + 100,
        created_at: over,
        expires_at: over + KEY_LIFE_MS,
      },
    ]);
  });

  it("has no answer that is an error of ours, and does it at the next try", async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    const register = (bindings: LimitBindings) =>
      limitedShop({ bindings }).call("POST", "/api/v1/auth/register", {
        headers: { "Idempotency-Key": "k" },
        body: { email, password: PASSWORD, name: "Ada" },
      });
    expect((await register(BROKEN)).status).toBe(503);
    expect((await register(bindingsOf(100))).status).toBe(201);
  });

  it("that is used again wakes nobody", async () => {
    const id = await storedEvent();
    const woken: unknown[] = [];
    const send: Queue["send"] = async (job) => {
      woken.push(job);
      return { metadata: { metrics: await env.JOBS.metrics() } };
    };
    const JOBS: Queue = { ...deadQueue, send };
    const shop = shopOver(env.DB, { bindings: { ...env, JOBS } });
    const path = `/api/v1/webhook-events/${id}/replay`;
    const replay = () => shop.asAdmin("POST", path, { headers: { "Idempotency-Key": "k" } });
    const texts = [await replay(), await replay()].map(({ text }) => text);
    expect(new Set(texts).size).toBe(1);
    expect(woken).toEqual([expect.objectContaining({ type: "webhook", id })]);
    await rows("UPDATE webhook_events SET status = 'ignored', wake_at = NULL WHERE id = ?", id);
  });
});
