import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { makeSku } from "../support/shop.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

/** Sends the form that holds one unit, with these headers; answers its status. */
async function send(headers: Record<string, string>): Promise<number> {
  const sku = await makeSku(5);
  const [product] = await rows<{ slug: string }>("SELECT slug FROM products");
  const answer = await exports.default.fetch(`https://shop.test/products/${product?.slug}`, {
    method: "POST",
    redirect: "manual",
    headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams({ variant: sku, quantity: "1" }).toString(),
  });
  return answer.status;
}

const held = () => rows("SELECT id FROM reservations");

describe("A form", () => {
  it.each([
    ["by the word of the browser", { "Sec-Fetch-Site": "same-origin" }],
    ["typed into the address bar", { "Sec-Fetch-Site": "none" }],
    ["by its origin where the browser says no more", { Origin: "https://shop.test" }],
    ["where nothing says that a browser has sent it", {}],
  ])("of the shop is taken, %s", async (_, headers) => {
    expect(await send(headers)).toBe(303);
    expect(await held()).toHaveLength(1);
  });

  it.each(["cross-site", "same-site", ""])(
    "of another site is refused, by the word of the browser: %j",
    async (site) => {
      expect(await send({ "Sec-Fetch-Site": site, Origin: "https://shop.test" })).toBe(403);
      expect(await held()).toEqual([]);
    },
  );

  it.each([
    "https://elsewhere.test",
    "http://shop.test",
    "https://shop.test.elsewhere.test",
    "null",
  ])(
    "of another site is refused, by its origin where the browser says no more: %s",
    async (origin) => {
      expect(await send({ Origin: origin })).toBe(403);
      expect(await held()).toEqual([]);
    },
  );
});
