import { expect, it, onTestFinished } from "vitest";
import { createTestHarness, unstable_readConfig } from "wrangler";
import type { Json } from "../support/json.ts";
import { openShop, WEBHOOK_SECRET } from "./stripe-emulator-support.ts";

const TIMEOUT_MS = 300_000;
const SOON = { timeout: 90_000, interval: 100 };
const JOBS = "holdfast-jobs";

interface Row {
  readonly [column: string]: string | number | null;
}

interface Shop {
  readonly DB: {
    prepare(sql: string): { all(): Promise<{ results: Row[] }> };
  };
  readonly JOBS: { send(message: object): Promise<unknown> };
}

/** The Worker as wrangler.toml describes it, but its queue gives up after one retry. */
async function startShop(stripeUrl: string) {
  const { name, main, compatibility_date, d1_databases, queues, ratelimits } = unstable_readConfig({
    config: "wrangler.toml",
  });
  const consumers = (queues.consumers ?? []).map((one: { queue: string }) =>
    one.queue === JOBS ? { ...one, max_retries: 1 } : one,
  );
  const vars = {
    PUBLIC_URL: "https://shop.test",
    TOKEN_SECRET: "test-token-secret-0000000000000000000000",
    STRIPE_SECRET_KEY: "sk_test_holdfast",
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_URL: stripeUrl,
  };
  const harness = createTestHarness({
    workers: [
      {
        config: {
          name: name ?? "holdfast",
          main: main ?? "src/index.ts",
          compatibility_date: compatibility_date ?? "",
          d1_databases,
          ratelimits,
          queues: { ...queues, consumers },
          vars,
        },
      },
    ],
  });
  onTestFinished(() => harness.close());
  await harness.listen();
  await harness.getWorker().applyD1Migrations("DB");
  await harness.getWorker().applyD1Migrations("SEARCH");
  const env = await harness.getWorker<Shop>().getEnv();
  return {
    env,
    rows: async (sql: string) => (await env.DB.prepare(sql).all()).results,
    post: async (path: string, body: object | string, headers: object = {}): Promise<Json> => {
      const response = await harness.fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      return response.json();
    },
  };
}

/** Registers somebody, makes them an admin in the database, and answers their access token. */
async function makeAdmin({ post, rows }: Awaited<ReturnType<typeof startShop>>): Promise<string> {
  const person = {
    email: "admin@example.com",
    password: "correct horse battery staple",
    name: "Ada",
  };
  const { data } = await post("/api/v1/auth/register", person);
  await rows("UPDATE users SET role = 'admin'");
  const { refreshToken } = data;
  return (await post("/api/v1/auth/refresh", { refreshToken })).data.accessToken;
}

it("A job that keeps failing reaches the real dead-letter queue, is recorded, and can be done after all", {
  timeout: TIMEOUT_MS,
}, async () => {
  const stripe = await openShop();
  const shop = await startShop(stripe.url);
  const price = { amount: 2500, currency: "USD" };
  await shop.post(
    "/api/v1/products",
    { title: "A thing", variants: [{ sku: "THING", title: "One", price, initialStock: 3 }] },
    { Authorization: `Bearer ${await makeAdmin(shop)}` },
  );
  const { data: order } = await shop.post(
    "/api/v1/checkouts",
    {
      items: [{ sku: "THING", quantity: 1 }],
      successUrl: "https://shop.test/thanks",
      cancelUrl: "https://shop.test/cart",
    },
    { "Idempotency-Key": "1" },
  );
  const session = /cs_\w+/.exec(order.paymentUrl)?.[0];
  await stripe.control(`/sessions/${session}/pay`, { email: "ada@example.com" });
  await stripe.control("/misbehave", {
    rules: [{ method: "GET", kind: "error_500", stored: false, times: 1000 }],
  });
  for (const { body, headers } of await stripe.take())
    expect(await shop.post("/webhooks/stripe", body, headers)).toEqual({
      data: { received: true },
    });

  await expect
    .poll(() => shop.rows("SELECT queue, reason FROM dead_letters"), SOON)
    .toEqual([{ queue: `${JOBS}-dead`, reason: "Every retry failed." }]);
  const [dead, ...others] = await shop.rows(
    "SELECT id, type, attempts, last_error FROM webhook_events WHERE status = 'dead'",
  );
  expect(others).toEqual([]);
  expect(dead).toEqual({
    id: expect.stringMatching(/^whe_/),
    type: "checkout.session.completed",
    attempts: 2,
    last_error: "PaymentUnavailable: Stripe could not be asked",
  });
  expect(await shop.rows("SELECT status FROM orders")).toEqual([{ status: "pending_payment" }]);

  await stripe.control("/misbehave", { rules: [] });
  await shop.env.JOBS.send({ type: "webhook", id: dead?.["id"], requestId: "req_replay" });
  await expect
    .poll(() => shop.rows("SELECT status FROM orders"), SOON)
    .toEqual([{ status: "paid" }]);
  expect(await shop.rows("SELECT status FROM webhook_events WHERE status = 'dead'")).toEqual([]);
});
