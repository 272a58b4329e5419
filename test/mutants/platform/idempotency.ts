import type { Mutant } from "../mutant.ts";

const KEYS = "test/platform/idempotency.test.ts";

const CHECKOUT = "test/checkout/idempotency.test.ts";

const RESERVATIONS = "test/inventory/idempotent-reservations.test.ts";

const WRITES = "test/platform/key-writes.test.ts";

/** What is asked twice under one key is done once, and answered the same. */
export const IDEMPOTENCY: readonly Mutant[] = [
  {
    name: "a key is for any request",
    change: [
      "  assertSameRequest(use, row);\n  if (row.status === null",
      "  if (row.status === null",
    ],
    dies: RESERVATIONS,
    by: "is the same whatever the order of its fields, and another with any other value",
  },
  {
    name: "a key is for any route",
    change: [
      "`${request.route}\\n${JSON.stringify(request.input)}`",
      "JSON.stringify(request.input)",
    ],
    dies: KEYS,
    by: "is for one route: what was said of a refund is no answer to a shipment or a cancellation",
  },
  {
    name: "a key is for whatever is sent",
    change: ["`${request.route}\\n${JSON.stringify(request.input)}`", "request.route"],
    dies: CHECKOUT,
    by: "refuses another request under the same key",
  },
  {
    name: "guests share their keys",
    change: [
      `sign(tokenSecret, "idempotency-guest", address)`,
      `sign(tokenSecret, "idempotency-guest", "")`,
    ],
    dies: KEYS,
    by: "is a guest's own: guests are told apart by their address",
  },
  {
    name: "users share the keys of their address",
    change: [
      `kind === "guest" ? sign(tokenSecret, "idempotency-guest", address) : label`,
      `sign(tokenSecret, "idempotency-guest", address)`,
    ],
    dies: KEYS,
    by: "is a user's own, whichever address they and their colleague share",
  },
  {
    name: "a guest's address can be guessed from their keys",
    change: [`sign(tokenSecret, "idempotency-guest", address)`, `Promise.resolve(address)`],
    dies: KEYS,
    by: "leaves nothing readable of the caller, the request or the answer in the database",
  },
  {
    name: "a key of any length",
    change: [`if (key === "" || key.length > MAX_KEY_CHARS) {`, `if (key === "") {`],
    dies: KEYS,
    by: "that is empty or too long is refused",
  },
  {
    name: "a key of nothing",
    change: [
      `if (key === "" || key.length > MAX_KEY_CHARS) {`,
      "if (key.length > MAX_KEY_CHARS) {",
    ],
    dies: KEYS,
    by: "that is empty or too long is refused",
  },
  {
    name: "answers are readable in the database",
    change: [
      "return encrypt(ctx.config.tokenSecret, JSON.stringify(body));",
      "return JSON.stringify(body);",
    ],
    dies: KEYS,
    by: "leaves nothing readable of the caller, the request or the answer in the database",
  },
  {
    name: "an error of the server is a key's answer",
    change: [
      `return STATUS_OF[code] < 500 && code !== "RATE_LIMITED";`,
      `return code !== "RATE_LIMITED";`,
    ],
    dies: WRITES,
    by: "has no answer that is an error of ours, and does it at the next try",
  },
  {
    name: "coming too soon is a key's answer",
    change: [
      `return STATUS_OF[code] < 500 && code !== "RATE_LIMITED";`,
      "return STATUS_OF[code] < 500;",
    ],
    dies: "test/identity/idempotent-sign-in.test.ts",
    by: "counts as an attempt each time, and a refusal for being too many is not kept",
  },
  {
    name: "a refusal is no answer of its key",
    change: [
      "const key = isFinal(refusal) ? keyOf(ctx, use, await sealRefusal(ctx, use, refusal)) : [];",
      "const key: Statement[] = [];",
    ],
    dies: RESERVATIONS,
    by: "gets a refusal again, also when there is stock now",
  },
  {
    name: "a replay does what follows again",
    change: [
      "if (use !== undefined && refusedBy(error, KEY_TAKEN)) return replayStored(ctx, use);\n    const refusal",
      "if (use !== undefined && refusedBy(error, KEY_TAKEN)) return replayStored<T>(ctx, use).finally(effect.after);\n    const refusal",
    ],
    dies: WRITES,
    by: "that is used again wakes nobody",
  },
];
