import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { servicesOf } from "../../src/services.ts";
import { forgetPeople } from "./people.ts";
import { stripe } from "./stripe.ts";

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);

// The files share one isolate and one Stripe, and each may have emptied the shop and travelled in time.
await stripe.reset();
await stripe.control("/clock", { now: null });
forgetPeople();
servicesOf(env).keys.forget();
servicesOf(env).apiKeys.clear();
