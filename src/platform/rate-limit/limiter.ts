import { type Clock, SECOND_MS } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import { type LimitBindings, LocalLimiter } from "./local-limiter.ts";
import { REDIS_MS, RedisLimiter } from "./redis-limiter.ts";
import { type Asked, rateLimitHeaders, requirePassed, type Verdict } from "./verdict.ts";

/** After a failure Redis is left alone for this long, so that not every request waits for it. */
const REDIS_REST_MS = 2 * SECOND_MS;

export interface RedisHealth {
  readonly status: "up" | "down" | "not_configured";
  readonly latencyMs: number | null;
}

/** The isolate's limiters: Redis where it is configured, and what answers without it. */
export class RateLimiter {
  readonly #redis: RedisLimiter | undefined;
  readonly #local: LocalLimiter;
  #restUntil = 0;

  constructor({ rateLimit, publicUrl }: Config, bindings: LimitBindings, patienceMs = REDIS_MS) {
    const { scale, redis } = rateLimit;
    const prefix = new URL(publicUrl).host;
    this.#redis =
      redis === undefined ? undefined : new RedisLimiter({ ...redis, prefix, patienceMs }, scale);
    this.#local = new LocalLimiter(bindings, scale);
  }

  /** Whether one of these is reached as far as is known here, without asking anybody. */
  knows(asked: readonly Asked[], now: number): boolean {
    const known = this.#awake(now) ?? this.#local;
    return asked.some((one) => known.isReached(one, now));
  }

  #awake(now: number): RedisLimiter | undefined {
    return now >= this.#restUntil ? this.#redis : undefined;
  }

  /** Counts a call against each of these. Never throws. */
  async ask(asked: readonly Asked[], now: number, log: Log): Promise<Verdict[]> {
    const redis = this.#awake(now);
    if (redis !== undefined) {
      try {
        return await redis.ask(asked, now);
      } catch (error) {
        this.#restUntil = now + REDIS_REST_MS;
        log.note("warn", "redis_failed", why(error));
      }
    }
    return Promise.all(asked.map((one) => this.#local.ask(one, now)));
  }

  async checkRedis(now: Clock, log: Log): Promise<RedisHealth> {
    if (this.#redis === undefined) return { status: "not_configured", latencyMs: null };
    const started = now();
    try {
      await this.#redis.ping();
      return { status: "up", latencyMs: now() - started };
    } catch (error) {
      log.note("warn", "redis_down", why(error));
      return { status: "down", latencyMs: now() - started };
    }
  }
}

/** The message would quote the command, and with it an address. */
function why(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}

/** The limits as one request sees them: what it was counted against is in its headers. */
export class RequestLimits {
  readonly #limiter: RateLimiter;
  readonly #now: Clock;
  readonly #log: Log;
  readonly #verdicts: Verdict[] = [];

  constructor(limiter: RateLimiter, now: Clock, log: Log) {
    this.#limiter = limiter;
    this.#now = now;
    this.#log = log;
  }

  /** Whether this isolate knows by itself that one of these is reached. */
  knows(asked: readonly Asked[]): boolean {
    return this.#limiter.knows(asked, this.#now());
  }

  /** Counts this request against each of these. Never throws. */
  async ask(asked: readonly Asked[]): Promise<Verdict[]> {
    const verdicts = await this.#limiter.ask(asked, this.#now(), this.#log);
    this.#verdicts.push(...verdicts);
    return verdicts;
  }

  /** The same; throws `RATE_LIMITED`, or `UNAVAILABLE` where a limit must be asked and cannot be. */
  async require(asked: readonly Asked[]): Promise<void> {
    requirePassed(await this.ask(asked));
  }

  checkRedis(): Promise<RedisHealth> {
    return this.#limiter.checkRedis(this.#now, this.#log);
  }

  headers(): Record<string, string> {
    return rateLimitHeaders(this.#verdicts);
  }
}
