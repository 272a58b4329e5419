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
    change: ["`${sent.route}\\n${JSON.stringify(sent.input)}`", "JSON.stringify(sent.input)"],
    dies: KEYS,
    by: "is for one route: what was said of a refund is no answer to a shipment or a cancellation",
  },
  {
    name: "a key is for whatever is sent",
    change: ["`${sent.route}\\n${JSON.stringify(sent.input)}`", "sent.route"],
    dies: CHECKOUT,
    by: "refuses another request under the same key",
  },
  {
    name: "guests share their keys",
    change: [
      'sign(secret, "idempotency-network", `${key}\\n${network}`)',
      `sign(secret, "idempotency-network", key)`,
    ],
    dies: "test/platform/guest-keys.test.ts",
    by: "is a request of its own from another network",
  },
  {
    name: "users share the keys of their address",
    change: [
      `kind === "guest" ? clientOf(address) : null`,
      "kind === undefined ? null : clientOf(address)",
    ],
    dies: "test/platform/guest-keys.test.ts",
    by: "is a request of its own for somebody who is signed in",
  },
  {
    name: "a guest's address can be guessed from their keys",
    change: [
      'network === null ? null : sign(secret, "idempotency-network", `${key}\\n${network}`)',
      "network",
    ],
    dies: "test/platform/guest-keys.test.ts",
    by: "names neither the key, nor the network, nor what was asked and answered",
  },
  {
    name: "answers are readable in the database",
    change: ["await encrypt(mark.answerSecret, JSON.stringify(body))", "JSON.stringify(body)"],
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
