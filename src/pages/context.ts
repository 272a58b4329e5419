import type { Context as HonoContext } from "hono";
import type { IdentityContext, Person } from "../identity/index.ts";
import type { InventoryContext } from "../inventory/index.ts";
import type { PaymentGateway } from "../payments/index.ts";
import type { ContextEnv } from "../platform/http/env.ts";
import type { ShopSettings } from "../settings/index.ts";

/** What the use cases behind the pages need. */
export interface PageContext extends InventoryContext, IdentityContext {
  readonly payments: PaymentGateway;
  /** Who is signed in in this browser. */
  readonly person?: Person;
  /** What the shop says of itself, for a page that is read. */
  readonly settings?: () => Promise<ShopSettings>;
}

export type PageEnv = ContextEnv<PageContext>;
export type PageRequest = HonoContext<PageEnv>;
