import * as z from "zod";
import { SECOND_MS } from "../clock.ts";
import { KEPT_MS, type KeptRead } from "./kept.ts";
import { TAGS } from "./store.ts";

const AT = "X-Read-At";
const VERSIONS = "X-Versions";
const BOOKMARK = "X-Bookmark";
const versionsSchema = z.array(z.strictObject({ tag: z.string(), version: z.int() }));

/**
 * What the isolates of one data center have read for each other, in Cloudflare's Cache API. It is only ever a help: where
 * there is none, as on workers.dev, or where it fails, everything is read from the database.
 */
export class SharedCache {
  readonly #cache: Cache;
  readonly #folder: string;
  readonly #later: (work: Promise<unknown>) => void;

  constructor(
    cache: Cache,
    /** Another version of the Worker may write its pages otherwise. */
    { origin, version }: { readonly origin: string; readonly version: string },
    later: (work: Promise<unknown>) => void,
  ) {
    this.#cache = cache;
    this.#folder = `${origin}/.kept/${version}/`;
    this.#later = later;
  }

  /** What is there under this key, however old. */
  async find(key: string): Promise<KeptRead | undefined> {
    try {
      const found = await this.#cache.match(this.#address(key));
      return found && (await readKept(found));
    } catch {
      return undefined;
    }
  }

  /** Puts it there after the answer; purged by its tags where the shop's zone is told to. */
  keep(key: string, { kept: { text, etag }, at, versions, bookmark }: KeptRead): void {
    const headers = new Headers({
      "Cache-Control": `public, max-age=${KEPT_MS / SECOND_MS}`,
      "Cache-Tag": TAGS.join(),
      [AT]: String(at),
      [VERSIONS]: JSON.stringify(versions),
    });
    if (etag !== undefined) headers.set("ETag", etag);
    if (bookmark !== undefined) headers.set(BOOKMARK, bookmark);
    const put = async () => this.#cache.put(this.#address(key), new Response(text, { headers }));
    this.#later(put().catch(() => undefined));
  }

  /** An address of this shop at which nothing is served: every request passes the Worker first. */
  #address(key: string): string {
    return this.#folder + encodeURIComponent(key);
  }
}

async function readKept(response: Response): Promise<KeptRead> {
  const { headers } = response;
  const etag = headers.get("ETag");
  return {
    kept: { text: await response.text(), ...(etag === null ? {} : { etag }) },
    at: Number(headers.get(AT)),
    versions: versionsSchema.parse(JSON.parse(headers.get(VERSIONS) ?? "null")),
    bookmark: headers.get(BOOKMARK) ?? undefined,
  };
}
