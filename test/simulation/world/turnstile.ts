import type { Random } from "./random.ts";

/** One turn of the event loop: bodies that are being read and messages between threads of work get on. */
async function turn(): Promise<void> {
  await new Response("").text();
}

/**
 * Lets outside calls through one at a time. When several pieces of work run at once, it waits until each of them is
 * at its next call, and then the seed says whose turn it is: the same seed, the same interleaving.
 */
export class Turnstile {
  readonly #waiting: (() => Promise<void>)[] = [];
  #letting = false;
  /** How many turns of the event loop a piece of work takes at most from one outside call to its next. */
  turns = 1;
  /** Chooses among those that wait. */
  random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  pass<T>(call: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => call().then(resolve, reject));
      if (!this.#letting) void this.#letThrough();
    });
  }

  async #letThrough(): Promise<void> {
    this.#letting = true;
    while (this.#waiting.length > 0) {
      for (let i = 0; i < this.turns; i += 1) await turn();
      const index = this.random.between(0, this.#waiting.length - 1);
      const [next] = this.#waiting.splice(index, 1);
      await next?.();
    }
    this.#letting = false;
  }
}
