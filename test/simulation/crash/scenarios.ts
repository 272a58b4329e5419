import { IDENTITY_SCENARIOS } from "./identity-scenarios.ts";
import type { Scenario } from "./scenario.ts";
import { SHOP_SCENARIOS } from "./shop-scenarios.ts";
import { STRIPE_SCENARIOS } from "./stripe-scenarios.ts";

/** Every mutating route, job and cron task. */
export const SCENARIOS: readonly Scenario[] = [
  ...IDENTITY_SCENARIOS,
  ...SHOP_SCENARIOS,
  ...STRIPE_SCENARIOS,
];
