import type { RouteName } from "../../../src/platform/access.ts";
import type { Answer } from "../world/index.ts";
import { compareAnswers, isHonest } from "./checks.ts";
import { type CrashShop, isDefinite, type Ordered, type Sent } from "./shop.ts";

/** One piece of the shop's work, ready to be done under a fault. */
export interface Staged {
  /** Does it once. The fault falls into this. */
  readonly attempt: () => Promise<void>;
  /** What a good client does next, when no fault is left. Answers what is wrong, as sentences. */
  readonly retry?: () => Promise<string[]>;
  /** What must be true once everything has healed, besides every invariant. Answers what is wrong. */
  readonly expect?: () => Promise<string[]>;
}

export interface Scenario {
  readonly name: string;
  /** The route that it tries, if it is one. */
  readonly route?: RouteName;
  readonly stage: (shop: CrashShop) => Promise<Staged>;
}

type Expect = (answer: Answer) => Promise<string[]> | string[];

/** A request, sent once under the fault and then until it is answered. `expect` gets the final answer. */
export function request(shop: CrashShop, sent: Sent, expect?: Expect): Staged {
  let first: Answer | undefined;
  let last: Answer | undefined;
  const keyed = sent.headers?.["Idempotency-Key"] !== undefined;
  return {
    attempt: async () => {
      first = await shop.send(sent);
    },
    retry: async () => {
      // Without a key nobody sends again what was answered.
      const again = keyed || !isDefinite(first);
      last = again ? await shop.insist(sent) : first;
      const lie = isHonest(first) ? [] : [`${sent.method} ${sent.path} said: ${first?.text}`];
      return [...lie, ...compareAnswers(sent, first, last)];
    },
    expect: async () => (last === undefined || expect === undefined ? [] : await expect(last)),
  };
}

/** A row that there must be so many of. */
export async function expectCount(
  shop: CrashShop,
  count: number,
  query: string,
  ...params: unknown[]
): Promise<string[]> {
  const [row] = await shop.world.rows<{ n: number }>(`SELECT count(*) AS n ${query}`, ...params);
  return row?.n === count ? [] : [`${row?.n} instead of ${count}: ${query}`];
}

export const expectOrder = (
  shop: CrashShop,
  { orderId }: Pick<Ordered, "orderId">,
  where: string,
): Promise<string[]> => expectCount(shop, 1, `FROM orders WHERE id = ? AND ${where}`, orderId);
