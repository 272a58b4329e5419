import { MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { listEndedSessions } from "./store.ts";

/** The access tokens of a session that has ended elsewhere are good for at most this long. */
const CATCH_UP_MS = 10 * SECOND_MS;
/** What other isolates wrote may become visible late, and their clocks may differ. */
const OVERLAP_MS = 30 * SECOND_MS;
/** Longer than an access token lives: one of a session that ended before that is over by itself. */
const REMEMBERED_MS = 20 * MINUTE_MS;

/**
 * The isolate's list of the sessions that ended while their access tokens still run, so that signing out, a new
 * password, another role or being disabled ends those too (ASVS 5, 7.4.1) without a round trip for every request.
 */
export class EndedSessions {
  readonly #ended = new Map<string, number>();
  #readAt: number | undefined;
  #stale = false;

  async includes(ctx: Context, sessionId: string): Promise<boolean> {
    const now = ctx.now();
    const age = now - (this.#readAt ?? 0);
    if (this.#readAt === undefined || this.#stale || age < 0 || age >= CATCH_UP_MS)
      await this.#catchUp(ctx, now);
    return this.#ended.has(sessionId);
  }

  /** Makes the next look read what has ended since; for whoever has just ended one. */
  expire(): void {
    this.#stale = true;
  }

  async #catchUp(ctx: Context, now: number): Promise<void> {
    const from = Math.max(now - REMEMBERED_MS, (this.#readAt ?? 0) - OVERLAP_MS);
    this.#stale = false;
    try {
      for (const { id, endedAt } of await ctx.db.run(listEndedSessions(from)))
        this.#ended.set(id, endedAt);
    } catch (error) {
      this.#stale = true;
      throw error;
    }
    this.#readAt = now;
    for (const [id, endedAt] of this.#ended)
      if (endedAt < now - REMEMBERED_MS) this.#ended.delete(id);
  }
}
