import { CRON_SCENARIOS } from "./cron-scenarios.ts";
import { CSV_SCENARIOS } from "./csv-scenarios.ts";
import { IDENTITY_SCENARIOS } from "./identity-scenarios.ts";
import { JOB_SCENARIOS } from "./job-scenarios.ts";
import type { Scenario } from "./scenario.ts";
import { SHOP_SCENARIOS } from "./shop-scenarios.ts";
import { SUBSCRIBER_SCENARIOS } from "./subscriber-scenarios.ts";

/** Every mutating route, job and cron task. */
export const SCENARIOS: readonly Scenario[] = [
  ...IDENTITY_SCENARIOS,
  ...SHOP_SCENARIOS,
  ...JOB_SCENARIOS,
  ...CRON_SCENARIOS,
  ...SUBSCRIBER_SCENARIOS,
  ...CSV_SCENARIOS,
];
