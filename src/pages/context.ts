import type { Context as HonoContext } from "hono";
import type { InventoryContext } from "../inventory/index.ts";
import type { PaymentGateway } from "../payments/index.ts";
import type { ContextEnv } from "../platform/http/env.ts";

/** What the use cases behind the pages need. */
export interface PageContext extends InventoryContext {
  readonly payments: PaymentGateway;
}

export type PageEnv = ContextEnv<PageContext>;
export type PageRequest = HonoContext<PageEnv>;
