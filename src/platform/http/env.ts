import type { Context } from "../context.ts";

/** What every handler finds under `c.var`. */
export interface ContextEnv<C extends Context = Context> {
  Variables: { ctx: C };
}

/** Who may call a route. The guard and the OpenAPI security section are both made from it. */
export type Access = "anyone" | "admin";
