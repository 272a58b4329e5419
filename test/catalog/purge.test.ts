import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { purgeCaches } from "../../src/platform/memory/purge.ts";
import { newProduct, newWord } from "../support/catalog.ts";
import { systemContext } from "../support/credentials.ts";
import type { Answer } from "../support/http.ts";
import { theAdmin } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

describe("The caches of other places", () => {
  const ask = async <T>(path: string, body = {}) =>
    (await (
      await fetch(`http://cloudflare.test/_emulator${path}`, {
        method: "POST",
        body: JSON.stringify(body),
      })
    ).json()) as T;
  const purged = async () => (await ask<{ purged: string[] }>("/purged")).purged;
  const zone = { zone: "0".repeat(32), token: "purge-token", apiUrl: "http://cloudflare.test" };

  async function add(purge: typeof zone | undefined) {
    const { config } = shopOver(env.DB).services;
    const shop = shopOver(env.DB, { config: { ...config, purge } });
    const { accessToken } = await theAdmin();
    const sku = newWord().toUpperCase();
    const price = { amount: 100, currency: "EUR" };
    const { status } = await shop.call("POST", "/api/v1/products", {
      headers: { Authorization: `Bearer ${accessToken}` },
      body: { title: sku, variants: [{ sku, title: "One", price }] },
    });
    expect(status).toBe(201);
    const promised = await rows<{ payload: string }>(
      "SELECT payload FROM outbox WHERE topic = 'cache.purge'",
    );
    return promised.map(({ payload }) => JSON.parse(payload));
  }

  it("are promised to hear of a new product, in its batch", async () => {
    expect(await add(zone)).toEqual([{ tag: "catalog" }]);
    expect(await add(undefined)).toHaveLength(1);
  });

  it("find the tag of the catalog on what shoppers get of it", async () => {
    const { id } = (await newProduct({})).body.data;
    const shop = shopOver(env.DB);
    const tagOf = async (answer: Promise<Answer>) => (await answer).headers.get("Cache-Tag");
    expect(await tagOf(shop.call("GET", `/api/v1/products/${id}`))).toBe("catalog");
    expect(await tagOf(shop.call("GET", "/api/v1/products"))).toBe("catalog");
    expect(await tagOf(shop.call("GET", "/"))).toBe("catalog");
    expect(await tagOf(shop.asAdmin("GET", `/api/v1/products/${id}`))).toBeNull();
  });

  const tell = (purge = zone) => {
    const ctx = systemContext();
    return purgeCaches({ ...ctx, config: { ...ctx.config, purge } }, { tag: "catalog" });
  };

  it("are told by its tag, as often as somebody tries", async () => {
    await tell();
    await tell();
    expect(await purged()).toEqual(["catalog", "catalog"]);
  });

  it("are told again where the zone does not take it, whatever its status says", async () => {
    for (const failure of [
      { status: 429, success: false },
      { status: 200, success: false },
      { status: 504, success: true },
    ]) {
      await ask("/behaviour", { failure });
      await expect(tell()).rejects.toThrow(`did not take a purge: ${failure.status}`);
    }
    await ask("/behaviour");
    await expect(tell({ ...zone, token: "another" })).rejects.toThrow("Authentication error");
    await expect(tell({ ...zone, zone: "1".repeat(32) })).rejects.toThrow("404");
  });

  it("are nobody's where the shop has no zone", async () => {
    const ctx = systemContext();
    await purgeCaches({ ...ctx, config: { ...ctx.config, purge: undefined } }, { tag: "catalog" });
    expect(await purged()).toEqual([]);
  });
});
