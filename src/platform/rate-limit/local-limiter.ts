import { MINUTE_MS, SECOND_MS } from "../clock.ts";
import type { Bindings } from "../config.ts";
import { LIMITS, type LimitBinding, type LimitName, quotaOf } from "./limits.ts";
import { Recent } from "./recent.ts";
import { type Asked, unanswered, type Verdict } from "./verdict.ts";

export type LimitBindings = Pick<Bindings, LimitBinding>;

/** About 1 MB. */
const MAX_KEYS = 10_000;

interface Count {
  readonly windowStart: number;
  readonly used: number;
  readonly minute: number;
  /** Calls of this minute that the binding has granted and nobody has used. */
  readonly granted: number;
}

/**
 * Limits without Redis: this isolate's own count over the whole window, and the Workers binding, which counts one
 * minute over all isolates of a Cloudflare location.
 */
export class LocalLimiter {
  readonly #bindings: LimitBindings;
  readonly #scale: number;
  readonly #counts = new Recent<Count>(MAX_KEYS);

  constructor(bindings: LimitBindings, scale: number) {
    this.#bindings = bindings;
    this.#scale = scale;
  }

  /** Whether this isolate alone has counted as many calls as there may be. */
  isReached({ name, key }: Asked, now: number): boolean {
    const { used } = this.#count(`${name}:${key}`, now, LIMITS[name].windowSeconds * SECOND_MS);
    return used >= quotaOf(name, this.#scale);
  }

  async ask({ name, key }: Asked, now: number): Promise<Verdict> {
    const windowMs = LIMITS[name].windowSeconds * SECOND_MS;
    const quota = quotaOf(name, this.#scale);
    const id = `${name}:${key}`;
    const { used } = this.#count(id, now, windowMs);
    const resetSeconds = secondsLeft(now, windowMs);
    if (used >= quota) return overQuota(name, quota, resetSeconds);
    const state = { remaining: quota - used - 1, resetSeconds };
    switch (await this.#take(this.#bindings[LIMITS[name].binding], { id, now, windowMs })) {
      case "yes":
        return { name, quota, passed: true, state };
      case "no":
        return overQuota(name, quota, secondsLeft(now, MINUTE_MS));
      case "unanswered": {
        const verdict = unanswered(name, this.#scale);
        return verdict.passed ? { ...verdict, state } : verdict;
      }
    }
  }

  #count(id: string, now: number, windowMs: number): Count {
    const windowStart = now - (now % windowMs);
    const minute = now - (now % MINUTE_MS);
    const known = this.#counts.get(id);
    const used = known?.windowStart === windowStart ? known.used : 0;
    const granted = known?.minute === minute ? known.granted : 0;
    return { windowStart, minute, used, granted };
  }

  /**
   * Counts one call. The binding's limit is fixed in wrangler.toml, so each of its answers stands for as many calls as
   * the scale says. All is counted before anything is awaited: calls at the same moment must see each other.
   */
  async #take(
    binding: RateLimit,
    { id, now, windowMs }: { id: string; now: number; windowMs: number },
  ): Promise<"yes" | "no" | "unanswered"> {
    const before = this.#count(id, now, windowMs);
    const questions = Math.max(0, Math.ceil((1 - before.granted) / this.#scale));
    const granted = before.granted + questions * this.#scale - 1;
    this.#counts.set(id, { ...before, used: before.used + 1, granted });
    try {
      for (let asked = 0; asked < questions; asked += 1) {
        const { success } = await binding.limit({ key: id });
        if (success) continue;
        const after = this.#count(id, now, windowMs);
        this.#counts.set(id, { ...after, used: Math.max(0, after.used - 1), granted: 0 });
        return "no";
      }
      return "yes";
    } catch {
      return "unanswered";
    }
  }
}

function overQuota(name: LimitName, quota: number, resetSeconds: number): Verdict {
  return { name, quota, passed: false, state: { remaining: 0, resetSeconds } };
}

/** Until the end of the window that the clock is in. */
function secondsLeft(now: number, windowMs: number): number {
  return Math.ceil((windowMs - (now % windowMs)) / SECOND_MS);
}
