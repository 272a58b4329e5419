import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { createEmulator, type Emulator } from "emulate";
import { defineConfig } from "vitest/config";
import { createStripeEmulator } from "./emulators/stripe/emulator.ts";

const TEST_VARIABLES = {
  TOKEN_SECRET: "test-token-secret-0000000000000000000000",
  STRIPE_SECRET_KEY: "sk_test_holdfast",
  STRIPE_WEBHOOK_SECRET: "whsec_test_holdfast",
  STRIPE_API_URL: "http://stripe.test",
  RESEND_API_KEY: "re_test_holdfast",
  RESEND_API_URL: "http://resend.test",
  MAIL_FROM: "Holdfast <orders@holdfast.test>",
  OPERATOR_EMAIL: "operators@holdfast.test",
  PUBLIC_URL: "https://shop.test",
  CORS_ORIGINS: "https://storefront.test",
  RATE_LIMIT_SCALE: "100000",
};

const stripe = createStripeEmulator({
  publicUrl: "http://stripe.test",
  webhookSecret: TEST_VARIABLES.STRIPE_WEBHOOK_SECRET,
});
let mail: Promise<Emulator> | undefined;
let mailsAsked = 0;

function startMail(): Promise<Emulator> {
  mail ??= createEmulator({ service: "resend", port: 0 });
  return mail;
}

/** The internet, as the tests' Worker sees it: two emulated parties, and nobody else. */
async function internet(request: Request): Promise<Response> {
  const { hostname, pathname, search } = new URL(request.url);
  if (hostname === "stripe.test") return stripe.fetch(request);
  if (hostname !== "resend.test")
    return new Response(`Nobody meant ${request.url}`, { status: 599 });
  const { url } = await startMail();
  const body = request.body === null ? null : await request.arrayBuffer();
  mailsAsked += 1;
  // The emulator takes 5,000 requests an hour of a key, and this run is longer than that.
  const authorization = `${request.headers.get("Authorization")}_${Math.floor(mailsAsked / 4000)}`;
  const headers = { ...Object.fromEntries(request.headers), authorization };
  return fetch(url + pathname + search, { method: request.method, headers, body });
}

/** Ends the mail server with the run, which would wait for it otherwise. */
const endInternet = {
  name: "end-internet",
  closeBundle: async () => {
    await (await mail)?.close();
    await stripe.close();
  },
};

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
  const outboundService = async (request: Request) => (await also?.(request)) ?? internet(request);
  const plugin = cloudflareTest(async () => ({
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: {
      bindings: {
        ...TEST_VARIABLES,
        ...variables,
        TEST_MIGRATIONS: await readD1Migrations("./migrations"),
      },
      outboundService,
    },
  }));
  return {
    plugins: [plugin, endInternet],
    test: {
      name,
      include: [...include],
      exclude: [...exclude],
      setupFiles: ["test/support/setup.ts"],
      // The emulated third parties are one, so the files take turns.
      isolate: false,
      maxWorkers: 1,
      ...PATIENCE,
    },
  };
}

export default defineConfig({
  test: {
    silent: "passed-only",
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
          environment: "node",
          // They start shops and load them: one at a time, as the Worker's.
          maxWorkers: 1,
          ...PATIENCE,
        },
      },
    ],
  },
});
