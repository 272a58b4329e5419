import { env } from "cloudflare:workers";
import fc from "fast-check";
import Stripe from "stripe";
import { afterAll } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { renewShop } from "./empty-shop.ts";
import { forgetPeople } from "./people.ts";
import { idleQueue } from "./queue.ts";
import { tellAfterFailure } from "./quiet-console.ts";
import { seedOf } from "./sample.ts";
import { startInternet } from "./stripe.ts";

/** Of the pauses before the SDK asks Stripe again, which double. */
const FIRST_PAUSE_SECONDS = 0.005;

Stripe.prototype.getInitialNetworkRetryDelay = () => FIRST_PAUSE_SECONDS;

fc.configureGlobal({ seed: seedOf("properties").number });

// Files share an isolate, a database and an internet, and each may have left something there and travelled in time.
await idleQueue();
await renewShop();
await startInternet(null);
forgetPeople();
servicesOf(env).keys.forget();
servicesOf(env).apiKeys.clear();

tellAfterFailure();
afterAll(idleQueue);
