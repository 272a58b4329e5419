import { Problem } from "../protocol/problem.ts";
import type { StoredAnswer } from "../world/state.ts";
import type { Scope } from "../world/world.ts";

const MAX_KEY_CHARACTERS = 255;
const KEPT_MS = 24 * 60 * 60 * 1000;

export interface KeyedRequest {
  key: string;
  /** Equal for equal requests. */
  fingerprint: string;
}

/**
 * The answer that was given under this key, if there is one.
 * Rules: https://docs.stripe.com/api/idempotent_requests
 * @throws Problem 400 when the key belongs to another request, 409 while its first one executes.
 */
export function storedAnswer(scope: Scope, { key, fingerprint }: KeyedRequest) {
  if (key.length > MAX_KEY_CHARACTERS) {
    throw new Problem(400, {
      type: "invalid_request_error",
      message: `Idempotency keys can be at most ${MAX_KEY_CHARACTERS} characters long.`,
    });
  }
  prune(scope);
  const answer = scope.account.answers.get(key);
  if (answer !== undefined && answer.fingerprint !== fingerprint) {
    throw new Problem(400, {
      type: "idempotency_error",
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    });
  }
  if (answer === undefined && scope.world.executing.has(lockName(scope, key))) throw inUse(key);
  return answer;
}

function inUse(key: string): Problem {
  return new Problem(
    409,
    {
      type: "idempotency_error",
      code: "idempotency_key_in_use",
      message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
    },
    { "Stripe-Should-Retry": "true" },
  );
}

function lockName({ account }: Scope, key: string): string {
  return `${account.id} ${key}`;
}

/** Holds the key while its first request executes; the result lets it go. */
export function lockKey(scope: Scope, key: string): () => void {
  const name = lockName(scope, key);
  const { executing } = scope.world;
  executing.add(name);
  return () => void executing.delete(name);
}

export function storeAnswer(
  scope: Scope,
  { key, fingerprint }: KeyedRequest,
  answer: Pick<StoredAnswer, "status" | "body" | "requestId">,
): void {
  const createdAt = scope.world.now();
  scope.account.answers.set(key, { fingerprint, createdAt, ...answer });
  scope.world.changed();
}

function prune({ account, world }: Scope): void {
  const oldest = world.now() - KEPT_MS;
  for (const [key, answer] of account.answers) {
    if (answer.createdAt > oldest) return;
    account.answers.delete(key);
  }
}
