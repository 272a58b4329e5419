import type { Answer, Ask } from "./kill-told.ts";

const TIMEOUT_MS = 10_000;
const PATIENCE_MS = 180_000;
const AGAIN_MS = 100;
const POLL_MS = 10;

/** Sends requests again until they are answered. While its gate is closed, nobody sends anything. */
export class Caller {
  readonly #addressOf: (ask: Ask) => string;
  #inFlight = 0;
  #closed: { readonly opened: Promise<void>; readonly open: () => void } | undefined;
  /** How many tries ended without an answer of the shop's own. */
  cutOff = 0;

  constructor(addressOf: (ask: Ask) => string) {
    this.#addressOf = addressOf;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  closeGate(): void {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    this.#closed = { opened, open };
  }

  openGate(): void {
    this.#closed?.open();
    this.#closed = undefined;
  }

  /** Resolves when every request has its answer, or will never have one. */
  async idle(): Promise<void> {
    while (this.#inFlight > 0) await pause(POLL_MS);
  }

  /** The first answer that is the shop's last word. Throws when there is none for three minutes. */
  async ask(ask: Ask): Promise<Answer> {
    const started = Date.now();
    let last = "nothing";
    while (Date.now() - started < PATIENCE_MS) {
      await this.#closed?.opened;
      const answer = await this.#send(ask);
      if (answer === undefined || answer.status >= 500) this.cutOff += 1;
      if (answer !== undefined && !isForNow(answer)) return answer;
      last = answer === undefined ? "nothing" : `${answer.status} ${answer.text}`;
      await pause(AGAIN_MS);
    }
    throw new Error(`${ask.method} ${ask.path} was answered with ${last} for three minutes`);
  }

  async #send(ask: Ask): Promise<Answer | undefined> {
    this.#inFlight += 1;
    try {
      const response = await fetch(this.#addressOf(ask) + ask.path, {
        method: ask.method,
        redirect: "manual",
        headers: {
          ...(ask.body === undefined ? {} : { "Content-Type": "application/json" }),
          ...ask.headers,
        },
        ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const location = response.headers.get("Location");
      return { status: response.status, location, text: await response.text() };
    } catch {
      return undefined;
    } finally {
      this.#inFlight -= 1;
    }
  }
}

/** The server is to blame, or the first try is still at work: the same request again will be answered. */
function isForNow({ status, text }: Answer): boolean {
  return status >= 500 || status === 429 || text.includes('"IDEMPOTENCY_KEY_IN_USE"');
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
