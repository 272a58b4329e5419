import type { Random } from "./random.ts";

/** Time-outs are at least this long, pauses between two tries are shorter; in milliseconds. */
const SHORTEST_TIMEOUT_MS = 5000;

export interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly entropy: () => Random;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly log: (line: string) => void;
}

/** A timer that has no time to wait for; what Node's and the browser's have in common. */
class Timer {
  canceled = false;
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/** A pause is over at once, and a time-out is never reached: what takes too long is told by an error. */
function setTimer(run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timer {
  const timer = new Timer();
  if (ms < SHORTEST_TIMEOUT_MS) {
    void Promise.resolve().then(() => {
      if (!timer.canceled) run(...args);
    });
  }
  return timer;
}

function clearTimer(timer: unknown): void {
  if (timer instanceof Timer) timer.canceled = true;
}

function dateOf(now: () => number): DateConstructor {
  const RealDate = Date;
  return new Proxy(RealDate, {
    construct: (target, args: [], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });
}

function replace(owner: object, values: Readonly<Record<string, unknown>>): () => void {
  const before = Object.keys(values).map(
    (key) => [key, Object.getOwnPropertyDescriptor(owner, key)] as const,
  );
  for (const [key, value] of Object.entries(values)) {
    Object.defineProperty(owner, key, { value, writable: true, configurable: true });
  }
  return () => {
    for (const [key, descriptor] of before) {
      if (descriptor === undefined) Reflect.deleteProperty(owner, key);
      else Object.defineProperty(owner, key, descriptor);
    }
  };
}

/** A text that is sent is read as it is: the runtime warns of forms that are read as text. */
function requestOf(input: RequestInfo, init?: RequestInit): Request {
  const request = new Request(input, init);
  const body = init?.body;
  if (typeof body === "string") Object.defineProperty(request, "text", { value: async () => body });
  return request;
}

function seededUuid(random: Random): string {
  const bytes = new Uint8Array(16);
  random.fill(bytes);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20)].join("-");
}

/** Puts the clock, chance, the network, timers and the console of this isolate into the world's hands. Answers how to undo it. */
export function surround({ now, entropy, fetch, log }: Surroundings): () => void {
  const undo = [
    replace(globalThis, {
      Date: dateOf(now),
      fetch: (input: RequestInfo, init?: RequestInit) => fetch(requestOf(input, init)),
      setTimeout: setTimer,
      clearTimeout: clearTimer,
      setInterval: () => new Timer(),
      clearInterval: clearTimer,
    }),
    replace(Math, { random: () => entropy().float() }),
    replace(crypto, {
      randomUUID: () => seededUuid(entropy()),
      getRandomValues: <T extends ArrayBufferView>(array: T): T => {
        entropy().fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
        return array;
      },
    }),
    replace(console, { info: log, warn: log, error: log }),
  ];
  return () => {
    for (const one of undo) one();
  };
}
