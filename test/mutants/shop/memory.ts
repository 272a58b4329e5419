import type { Mutant } from "../mutant.ts";

const MEMORY = "test/platform/memory.test.ts";
const CATALOG = "test/catalog/from-memory.test.ts";
const SHARED = "test/catalog/shared-memory.test.ts";
const PURGE = "test/catalog/purge.test.ts";
const VERSION = "test/catalog/tag-version.test.ts";

/** What an isolate keeps of the catalog, and when it does not give it. */
export const CATALOG_MEMORY: readonly Mutant[] = [
  {
    name: "what is kept is given for as long as it is there",
    change: ["now - at >= 0 && now - at < KEPT_MS", "now - at >= 0"],
    dies: MEMORY,
    by: "is never older than two seconds",
  },
  {
    name: "what is kept is given by a clock that was put back",
    change: ["now - at >= 0 && now - at < KEPT_MS", "now - at < KEPT_MS"],
    dies: MEMORY,
    by: "is not given by a clock that was put back",
  },
  {
    name: "what is kept outlives a change",
    change: ["return entry.known === this.tags.known && isYoung", "return isYoung"],
    dies: MEMORY,
    by: "ends what was kept before, once",
  },
  {
    name: "everybody renews what is kept",
    change: [
      "return !renewing && now - at >= RENEWED_AFTER_MS",
      "return now - at >= RENEWED_AFTER_MS",
    ],
    dies: MEMORY,
    by: "by one request after a second",
  },
  {
    name: "a renewal that failed is nobody's turn again",
    change: ["if (found !== undefined) found.renewing = false;", ""],
    dies: MEMORY,
    by: "where a renewal has failed",
  },
  {
    name: "what was read earlier takes the place of what was read later",
    change: ["if (other !== undefined && other.at > read.at) return;", ""],
    dies: MEMORY,
    by: "is never older than two seconds",
  },
  {
    name: "the memory grows for ever",
    change: ["if (this.#chars <= this.#maxChars) break;", "break;"],
    dies: MEMORY,
    by: "is not more than there is room for",
  },
  {
    name: "a smaller version is no news",
    change: [
      "if (since !== this.#heard && !this.#isNewer(versions)) return;",
      "if (!this.#isNewer(versions) && this.#versions !== undefined) return;",
    ],
    dies: MEMORY,
    by: "counts too where the version is smaller",
  },
  {
    name: "the isolate hears nothing of its own changes",
    change: [
      "if (witness !== undefined) this.#hear(witness, mapped.pop(), since);",
      "if (witness !== undefined) { const last = mapped.pop(); if (this.#reading) this.#hear(witness, last, since); }",
    ],
    dies: CATALOG,
    by: "at once for whoever made it so",
  },
  {
    name: "an answer that was lost is taken for no change",
    change: ["if (writes && !(translated instanceof ConstraintError)) witness?.doubt();", ""],
    dies: CATALOG,
    by: "is dropped where the answer to a change was lost",
  },
  {
    name: "staff are shown what is kept",
    change: [
      "key === undefined || seesDrafts(ctx) || wantsNoCache",
      "key === undefined || wantsNoCache",
    ],
    dies: CATALOG,
    by: "is not what whoever works on it sees",
  },
  {
    name: "a client that asks for it as it is now gets what is kept",
    change: ["seesDrafts(ctx) || wantsNoCache(c.req.raw.headers);", "seesDrafts(ctx);"],
    dies: CATALOG,
    by: "is not given to who asks for it as it is now",
  },
  {
    name: "a browser that has just reserved something is shown a page from before",
    change: ["person !== undefined || hasJustChanged(c) ||", "person !== undefined ||"],
    dies: CATALOG,
    by: "to a browser that has just reserved",
  },
  {
    name: "visitors share the key of a kept form",
    change: [
      "return { key: crypto.randomUUID(), now };",
      'return { key: "00000000-0000-4000-8000-000000000000", now };',
    ],
    dies: CATALOG,
    by: "has each visitor's own key",
  },
  {
    name: "the stock's word is no news of the catalog",
    change: ["position, availability, requires_shipping, max", "position, requires_shipping, max"],
    dies: VERSION,
    by: "the stock's word",
  },
  {
    name: "a new product is no news of the catalog",
    change: [
      "tag_catalog_product_new AFTER INSERT ON products BEGIN",
      "tag_catalog_product_new AFTER INSERT ON products WHEN 0 BEGIN",
    ],
    dies: VERSION,
    by: "a new product",
  },
  {
    name: "a new picture is no news of the catalog",
    change: [
      "tag_catalog_image_new AFTER INSERT ON product_images BEGIN",
      "tag_catalog_image_new AFTER INSERT ON product_images WHEN 0 BEGIN",
    ],
    dies: VERSION,
    by: "a new picture",
  },
  {
    name: "another picture is no news of the catalog",
    change: [
      "tag_catalog_image AFTER UPDATE ON product_images BEGIN",
      "tag_catalog_image AFTER UPDATE ON product_images WHEN 0 BEGIN",
    ],
    dies: VERSION,
    by: "another picture",
  },
  {
    name: "a product's times are no news of the catalog",
    change: [
      "tag_catalog_product_times AFTER UPDATE OF opens_at, closes_at, updated_at ON products BEGIN",
      "tag_catalog_product_times AFTER UPDATE OF updated_at ON products BEGIN",
    ],
    dies: VERSION,
    by: "the moment at which a product",
  },
  {
    name: "a product's parts are no news of the catalog",
    change: [
      "tag_catalog_product_times AFTER UPDATE OF opens_at, closes_at, updated_at ON products BEGIN",
      "tag_catalog_product_times AFTER UPDATE OF opens_at, closes_at ON products BEGIN",
    ],
    dies: VERSION,
    by: "a product of which a part has changed",
  },
  {
    name: "how many are left is no news of the catalog",
    change: [
      "tag_catalog_variant_left AFTER UPDATE OF few_left ON variants BEGIN",
      "tag_catalog_variant_left AFTER UPDATE OF few_left ON variants WHEN 0 BEGIN",
    ],
    dies: VERSION,
    by: "how many are left where few are",
  },
  {
    name: "a picture less is no news of the catalog",
    change: [
      "tag_catalog_image_gone AFTER DELETE ON product_images BEGIN",
      "tag_catalog_image_gone AFTER DELETE ON product_images WHEN 0 BEGIN",
    ],
    dies: VERSION,
    by: "a picture less",
  },
  {
    name: "a later variant is no news of the catalog",
    change: [
      "WHEN NEW.created_at <> (SELECT created_at FROM products",
      "WHEN NEW.created_at < (SELECT created_at FROM products",
    ],
    dies: VERSION,
    by: "a later variant",
  },
  {
    name: "an answer that is late takes a change back",
    change: ["if (since !== this.#heard && !this.#isNewer(versions)) return;", ""],
    dies: MEMORY,
    by: "is not taken back by an answer that is late",
  },
  {
    name: "what was read while nobody knew is kept",
    change: [
      "    this.#versions = undefined;\n    this.#heard += 1;",
      "    this.#versions = undefined;",
    ],
    dies: MEMORY,
    by: "when nobody knew whether there was one",
  },
  {
    name: "reading hears of no change",
    change: ["const witness = writes || this.#reading ?", "const witness = writes ?"],
    dies: CATALOG,
    by: "costs no round trip",
  },
  {
    name: "what another isolate has read is taken however old",
    change: ["found === undefined || !isYoung(found, now()) ||", "found === undefined ||"],
    dies: MEMORY,
    by: "is two seconds old at most, and renews",
  },
  {
    name: "a renewal takes what is as old as its own",
    change: [
      "if (own !== undefined && now() - found.at >= RENEWED_AFTER_MS) return undefined;",
      "",
    ],
    dies: MEMORY,
    by: "is two seconds old at most, and renews",
  },
  {
    name: "what another isolate has read is taken by one that knows better",
    change: ["if (!this.tags.admits(found.versions)) return undefined;", ""],
    dies: MEMORY,
    by: "is not given to an isolate that knows of a change since",
  },
  {
    name: "what another isolate has read is taken by one in doubt",
    change: [
      "if (this.#versions === undefined) return this.#heard === 0;",
      "if (this.#versions === undefined) return true;",
    ],
    dies: MEMORY,
    by: "is not given to one that does not know what it has changed itself",
  },
  {
    name: "another isolate's news is none",
    change: ["this.tags.hear(found.versions, since);", ""],
    dies: MEMORY,
    by: "tells the isolate of a change that it did not know of",
  },
  {
    name: "what is kept here is given to a client that has seen more",
    change: ["there !== undefined && isFor(db.atLeast, there) ? there : undefined", "there"],
    dies: MEMORY,
    by: "is in what it gets, wherever that is kept",
  },
  {
    name: "what is kept elsewhere is given to a client that has seen more",
    change: ["|| !isFor(db.atLeast, found)", ""],
    dies: MEMORY,
    by: "is in what it gets, wherever that is kept",
  },
  {
    name: "what a client says it has seen is proof to others",
    change: ["bookmark: bookmark === db.atLeast ? undefined : bookmark", "bookmark"],
    dies: MEMORY,
    by: "is not believed by anybody else",
  },
  {
    name: "a cache that fails fails the request",
    change: [
      "    } catch {\n      return undefined;\n    }\n  }\n\n  /** Puts it there",
      "    } finally {\n    }\n  }\n\n  /** Puts it there",
    ],
    dies: SHARED,
    by: "is read from the database where the cache fails",
  },
  {
    name: "what is somebody's own is read from a copy",
    change: [
      "this.#session ??= this.#replicas?.primary();",
      "this.#session ??= this.#replicas?.nearby();",
    ],
    dies: SHARED,
    by: "nobody what is their own",
  },
  {
    name: "a copy need not have what the client has written",
    change: ["const later = [atLeast, newest]", "const later = [newest]"],
    dies: SHARED,
    by: "have what a client has written",
  },
  {
    name: "a copy need not have what the isolate has written",
    change: ["const later = [atLeast, newest]", "const later = [atLeast]"],
    dies: SHARED,
    by: "have what the isolate has written for somebody else",
  },
  {
    name: "a browser's bookmark is forgotten",
    change: [
      "  setCookie(c, BOOKMARK, bookmark, {",
      '  if (bookmark === "") setCookie(c, BOOKMARK, bookmark, {',
    ],
    dies: SHARED,
    by: "have what a browser has written",
  },
  {
    name: "anything is a bookmark",
    change: ["text !== undefined && BOOKMARK.test(text) ? text : undefined", "text"],
    dies: SHARED,
    by: "take what is no bookmark for none",
  },
  {
    name: "copies are read unasked",
    change: [
      'readReplicas: vars.READ_REPLICAS === "on"',
      'readReplicas: vars.READ_REPLICAS !== "off"',
    ],
    dies: SHARED,
    by: "are not there unless they are switched on",
  },
  {
    name: "other places never hear of a new product",
    change: ['    ...promisePurged(ctx, "catalog"),\n', ""],
    dies: PURGE,
    by: "are promised to hear of a new product",
  },
  {
    name: "a purge that Cloudflare refuses with a 200 is done",
    change: ["if (response.ok && isTaken(text)) return;", "if (response.ok) return;"],
    dies: PURGE,
    by: "whatever its status says",
  },
  {
    name: "a purge that failed is done",
    change: [
      "if (response.ok && isTaken(text)) return;",
      "if (isTaken(text) || response.status > 200) return;",
    ],
    dies: PURGE,
    by: "whatever its status says",
  },
  {
    name: "what staff see has the catalog's tag",
    change: [
      'if (!seesDrafts(ctx)) c.header("Cache-Tag", CATALOG_TAG);',
      'c.header("Cache-Tag", CATALOG_TAG);',
    ],
    dies: PURGE,
    by: "find the tag of the catalog on what shoppers get",
  },
  {
    name: "one key is kept with the page for everybody",
    change: ["visit: undefined,", "visit,"],
    dies: CATALOG,
    by: "has each visitor's own key",
  },
  {
    name: "what another version of the Worker has written is taken",
    change: ["`${origin}/.kept/${version}/`", "`${origin}/.kept/`"],
    dies: SHARED,
    by: "is not given to another version of the Worker",
  },
  {
    name: "a copy may be older than what the isolate has read",
    change: [
      "if (this.bookmark !== undefined && this.bookmark !== this.atLeast)",
      "if (writes && this.bookmark !== undefined)",
    ],
    dies: SHARED,
    by: "are never older than what the isolate has read",
  },
  {
    name: "a client's word moves the copies of everybody",
    change: [
      "if (this.bookmark !== undefined && this.bookmark !== this.atLeast)",
      "if (this.bookmark !== undefined)",
    ],
    dies: SHARED,
    by: "are never older than what the isolate has read",
  },
  {
    name: "the front page is not told to other places",
    change: ['  c.header("Cache-Tag", CATALOG_TAG);\n}', "}"],
    dies: PURGE,
    by: "find the tag of the catalog on what shoppers get",
  },
];
