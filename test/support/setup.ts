import { env } from "cloudflare:workers";
import { servicesOf } from "../../src/services.ts";
import { renewShop } from "./empty-shop.ts";
import { forgetPeople } from "./people.ts";
import { quietQueue } from "./queue.ts";
import { startInternet } from "./stripe.ts";

// Files share an isolate, a database and an internet, and each may have left something there and travelled in time.
await quietQueue();
await renewShop();
await startInternet(null);
forgetPeople();
servicesOf(env).keys.forget();
servicesOf(env).apiKeys.clear();
