import type { Context } from "../context.ts";

/** What every handler finds under `c.var`. */
export interface ContextEnv<C extends Context = Context> {
  Variables: {
    ctx: C;
    /** The body as text, where one was sent as JSON. */
    sent?: string | undefined;
  };
}
