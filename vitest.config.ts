import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";
import { createInternet, endInternets } from "./test/runner/internet.ts";
import { chooseSample } from "./test/runner/sample.ts";
import { LongOnesFirst } from "./test/runner/sequencer.ts";

const TEST_VARIABLES = {
  TOKEN_SECRET: "test-token-secret-0000000000000000000000",
  STRIPE_SECRET_KEY: "sk_test_holdfast",
  STRIPE_WEBHOOK_SECRET: "whsec_test_holdfast",
  STRIPE_API_URL: "http://stripe.test",
  RESEND_API_KEY: "re_test_holdfast",
  RESEND_API_URL: "http://resend.test",
  MAIL_FROM: "Holdfast <orders@holdfast.test>",
  DNS_API_URL: "http://dns.test",
  OPERATOR_EMAIL: "operators@holdfast.test",
  PUBLIC_URL: "https://shop.test",
  CORS_ORIGINS: "https://storefront.test",
  RATE_LIMIT_SCALE: "100000",
  HOLDS_PER_CALLER: "100000",
  DELAYED_PAYMENTS: "us_bank_account:14,sepa_debit:14,bacs_debit:14,customer_balance:14",
};

const DELIVERIES_OF_TEN = {
  ...{ maxBatchSize: 50, maxBatchTimeout: 0, maxRetries: 40 },
  deadLetterQueue: "holdfast-jobs-dead",
};

/** Programs that tests start again and again, wrangler above all, are compiled once. */
process.env["NODE_COMPILE_CACHE"] ??= resolve("node_modules/.cache/compiled");

/** Of all projects, which vitest lets run together only if they agree. A runtime takes 1 GB, and often waits. */
const WORKERS = Math.min(Math.max(availableParallelism(), 2), 4);

/** Ends what hangs; how long something may take stands in the tests that are about time. */
export const PATIENCE = {
  testTimeout: 180_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 30_000 } },
};

interface WorkerTests {
  readonly name: string;
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** Answers for one more party of the internet; undefined for what it does not know. */
  readonly also?: (request: Request) => Promise<Response | undefined>;
}

/** Tests inside the real runtime, beside a Worker with the tests' variables. */
export function workerTests({ name, include, exclude = [], variables, also }: WorkerTests) {
  // Asked once for each runtime.
  const plugin = cloudflareTest(async () => {
    const internet = createInternet({
      stripeSecretKey: TEST_VARIABLES.STRIPE_SECRET_KEY,
      stripeWebhookSecret: TEST_VARIABLES.STRIPE_WEBHOOK_SECRET,
    });
    return {
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        r2Buckets: ["ARCHIVE"],
        // Here a queue has one invocation at a time, there it has as many as it needs: one does what ten would.
        queueConsumers: { "holdfast-deliveries": DELIVERIES_OF_TEN },
        bindings: {
          ...TEST_VARIABLES,
          ...variables,
          TEST_MIGRATIONS: await readD1Migrations("./migrations"),
          TEST_SEARCH_MIGRATIONS: await readD1Migrations("./migrations-search"),
        },
        outboundService: async (request: Request) =>
          (await also?.(request)) ?? internet.fetch(request),
      },
    };
  });
  return {
    logLevel: "error" as const, // of packages that ship maps without the sources
    plugins: [plugin, endInternets],
    test: {
      name,
      include: [...include],
      exclude: [...exclude],
      setupFiles: ["test/support/setup.ts"],
      isolate: false,
      maxWorkers: WORKERS,
      ...PATIENCE,
    },
  };
}

export default defineConfig(({ mode }) => ({
  test: {
    silent: "passed-only",
    sequence: { sequencer: LongOnesFirst },
    provide: { sample: chooseSample(mode === "whole") },
    projects: [
      workerTests({
        name: "worker",
        include: ["test/**/*.test.{ts,tsx}"],
        exclude: ["test/node/**", "test/browser/**", "test/redis/**", "test/simulation/node/**"],
      }),
      {
        test: {
          name: "node",
          include: ["test/node/**/*.test.ts", "test/simulation/node/**/*.test.ts"],
          // What takes long and has no smaller sample than itself.
          exclude: mode === "whole" ? [] : ["**/*.mass-only.test.ts"],
          environment: "node",
          maxWorkers: WORKERS,
          ...PATIENCE,
        },
      },
    ],
  },
}));
