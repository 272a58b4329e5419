import type { Mutant } from "../mutant.ts";

const LOG = "test/platform/log.test.ts";

const redacted = (what: string, pattern: string): Mutant => ({
  name: `the log shows ${what}`,
  change: [`String.raw\`${pattern}\`,`, ""],
  dies: LOG,
  by: "has secrets and addresses taken out, wherever in a text they stand",
});

/** What the log does not show. */
export const LOG_LINES: readonly Mutant[] = [
  redacted("keys to Stripe", "\\b(?:sk|rk|pk)_(?:test|live)_\\w+"),
  redacted("secrets of webhooks", "\\bwhsec_\\w+"),
  redacted("tokens of the shop", "\\b(?:hf|ot|rt|bs|gb|link)_[\\w-]+"),
  redacted("links of mails", "\\betk_\\w+\\.[\\w-]+"),
  redacted("access tokens", "\\beyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+"),
  redacted("whatever bears", "\\b[Bb]earer \\S+"),
  {
    name: "the log shows addresses",
    change: ["[...SECRETS, ADDRESS]", "[...SECRETS]"],
    dies: LOG,
    by: "has secrets and addresses taken out, wherever in a text they stand",
  },
  {
    name: "the log shows addresses as URLs write them",
    change: ["const AT = /@|%40/;", "const AT = /@/;"],
    dies: LOG,
  },
  {
    name: "the log shows what stands under a telling name",
    change: ["PRIVATE_KEY.test(key) && inner !== undefined && inner !== null", "false"],
    dies: LOG,
    by: "has what stands under a telling name taken out, whatever it looks like",
  },
  {
    name: "the log shows secrets in names",
    change: ["      redactText(key),\n", "      key,\n"],
    dies: LOG,
    by: "has secrets taken out of names too",
  },
  {
    name: "the log has lines of any length",
    change: [".replace(hidden, REDACTED).slice(0, MAX_TEXT)", ".replace(hidden, REDACTED)"],
    dies: LOG,
    by: "shows no stack, and stays short",
  },
  {
    name: "an error becomes milder on its way to the log",
    change: [
      `if (level === "error" || this.#level === "info") this.#level = level;`,
      "this.#level = level;",
    ],
    dies: LOG,
    by: "that notes what it survived says so on its one line, at the worst level seen",
  },
];
