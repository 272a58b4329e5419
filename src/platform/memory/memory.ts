import { type Clock, SECOND_MS } from "../clock.ts";
import type { Database } from "../db.ts";
import { KEPT_MS, type KeptRead, type KeptText } from "./kept.ts";
import type { SharedCache } from "./shared-cache.ts";
import { Tags } from "./tags.ts";

/** From then on one request reads it anew, and the others get what is there. */
const RENEWED_AFTER_MS = SECOND_MS;
/** At most 32 MB, where a character takes two bytes. */
const MAX_CHARS = 16_000_000;

interface Entry extends KeptRead {
  /** The versions as a text, for comparing. */
  readonly known: string;
  renewing: boolean;
}

/** Who asks for what is kept, and how it is read where nothing is. */
export interface Reader {
  readonly now: Clock;
  readonly db: Pick<Database, "reading" | "atLeast">;
  readonly shared: Pick<SharedCache, "find" | "keep"> | undefined;
}

/**
 * What an isolate has read for everybody, by what was asked. Nothing that it gives is older than two seconds, than the
 * last change that the isolate knows of, or than what its client has written. No request waits for another's reading:
 * Workers end it with the request.
 */
export class Memory {
  readonly #entries = new Map<string, Entry>();
  readonly #maxChars: number;
  #chars = 0;
  readonly tags = new Tags();

  constructor(maxChars = MAX_CHARS) {
    this.#maxChars = maxChars;
  }

  /** What is kept under this key, here or in the data center, or what is read now, and then kept. */
  async recall(reader: Reader, key: string, read: () => Promise<KeptText>): Promise<KeptText> {
    const { now, db, shared } = reader;
    const there = this.#find(key, now());
    const found = there !== undefined && isFor(db.atLeast, there) ? there : undefined;
    if (found !== undefined && !isDue(found, now())) return found.kept;
    if (found !== undefined) found.renewing = true;
    try {
      const elsewhere = await this.#fromOthers(reader, key, found);
      if (elsewhere !== undefined) return elsewhere;
      const at = now();
      const { value: kept, heard: versions, bookmark } = await db.reading(read);
      if (versions === undefined) return kept;
      // What the client itself has said proves nothing to others.
      const own = { kept, at, versions, bookmark: bookmark === db.atLeast ? undefined : bookmark };
      this.#keep(key, own, now());
      shared?.keep(key, own);
      return kept;
    } finally {
      if (found !== undefined) found.renewing = false;
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#chars = 0;
    this.tags.forget();
  }

  /** What another isolate has read since, unless this one knows better. */
  async #fromOthers(
    { now, db, shared }: Reader,
    key: string,
    own: Entry | undefined,
  ): Promise<KeptText | undefined> {
    const since = this.tags.begin();
    const found = await shared?.find(key);
    if (found === undefined || !isYoung(found, now()) || !isFor(db.atLeast, found))
      return undefined;
    if (own !== undefined && now() - found.at >= RENEWED_AFTER_MS) return undefined;
    if (!this.tags.admits(found.versions)) return undefined;
    this.tags.hear(found.versions, since);
    this.#keep(key, found, now());
    return found.kept;
  }

  #find(key: string, now: number): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    return entry.known === this.tags.known && isYoung(entry, now) ? entry : undefined;
  }

  /** Unless somebody else has kept what was read later. */
  #keep(key: string, read: KeptRead, now: number): void {
    const other = this.#find(key, now);
    if (other !== undefined && other.at > read.at) return;
    this.#forget(key);
    const entry = { ...read, known: JSON.stringify(read.versions), renewing: false };
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

function isYoung({ at }: KeptRead, now: number): boolean {
  return now - at >= 0 && now - at < KEPT_MS;
}

/** Bookmarks sort from old to new. https://developers.cloudflare.com/d1/reference/glossary/ */
function isFor(atLeast: string | undefined, { bookmark }: KeptRead): boolean {
  return atLeast === undefined || (bookmark !== undefined && bookmark >= atLeast);
}

function isDue({ at, renewing }: Entry, now: number): boolean {
  return !renewing && now - at >= RENEWED_AFTER_MS;
}

function sizeOf(key: string, { kept }: Entry): number {
  return key.length + kept.text.length;
}
