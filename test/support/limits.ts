import { env } from "cloudflare:workers";
import type { Config } from "../../src/platform/config.ts";
import { RateLimiter } from "../../src/platform/rate-limit/limiter.ts";
import type { LimitBindings } from "../../src/platform/rate-limit/local-limiter.ts";
import { servicesOf } from "../../src/services.ts";
import type { Answer, Call } from "./http.ts";
import { PASSWORD } from "./people.ts";
import { type Rig, shopOver } from "./rig.ts";

export interface CountingBindings extends LimitBindings {
  /** How often any of them was asked. */
  readonly asked: () => number;
}

/** Bindings that let this many calls of a key pass; as Cloudflare's do, in one minute that does not end. */
export function bindingsOf(limit: number): CountingBindings {
  const counts = new Map<string, number>();
  let asked = 0;
  const binding: RateLimit = {
    limit: async ({ key }) => {
      asked += 1;
      await Promise.resolve(); // the real one is not immediate either
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return { success: count <= limit };
    },
  };
  return { ...everywhere(binding), asked: () => asked };
}

const GENEROUS: LimitBindings = bindingsOf(Number.POSITIVE_INFINITY);
export const BROKEN: LimitBindings = everywhere({
  limit: () => Promise.reject(new Error("Rate limiting is not there.")),
});

/** One binding for all that is limited. */
export function everywhere(binding: RateLimit): LimitBindings {
  return { RATE_LIMIT: binding, RATE_LIMIT_RESERVATIONS: binding, RATE_LIMIT_SIGN_IN: binding };
}

export interface LimitedOptions {
  readonly scale?: number;
  readonly redis?: Config["rateLimit"]["redis"];
  readonly bindings?: LimitBindings;
  /** How long Redis is waited for. */
  readonly patienceMs?: number;
}

/** An isolate's limiters of its own. */
export function limiterWith(options: LimitedOptions) {
  const { scale = 1, redis, bindings = GENEROUS, patienceMs } = options;
  const { config } = servicesOf(env);
  return new RateLimiter({ ...config, rateLimit: { scale, redis } }, bindings, patienceMs);
}

/** A shop with real limits, unlike that of the other tests. */
export function limitedShop(options: LimitedOptions = {}): Rig {
  return shopOver(env.DB, { limiter: limiterWith(options) });
}

export function from(address: string, headers: Record<string, string> = {}) {
  return { "CF-Connecting-IP": address, ...headers };
}

/** So many times the same call, one after the other; answers the statuses and how often each came. */
export async function repeat(
  times: number,
  call: (index: number) => Promise<Answer>,
): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  for (let index = 0; index < times; index += 1) {
    const { status } = await call(index);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return statuses;
}

let addresses = 0;

/** An address that no other test has, in a network of its own. */
export function newAddress(): string {
  addresses += 1;
  return `10.${Math.floor(addresses / 250)}.${addresses % 250}.1`;
}

export function signIn(shop: Rig, email: string, options: { address: string; password?: string }) {
  const { address, password = PASSWORD } = options;
  return shop.call("POST", "/api/v1/auth/login", {
    body: { email, password },
    headers: from(address),
  });
}

/** Somebody whose only sign-in so far was from this address. */
export async function registerFrom(shop: Rig, email: string, address: string): Promise<Answer> {
  const call: Call = {
    body: { email, password: PASSWORD, name: "Ada" },
    headers: from(address),
  };
  const answer = await shop.call("POST", "/api/v1/auth/register", call);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer;
}
