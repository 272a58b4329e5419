import { ACCESS } from "./access.ts";
import { DISCOUNTS } from "./discounts.ts";
import { HOLDS } from "./holds.ts";
import { HTTP } from "./http.ts";
import { IDEMPOTENCY } from "./idempotency.ts";
import { IDENTITY } from "./identity.ts";
import { LIMITS } from "./limits.ts";
import { MONEY } from "./money.ts";
import type { Mutant } from "./mutant.ts";
import { ORDERS } from "./orders.ts";
import { OUTBOX } from "./outbox.ts";
import { SIGN_IN } from "./sign-in.ts";
import { STOCK } from "./stock.ts";
import { TRANSITIONS } from "./transitions.ts";
import { WEBHOOKS } from "./webhooks.ts";

/** Every mutant, by what it is about. */
export const TABLE: readonly Mutant[] = [
  ...STOCK,
  ...HOLDS,
  ...ORDERS,
  ...MONEY,
  ...DISCOUNTS,
  ...TRANSITIONS,
  ...ACCESS,
  ...IDENTITY,
  ...SIGN_IN,
  ...WEBHOOKS,
  ...OUTBOX,
  ...IDEMPOTENCY,
  ...HTTP,
  ...LIMITS,
];
