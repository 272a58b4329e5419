import { describe, expect, it } from "vitest";
import { explainNextSteps } from "../../scripts/deploy/afterwards.ts";
import {
  compareDeclarations,
  compareEnvironments,
  compareExample,
  findLooseQueues,
} from "../../scripts/deploy/environments.ts";
import { inspectPublicValues } from "../../scripts/deploy/public-values.ts";
import { explainMissing, planSecrets } from "../../scripts/deploy/secrets.ts";
import type { Settings } from "../../scripts/deploy/settings.ts";
import { PAYMENT_EVENT_TYPES } from "../../src/payments/stripe/event-types.ts";

function settings(name: string, overrides: Partial<Settings> = {}): Settings {
  return {
    name,
    vars: { PUBLIC_URL: `https://${name}.test`, MAIL_FROM: "a@shop.test" },
    secrets: { required: ["TOKEN_SECRET"] },
    triggers: { crons: ["* * * * *"] },
    d1_databases: [{ binding: "DB", database_name: name, migrations_dir: "migrations" }],
    r2_buckets: [{ binding: "IMAGES", bucket_name: `${name}-images` }],
    queues: {
      producers: [{ binding: "JOBS", queue: `${name}-jobs` }],
      consumers: [
        { queue: `${name}-jobs`, dead_letter_queue: `${name}-dead`, max_retries: 8 },
        { queue: `${name}-dead` },
      ],
    },
    ratelimits: [],
    bindings: ["DB", "IMAGES", "JOBS"],
    ...overrides,
  };
}

const demand = {
  bindings: ["DB", "IMAGES", "JOBS"],
  optionalBindings: [],
  variables: new Map([
    ["PUBLIC_URL", { required: true }],
    ["MAIL_FROM", { required: false }],
    ["TOKEN_SECRET", { required: true }],
    ["RESEND_API_KEY", { required: false }],
  ]),
};
const documented = [...demand.variables.keys()].map((name) => ({ name, purpose: "what for" }));

describe("the secrets of a deployment", () => {
  const required = ["TOKEN_SECRET", "STRIPE_SECRET_KEY"];

  it("never touches a secret that the Worker has", () => {
    const env = { STRIPE_SECRET_KEY: "sk_other", RESEND_API_KEY: "re_other" };
    const existing = [...required, "RESEND_API_KEY"];
    expect(planSecrets({ required, existing, env }).upload).toEqual({});
  });

  it("takes what it is given, makes what it can, and misses the rest", () => {
    const plan = planSecrets({
      required: [...required, "STRIPE_WEBHOOK_SECRET"],
      existing: [],
      env: { STRIPE_SECRET_KEY: "sk_1", STRIPE_WEBHOOK_SECRET: "", RESEND_API_KEY: "re_1" },
      generate: () => "made",
    });
    expect(plan).toEqual({
      upload: { TOKEN_SECRET: "made", STRIPE_SECRET_KEY: "sk_1", RESEND_API_KEY: "re_1" },
      generated: ["TOKEN_SECRET"],
      taken: ["STRIPE_SECRET_KEY", "RESEND_API_KEY"],
      missing: ["STRIPE_WEBHOOK_SECRET"],
    });
  });

  it("explains a missing one by its comment in .dev.vars.example", () => {
    const text = explainMissing(["TOKEN_SECRET"], documented, "production");
    expect(text).toContain("what for\n    npx wrangler secret put TOKEN_SECRET --env production");
  });
});

describe("the public values of a deployment", () => {
  it.each([
    ["https://holdfast.example.workers.dev", "still the example"],
    ["https://example.com", "still the example"],
    ["http://shop.test", "https://"],
    ["https://shop.test/", "no slash"],
    ["shop.test", "not an address"],
  ])("refuses PUBLIC_URL %s", (PUBLIC_URL, problem) => {
    const problems = inspectPublicValues({ vars: { PUBLIC_URL, MAIL_FROM: "a@shop.test" } });
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  it.each(["Holdfast <orders@example.com>", "orders", ""])("refuses MAIL_FROM %j", (MAIL_FROM) => {
    expect(
      inspectPublicValues({ vars: { PUBLIC_URL: "https://shop.test", MAIL_FROM } }),
    ).toHaveLength(1);
  });

  it("accepts a shop's own address and sender", () => {
    expect(inspectPublicValues(settings("shop"))).toEqual([]);
  });
});

describe("what is left to do after a deployment", () => {
  it("names the first admin, the endpoint, every event and whether mail is sent", () => {
    const input = { publicUrl: "https://shop.test", sender: "a@shop.test", environment: "staging" };
    const text = explainNextSteps({ ...input, sendsMail: false });
    for (const event of PAYMENT_EVENT_TYPES) expect(text).toContain(event);
    expect(text).toContain("npm run admin -- create you@example.com --env staging --remote");
    expect(text).toContain("https://shop.test/webhooks/stripe");
    expect(text).toContain("wrangler secret put RESEND_API_KEY --env staging");
    expect(explainNextSteps({ ...input, sendsMail: true })).toContain("mail is sent");
  });
});

describe("the environments check", () => {
  it("accepts environments that differ by name only", () => {
    expect(compareDeclarations(demand, settings("a"), documented)).toEqual([]);
    expect(compareExample(demand, documented)).toEqual([]);
    expect(findLooseQueues(settings("a"))).toEqual([]);
    const both = new Map([
      ["a", settings("a")],
      ["b", settings("b")],
    ]);
    expect(compareEnvironments(both)).toEqual([]);
  });

  it("finds what the code reads and an environment lacks, and the reverse", () => {
    const poor = settings("a", { bindings: ["DB", "CACHE"], secrets: { required: ["OLD"] } });
    const undocumented = documented.filter(({ name }) => name !== "RESEND_API_KEY");
    expect(compareDeclarations(demand, poor, undocumented)).toEqual([
      "the binding IMAGES is read, but not declared",
      "the binding JOBS is read, but not declared",
      "the binding CACHE is declared, but not read",
      "OLD is declared, but not read",
      "TOKEN_SECRET is required, but neither in vars nor in secrets",
      "RESEND_API_KEY is optional, and not in .dev.vars.example",
    ]);
  });

  it("finds a variable that .dev.vars.example lacks, invents, repeats or leaves unexplained", () => {
    const wrong = [
      ...documented.slice(1),
      { name: "MAIL_FROM", purpose: "again" },
      { name: "OLD", purpose: "" },
    ];
    expect(compareExample(demand, wrong)).toEqual([
      ".dev.vars.example: PUBLIC_URL is missing",
      ".dev.vars.example: nothing reads OLD",
      ".dev.vars.example: MAIL_FROM is listed twice",
      ".dev.vars.example: OLD has no comment right above it",
    ]);
  });

  it("finds a queue without a consumer, and one without a dead-letter queue", () => {
    const producers = [{ binding: "JOBS", queue: "a-jobs" }];
    const queues = { producers, consumers: [{ queue: "a-mail" }] };
    expect(findLooseQueues(settings("a", { queues }))).toEqual([
      "the queue a-jobs has no consumer",
      "the queue a-mail has no dead-letter queue",
    ]);
  });

  it("finds environments that differ, and resources that two of them share", () => {
    const other = settings("b", { triggers: { crons: [] } });
    const shared = { ...other, d1_databases: settings("a").d1_databases };
    const problems = compareEnvironments(
      new Map([
        ["a", settings("a")],
        ["b", shared],
      ]),
    );
    expect(problems).toEqual([
      expect.stringContaining("b: crons differs from a"),
      expect.stringContaining("b: databases differs from a"),
      "two environments use the database a",
    ]);
  });
});
