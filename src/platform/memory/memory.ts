import { type Clock, SECOND_MS } from "../clock.ts";
import { Tags } from "./tags.ts";

/** What is kept is never older. In milliseconds. */
export const KEPT_MS = 2 * SECOND_MS;
/** From then on one request reads it anew, and the others get what is there. */
const RENEWED_AFTER_MS = SECOND_MS;
/** At most 32 MB, where a character takes two bytes. */
const MAX_CHARS = 16_000_000;

/** A text, and its ETag where it has one, which is not computed twice. */
export interface KeptText {
  readonly text: string;
  readonly etag?: string;
}

interface Entry {
  readonly kept: KeptText;
  /** When the reading began, in milliseconds. */
  readonly at: number;
  /** The state of its tag by then. */
  readonly state: number;
  renewing: boolean;
}

/**
 * What an isolate has read for everybody, by what was asked. Nothing that it gives is older than two seconds, or than the
 * last change that the isolate knows of. No request waits for another's reading: Workers end it with the request.
 */
export class Memory {
  readonly #entries = new Map<string, Entry>();
  readonly #maxChars: number;
  #chars = 0;
  readonly tags = new Tags();

  constructor(maxChars = MAX_CHARS) {
    this.#maxChars = maxChars;
  }

  /** What is kept under this key, or what is read now, and then kept. */
  async recall(key: string, now: Clock, read: () => Promise<KeptText>): Promise<KeptText> {
    const found = this.#find(key, now());
    if (found !== undefined && !isDue(found, now())) return found.kept;
    if (found !== undefined) found.renewing = true;
    const at = now();
    const state = this.tags.state;
    try {
      const kept = await read();
      this.#keep(key, { kept, at, state, renewing: false }, now());
      return kept;
    } finally {
      if (found !== undefined) found.renewing = false;
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#chars = 0;
  }

  #find(key: string, now: number): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const age = now - entry.at;
    const good = entry.state === this.tags.state && age >= 0 && age < KEPT_MS;
    return good ? entry : undefined;
  }

  /** Unless somebody else has kept what was read later. */
  #keep(key: string, entry: Entry, now: number): void {
    const other = this.#find(key, now);
    if (other !== undefined && other.at > entry.at) return;
    this.#forget(key);
    this.#entries.set(key, entry);
    this.#chars += sizeOf(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#chars <= this.#maxChars) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#chars -= sizeOf(key, entry);
  }
}

function isDue({ at, renewing }: Entry, now: number): boolean {
  return !renewing && now - at >= RENEWED_AFTER_MS;
}

function sizeOf(key: string, { kept }: Entry): number {
  return key.length + kept.text.length;
}
