import { describe } from "vitest";
import { operators } from "./over-http/admin.ts";
import { outage } from "./over-http/outage.ts";
import { purchases } from "./over-http/purchases.ts";
import { buyers } from "./over-http/race.ts";
import { TIMEOUT_MS, useShop } from "./over-http/shop.ts";

useShop();

describe("Over HTTP, against npm run dev", { timeout: TIMEOUT_MS }, () => {
  buyers();
  purchases();
  outage();
  operators();
});
