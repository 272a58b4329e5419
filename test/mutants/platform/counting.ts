import type { Mutant } from "../mutant.ts";
import { quota } from "./quota.ts";

const SIGN_IN = "test/rate-limit/sign-in.test.ts";

const ANSWERS = "test/rate-limit/answers.test.ts";

const SCALE = "test/rate-limit/scale.test.ts";

const CLIENT = "test/rate-limit/client.test.ts";

const TABLE = "test/rate-limit/table.test.ts";

const REDIS = "test/rate-limit/redis-fails.test.ts";

/** Calls are counted as they come, wherever Redis is. A Redis that hangs answers a limit of 0, which is no sense either. */
export const COUNTING: readonly Mutant[] = [
  quota(
    "account",
    [10, 11],
    [SIGN_IN, "stops guesses from the addresses of one network after ten"],
  ),
  quota(
    "account-anywhere",
    [100, 101],
    [SIGN_IN, "stops 200 guesses spread over 200 networks after a hundred, and lets the owner in"],
  ),
  quota(
    "mailbox",
    [10, 11],
    [SIGN_IN, "fills no mailbox with more than ten mails, wherever it is asked for"],
  ),
  {
    name: "sign-ins from one network are let in once Redis and the binding are away",
    change: [
      `unanswered: "refuse",\n    why: "An account name from one network`,
      `unanswered: "pass",\n    why: "An account name from one network`,
    ],
    dies: TABLE,
    by: "is refused where nothing can be asked, but for what the shop sells by",
  },
  {
    name: "sign-ins are let in once Redis and the binding are away",
    change: [
      `unanswered: "refuse",\n    why: "Sign-in, registration`,
      `unanswered: "pass",\n    why: "Sign-in, registration`,
    ],
    dies: ANSWERS,
    by: "nobody signs in, registers or sends mail",
  },
  {
    name: "nobody buys once Redis and the binding are away",
    change: [
      `unanswered: "pass",\n    why: "The shop rather`,
      `unanswered: "refuse",\n    why: "The shop rather`,
    ],
    dies: ANSWERS,
    by: "the shop still sells, and this isolate still counts",
  },
  {
    name: "callers are counted by where they are",
    change: [
      `actor.kind === "user" || actor.kind === "key" ? actor.label : clientOf(actor.address)`,
      "clientOf(actor.address)",
    ],
    dies: ANSWERS,
    by: "are told apart by who they are, not by where they are",
  },
  {
    name: "a household is as many callers as it has addresses",
    change: ["const IPV6_CLIENT_GROUPS = 4;", "const IPV6_CLIENT_GROUPS = 8;"],
    dies: ANSWERS,
    by: "are one for all addresses of a household's IPv6 network",
  },
  {
    name: "an address in a longer spelling is another caller",
    change: [
      "return groups.map((group) => Number.parseInt(group, 16).toString(16));",
      "return groups;",
    ],
    dies: CLIENT,
    by: "behind 2001",
  },
  {
    name: "a client's own word on its address is believed",
    change: [
      `headers.get("CF-Connecting-IP") ?? "unknown"`,
      `headers.get("X-Forwarded-For") ?? headers.get("CF-Connecting-IP") ?? "unknown"`,
    ],
    dies: ANSWERS,
    by: "are not believed where they say they are",
  },
  {
    name: "a token that is not good costs nothing",
    change: [
      "    await countCall(ctx, c.req);\n    throw unauthenticated();",
      "    throw unauthenticated();",
    ],
    dies: ANSWERS,
    by: "are counted by their address when their token is not good",
  },
  {
    name: "calls at the same moment do not see each other",
    change: [
      "    this.#counts.set(id, { ...before, used: before.used + 1, granted });\n    try {",
      "    await Promise.resolve();\n    this.#counts.set(id, { ...before, used: before.used + 1, granted });\n    try {",
    ],
    dies: SCALE,
    by: "holds 500 at once to its own count, whatever the binding says",
  },
  {
    name: "an isolate does not count by itself",
    change: ["    if (used >= quota) return overQuota(name, quota, resetSeconds);\n", ""],
    dies: ANSWERS,
    by: "the shop still sells, and this isolate still counts",
  },
  {
    name: "an isolate counts for ever",
    change: [
      "const used = known?.windowStart === windowStart ? known.used : 0;",
      "const used = known?.used ?? 0;",
    ],
    dies: SIGN_IN,
    by: "can try again after 15 minutes",
  },
  {
    name: "the binding's word counts for nothing",
    change: ["        if (success) continue;\n", "        if (success || true) continue;\n"],
    dies: ANSWERS,
    by: "a refusal of the binding is a refusal",
  },
  {
    name: "whoever waits for a Redis that hangs waits again",
    change: ["        this.#restUntil = now + REDIS_REST_MS;\n", ""],
    dies: REDIS,
    by: "hangs, only one request in two seconds waits for it",
  },
  {
    name: "without Redis nothing is counted",
    change: ["return Promise.all(asked.map((one) => this.#local.ask(one, now)));", "return [];"],
    dies: ANSWERS,
    by: "answers the 101st call of a minute with 429, in the words of the contract",
  },
  {
    name: "something is changed before Redis has answered",
    change: [
      "if (!READING.has(request.method) || ctx.limits.knows(limitsOf(ctx, request))) {",
      "if (ctx.limits.knows(limitsOf(ctx, request))) {",
    ],
    dies: REDIS,
    by: "refuses, nothing has been changed",
  },
  {
    name: "whoever has reached their limit makes the database work",
    change: [" || ctx.limits.knows(limitsOf(ctx, request))", ""],
    dies: ANSWERS,
    by: "asks no database for whoever is known to have reached it",
  },
  {
    name: "what Redis refuses is answered all the same",
    change: [`  if (counted.status === "rejected") throw counted.reason;\n`, "  void counted;\n"],
    dies: REDIS,
    by: "refuses, it is not asked again about the same caller at once",
  },
  {
    name: "a Redis that counts by another limit is believed",
    change: ["limit !== quota || !Number.isInteger(remaining)", "!Number.isInteger(remaining)"],
    dies: REDIS,
    by: "answers another limit, the other limiter answers instead, soon",
  },
  {
    name: "a Redis that counts in fractions is believed",
    change: ["limit !== quota || !Number.isInteger(remaining)", "limit !== quota"],
    dies: REDIS,
    by: "answers fractions, the other limiter answers instead, soon",
  },
  {
    name: "whoever was refused is asked about at once",
    change: ["known !== undefined && now < known.until)", "known !== undefined && now < 0)"],
    dies: REDIS,
    by: "refuses, it is not asked again about the same caller at once",
  },
  {
    name: "strangers keep an owner from their account",
    change: [
      `known ? counted.filter(({ name }) => name !== "account-anywhere") : counted`,
      "counted",
    ],
    dies: SIGN_IN,
    by: "is let in from there however many networks they came from before, while strangers have to wait",
  },
  {
    name: "strangers try an account from everywhere",
    change: [
      `known ? counted.filter(({ name }) => name !== "account-anywhere") : counted`,
      `counted.filter(({ name }) => name !== "account-anywhere")`,
    ],
    dies: SIGN_IN,
    by: "is let in from there however many networks they came from before, while strangers have to wait",
  },
  {
    name: "an address that is not known counts as known",
    change: ["networkOf(address) === here", "networkOf(address) !== here"],
    dies: SIGN_IN,
    by: "is let in from there however many networks they came from before, while strangers have to wait",
  },
  {
    name: "strangers see how often an account was tried",
    change: [`state === undefined || LIMITS[name].by === "account"`, "state === undefined"],
    dies: SIGN_IN,
    by: "name every limit, and keep to themselves what others have tried on the account",
  },
];
