import { HOUR_MS } from "../clock.ts";
import type { Context } from "../context.ts";
import { sign } from "../crypto.ts";
import { AppError, invalidField } from "../errors.ts";
import { clientOf } from "../rate-limit/client.ts";
import { secretId, tokenSecrets } from "../token-secrets.ts";

/** How long a key is remembered. */
export const KEY_LIFE_MS = 24 * HOUR_MS;
const MAX_KEY_CHARS = 255;

/** What one of the shop's secrets makes of a key and of what was sent with it. */
export interface Mark {
  /** What the use is found by. */
  readonly key: string;
  /** Of a guest: the key at the network that it came from, where it stands for one request. */
  readonly network: string | null;
  readonly requestHash: string;
  /** What the answer is encrypted with: whoever has the secret alone, or the key alone, cannot read it. */
  readonly answerSecret: string;
}

/** One use of a key: whose it is, and what it was sent with. */
export interface KeyUse {
  readonly caller: string;
  /** By the secret that the shop uses now, and then by the one before it, while it has that. */
  readonly marks: readonly [Mark, ...Mark[]];
}

/** A key as it came, with what makes the request one and the same however often it is sent. */
interface Sent {
  readonly header: string | undefined;
  readonly route: string;
  /** The validated request, so that the order of its fields does not matter. */
  readonly input: unknown;
}

/**
 * Reads `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header). Keys are per caller. A guest is who has key
 * and request: the same two are the same guest from wherever they come, and stand beside other guests who use the key
 * for something else. From one network, one key is for one request.
 */
export async function readKey(ctx: Context, sent: Sent): Promise<KeyUse | undefined> {
  if (sent.header === undefined) return undefined;
  const key = parseKey(sent.header);
  const request = `${sent.route}\n${JSON.stringify(sent.input)}`;
  const { kind, label, address } = ctx.actor;
  const network = kind === "guest" ? clientOf(address) : null;
  const [secret, ...earlier] = tokenSecrets(ctx.config);
  const mark = (by: string) => markOf(by, { key, request, network });
  const marks = [await mark(secret), ...(await Promise.all(earlier.map(mark)))] as const;
  return { caller: label, marks };
}

/**
 * The use of a key for one part of what was asked, such as one of many orders: a key of its own, of the same request. No
 * client can send it, because a key has no line break.
 */
export function keyOfPart({ caller, marks: [mark, ...earlier] }: KeyUse, part: string): KeyUse {
  const ofPart = (one: Mark): Mark => ({
    ...one,
    key: `${one.key}\n${part}`,
    network: one.network === null ? null : `${one.network}\n${part}`,
  });
  return { caller, marks: [ofPart(mark), ...earlier.map(ofPart)] };
}

/** With the secret, because requests hold passwords and addresses, which a plain hash can be guessed back to. */
async function markOf(
  secret: string,
  { key, request, network }: Record<"key" | "request", string> & { network: string | null },
): Promise<Mark> {
  const both = `${key}\n${request}`;
  const [id, hash, answerSecret, guest, place] = await Promise.all([
    secretId(secret),
    sign(secret, "idempotency", request),
    sign(secret, "idempotency-answer", both),
    sign(secret, "idempotency-guest", both),
    network === null ? null : sign(secret, "idempotency-network", `${key}\n${network}`),
  ]);
  return {
    key: network === null ? key : guest,
    network: place,
    requestHash: `${id}.${hash}`,
    answerSecret,
  };
}

function parseKey(header: string): string {
  const key = header.trim().replace(/^"(.*)"$/, "$1");
  if (key === "" || key.length > MAX_KEY_CHARS)
    throw invalidField("Idempotency-Key", `Must have 1 to ${MAX_KEY_CHARS} characters.`);
  return key;
}

export function keyRequired(): AppError {
  return new AppError(
    "IDEMPOTENCY_KEY_REQUIRED",
    "Send an Idempotency-Key header, such as a new UUID for each thing you want done, so that a retry cannot do it twice.",
  );
}
