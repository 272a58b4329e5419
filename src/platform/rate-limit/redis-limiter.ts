import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis/cloudflare";
import { SECOND_MS } from "../clock.ts";
import { LIMITS, type LimitName, quotaOf } from "./limits.ts";
import { Recent } from "./recent.ts";
import type { Asked, Verdict } from "./verdict.ts";

/** Redis answers within this, or is not waited for. */
export const REDIS_MS = 250;
const MAX_KEYS = 10_000;

export interface RedisOptions {
  readonly url: string;
  readonly token: string;
  /** Keeps the keys of shops that share a Redis apart. */
  readonly prefix: string;
  /** How long an answer is waited for. */
  readonly patienceMs: number;
}

/** Sliding windows over all of Cloudflare, in Redis. All that is asked at once is one request to it. */
export class RedisLimiter {
  readonly #redis: Redis;
  readonly #limiters: ReadonlyMap<LimitName, Ratelimit>;
  readonly #scale: number;
  readonly #patienceMs: number;
  /** Who was just refused, and until when it is not asked again. */
  readonly #refused = new Recent<{ readonly until: number; readonly reset: number }>(MAX_KEYS);

  constructor({ url, token, prefix, patienceMs }: RedisOptions, scale: number) {
    this.#scale = scale;
    this.#patienceMs = patienceMs;
    this.#redis = new Redis({
      url,
      token,
      retry: { retries: 0 }, // `false` means one retry
      signal: () => AbortSignal.timeout(patienceMs),
      readYourWrites: false,
      enableTelemetry: false,
    });
    const names = Object.keys(LIMITS) as LimitName[]; // keys of a constant object
    this.#limiters = new Map(names.map((name) => [name, this.#limiter(name, prefix)]));
  }

  #limiter(name: LimitName, prefix: string): Ratelimit {
    return new Ratelimit({
      redis: this.#redis,
      limiter: Ratelimit.slidingWindow(
        quotaOf(name, this.#scale),
        `${LIMITS[name].windowSeconds} s`,
      ),
      prefix: `${prefix}:${name}`,
      timeout: this.#patienceMs, // over both requests when Redis does not have the script yet
      ephemeralCache: false, // it would refuse until the end of a fixed window
      enableTelemetry: false,
    });
  }

  /** Whether it was refused a moment ago, so that Redis need not be asked. */
  isReached({ name, key }: Asked, now: number): boolean {
    const known = this.#refused.get(`${name}:${key}`);
    return known !== undefined && now < known.until;
  }

  /** Throws when Redis does not give a sensible answer in time. */
  ask(asked: readonly Asked[], now: number): Promise<Verdict[]> {
    return Promise.all(asked.map((one) => this.#askOne(one, now)));
  }

  async #askOne({ name, key }: Asked, now: number): Promise<Verdict> {
    const quota = quotaOf(name, this.#scale);
    const id = `${name}:${key}`;
    const known = this.#refused.get(id);
    if (known !== undefined && now < known.until) return overQuota(name, quota, known.reset, now);
    const answer = await this.#limiters.get(name)?.limit(key);
    if (answer === undefined || answer.reason === "timeout") throw new RedisError("RedisTimeout");
    const { success, remaining, reset, limit } = answer;
    if (limit !== quota || !Number.isInteger(remaining)) throw new RedisError("RedisNonsense");
    if (!success) {
      // A slot of a sliding window becomes free this often, so whoever hammers costs nothing in between.
      const slotMs = (LIMITS[name].windowSeconds * SECOND_MS) / quota;
      this.#refused.set(id, { until: now + slotMs, reset });
      return overQuota(name, quota, reset, now);
    }
    return {
      name,
      quota,
      passed: true,
      state: { remaining, resetSeconds: secondsUntil(reset, now) },
    };
  }

  /** Throws unless Redis answers in time. */
  async ping(): Promise<void> {
    await this.#redis.ping();
  }
}

/** Says why, and nothing of what was sent: the library's own errors quote the command with its keys. */
class RedisError extends Error {
  constructor(why: "RedisTimeout" | "RedisNonsense") {
    super(why);
    this.name = why;
  }
}

function overQuota(name: LimitName, quota: number, reset: number, now: number): Verdict {
  const state = { remaining: 0, resetSeconds: secondsUntil(reset, now) };
  return { name, quota, passed: false, state };
}

function secondsUntil(reset: number, now: number): number {
  return Math.max(1, Math.ceil((reset - now) / SECOND_MS));
}
