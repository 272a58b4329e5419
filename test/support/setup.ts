import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { servicesOf } from "../../src/services.ts";
import { forgetPeople } from "./people.ts";

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);

// The files share one isolate, and each may have emptied the shop.
forgetPeople();
servicesOf(env).keys.forget();
servicesOf(env).apiKeys.clear();
