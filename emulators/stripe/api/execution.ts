import { Problem, problemBody } from "../protocol/problem.ts";
import type { Prepared } from "../resources/endpoint.ts";
import { expanded } from "../resources/expand.ts";
import type { Scope } from "../world/world.ts";
import type { Call } from "./api.ts";
import { type KeyedRequest, lockKey, storeAnswer, storedAnswer } from "./idempotency.ts";
import { internalError, pause } from "./misbehaviour.ts";

export interface Answer {
  status: number;
  body: string;
  headers: Record<string, string>;
}

/**
 * Executes a prepared request, or repeats what its idempotency key got before.
 * What `prepare` refuses was never begun, so nothing is stored for it.
 */
export async function answerOnce(
  scope: Scope,
  call: Call,
  keyed: KeyedRequest | null,
  prepare: () => Prepared,
): Promise<Answer> {
  const before = keyed === null ? undefined : storedAnswer(scope, keyed);
  if (before !== undefined) {
    const { status, body, requestId } = before;
    const headers = { "Idempotent-Replayed": "true", "Original-Request": requestId };
    return { status, body, headers: { ...headers, ...(status >= 500 ? NO_RETRY : {}) } };
  }
  if (call.rule?.kind === "error_500" && !call.rule.stored) throw internalError(false);
  const prepared = prepare();
  const release = keyed === null ? () => {} : lockKey(scope, keyed.key);
  try {
    if (call.rule?.kind === "delay") await pause(call.rule.delayMs ?? 0, call.signal);
    const answer = execute(scope, call, prepared);
    const { status, body } = answer;
    if (keyed !== null) storeAnswer(scope, keyed, { status, body, requestId: call.requestId });
    return answer;
  } finally {
    release();
  }
}

const NO_RETRY = { "Stripe-Should-Retry": "false" };

/** Runs to the end without a pause, so that no other request sees half of it. */
function execute(scope: Scope, call: Call, { execute: run, expand }: Prepared): Answer {
  const broken = call.rule?.kind === "error_500";
  try {
    if (!broken || call.rule?.effect === true) {
      const result = expanded(scope.account, run(), expand);
      scope.world.changed();
      if (!broken) return { status: 200, body: JSON.stringify(result, null, 2), headers: {} };
    }
    throw internalError(true);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const body = problemBody(error, call.requestId);
    return { status: error.status, body, headers: error.headers };
  }
}
