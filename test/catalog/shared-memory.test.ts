import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { newProduct, newWord } from "../support/catalog.ts";
import { cookiesAfter, sendForm } from "../support/forms.ts";
import type { Answer } from "../support/http.ts";
import { type Rig, shopOver } from "../support/rig.ts";
import { settle, travel, useWorld } from "../support/world.ts";

useWorld();

const tripsOf = ({ headers }: Answer) =>
  Number(/desc="(\d+)"/.exec(headers.get("Server-Timing") ?? "")?.[1]);

/** A product of which so many are there. */
async function offer(initialStock = 9) {
  const sku = newWord().toUpperCase();
  const variants = [{ sku, title: "One", price: { amount: 100, currency: "EUR" }, initialStock }];
  const { body } = await newProduct({ variants });
  await settle();
  return { sku, id: body.data.id as string, slug: body.data.slug as string };
}

const reserveIn = ({ call }: Rig, sku: string) =>
  call("POST", "/api/v1/reservations", { body: { items: [{ sku, quantity: 1 }] } });

const availabilityIn = async ({ call }: Rig, id: string, headers: Record<string, string> = {}) =>
  (await call("GET", `/api/v1/products/${id}`, { headers })).body.data.variants[0].availability;

describe("What another isolate of the data center has read", () => {
  it("costs no round trip, and is the same", async () => {
    const { id, slug } = await offer();
    const [there, here] = [shopOver(env.DB), shopOver(env.DB)];
    const paths = [
      "/api/v1/products?sort=price",
      `/api/v1/products/${id}`,
      "/",
      `/products/${slug}`,
    ];
    for (const path of paths) {
      const first = await there.call("GET", path);
      const second = await here.call("GET", path);
      expect([path, tripsOf(first), tripsOf(second)]).toEqual([path, 1, 0]);
      expect(second.headers.get("ETag")).toBe(first.headers.get("ETag"));
      expect(second.headers.get("Cache-Control")).toBe(first.headers.get("Cache-Control"));
    }
  });

  it("is not given to one that has changed it since", async () => {
    const { id, sku } = await offer(1);
    const [there, here] = [shopOver(env.DB), shopOver(env.DB)];
    expect(await availabilityIn(there, id)).toBe("low");
    await reserveIn(here, sku);
    expect(await availabilityIn(here, id)).toBe("sold_out");
    expect(await availabilityIn(there, id)).toBe("low");
    await travel(1000);
    expect(await availabilityIn(there, id)).toBe("sold_out");
  });

  /** What isolates have put there for each other. */
  function listening() {
    const kept: string[] = [];
    const { cache } = servicesOf(env);
    const listener = {
      match: (address: string) => cache?.match(address),
      put: async (address: string, response: Response) => {
        kept.push(await response.clone().text());
        await cache?.put(address, response);
      },
    };
    return { kept, cache: listener as unknown as Cache }; // all that is called
  }

  it("has nobody's key in it: each visitor's own is written into what they get", async () => {
    const { slug } = await offer();
    const { kept, cache } = listening();
    const shops = [shopOver(env.DB, { cache }), shopOver(env.DB, { cache })];
    const keys: (string | undefined)[] = [];
    for (const shop of [...shops, ...shops]) {
      const { text } = await shop.call("GET", `/products/${slug}`);
      keys.push(/name="key" value="([0-9a-f-]{36})"/.exec(text)?.[1]);
    }
    expect(new Set(keys).size).toBe(4);
    expect(keys).not.toContain(undefined);
    expect(kept).toHaveLength(1);
    expect(kept[0]).not.toMatch(/name="key"|[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it("is not given to another version of the Worker", async () => {
    const { id } = await offer();
    const versions = ["1", "2"].map((id) =>
      shopOver(env.DB, { bindings: { ...env, VERSION: { id, tag: "", timestamp: "" } } }),
    );
    for (const shop of versions)
      expect(tripsOf(await shop.call("GET", `/api/v1/products/${id}`))).toBe(1);
  });

  it("is read from the database where the cache fails", async () => {
    const { id } = await offer();
    const down = () => Promise.reject(new Error("no cache"));
    const cache = { match: down, put: down } as unknown as Cache; // all that is called
    const shop = shopOver(env.DB, { cache });
    expect(await availabilityIn(shop, id)).toBe("in_stock");
    await travel(2000);
    expect(await availabilityIn(shop, id)).toBe("in_stock");
  });
});

describe("Read replicas", () => {
  /** A database that tells where each session began. */
  function replicated() {
    const starts: (string | undefined)[] = [];
    const database = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: () => Promise.reject(new Error("A batch without a session")),
      withSession: (start?: string) => {
        starts.push(start);
        return env.DB.withSession(start);
      },
    };
    const { config } = shopOver(env.DB).services;
    const settings = { config: { ...config, readReplicas: true } };
    return { starts, open: () => shopOver(database, settings) };
  }

  const BOOKMARK = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/;
  const PRIMARY = "first-primary";
  const ANY = "first-unconstrained";
  const bookmarkOf = ({ headers }: Answer) => headers.get("X-Bookmark") ?? "none";

  it("serve shoppers the catalog, and nobody what is their own or to be as it is now", async () => {
    const { id, sku, slug } = await offer();
    const { starts, open } = replicated();
    const shop = open();
    for (const path of [`/api/v1/products/${id}`, `/products/${slug}`]) {
      await open().call("GET", path);
      expect([path, starts.splice(0)]).toEqual([path, [ANY]]);
      await shop.call("GET", path, { headers: { "Cache-Control": "no-cache" } });
      expect([path, starts.splice(0)]).toEqual([path, [PRIMARY]]);
    }
    await shop.asAdmin("GET", `/api/v1/products/${id}`);
    await shop.asAdmin("GET", "/api/v1/orders");
    await reserveIn(shop, sku);
    expect(starts).toEqual([PRIMARY, PRIMARY, PRIMARY]);
  });

  it("have what a client has written, which brings the bookmark of it", async () => {
    const { id, sku } = await offer(1);
    const { starts, open } = replicated();
    const there = open();
    const here = open();
    expect(await availabilityIn(here, id)).toBe("low");
    const bookmark = bookmarkOf(await reserveIn(there, sku));
    expect(bookmark).toMatch(BOOKMARK);
    starts.length = 0;
    expect(await availabilityIn(here, id)).toBe("low");
    expect(starts).toEqual([]);
    expect(await availabilityIn(here, id, { "X-Bookmark": bookmark })).toBe("sold_out");
    expect(starts).toEqual([bookmark]);
  });

  it("have what the isolate has written for somebody else", async () => {
    const { id, sku } = await offer(1);
    const { starts, open } = replicated();
    const shop = open();
    const bookmark = bookmarkOf(await reserveIn(shop, sku));
    starts.length = 0;
    expect(await availabilityIn(shop, id)).toBe("sold_out");
    expect(starts).toEqual([bookmark]);
  });

  it("are never older than what the isolate has read", async () => {
    const { id } = await offer();
    const { starts, open } = replicated();
    const shop = open();
    for (let reads = 0; reads < 3; reads += 1) {
      await availabilityIn(shop, id);
      await travel(2000);
    }
    expect(starts).toEqual([ANY, expect.stringMatching(BOOKMARK), expect.stringMatching(BOOKMARK)]);
    const claimed = "ffffffff-ffffffff-ffffffff-ffffffffffffffffffffffffffffffff";
    await availabilityIn(shop, id, { "X-Bookmark": claimed });
    await travel(2000);
    starts.length = 0;
    await availabilityIn(shop, id);
    expect(starts).toEqual([expect.not.stringMatching(/^f/)]);
  });

  it("have what a browser has written, by its cookie", async () => {
    const { sku, slug } = await offer(1);
    const { starts, open } = replicated();
    const [there, here] = [open(), open()];
    const page = `/products/${slug}`;
    const sent = await sendForm(page, { variant: sku, quantity: "1" }, {}, there.call);
    const cookies = cookiesAfter(sent);
    const bookmark = /__Host-bookmark=([\w-]+)/.exec(cookies)?.[1];
    expect(sent.headers.getSetCookie().join("\n")).toMatch(
      /__Host-bookmark=[\w-]+; Max-Age=60; Path=\/; HttpOnly; Secure; SameSite=Lax/,
    );
    starts.length = 0;
    const late = cookies.replace("__Host-changed=1", "other=1");
    const { text } = await here.call("GET", page, { headers: { Cookie: late } });
    expect(text).toContain("Sold out");
    expect(starts).toEqual([bookmark]);
  });

  it("take what is no bookmark for none", async () => {
    const { id } = await offer();
    const { starts, open } = replicated();
    for (const said of ["first-primary", "", "x".repeat(59), `${"0".repeat(8)}-1`]) {
      await availabilityIn(open(), id, { "X-Bookmark": said });
      expect(starts.splice(0)).toEqual([ANY]);
      await travel(2000);
    }
  });

  it("are not there unless they are switched on", async () => {
    const { id, sku } = await offer();
    const answer = await reserveIn(shopOver(env.DB), sku);
    expect([answer.status, answer.headers.get("X-Bookmark")]).toEqual([201, null]);
    const open = shopOver({
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: (statements: D1PreparedStatement[]) => env.DB.batch(statements),
    });
    expect(await availabilityIn(open, id)).toBe("in_stock");
  });
});
