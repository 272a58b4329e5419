import type { D1Migration } from "@cloudflare/vitest-pool-workers";
import type { Bindings } from "../../src/platform/config.ts";

declare global {
  namespace Cloudflare {
    interface Env extends Bindings {
      readonly TEST_MIGRATIONS: D1Migration[];
      readonly TEST_SEARCH_MIGRATIONS: D1Migration[];
      readonly STRIPE_WEBHOOK_SECRET: string;
    }
    interface GlobalProps {
      mainModule: typeof import("../../src/index.ts");
    }
  }
}
