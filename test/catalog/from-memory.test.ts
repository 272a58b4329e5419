import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newProduct, newWord } from "../support/catalog.ts";
import { databaseFailingOnce } from "../support/faults.ts";
import { cookiesAfter, sendForm } from "../support/forms.ts";
import { type Answer, call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import { reserve } from "../support/shop.ts";
import { settle, travel, useWorld } from "../support/world.ts";

useWorld();

const tripsOf = ({ headers }: Answer) =>
  Number(/desc="(\d+)"/.exec(headers.get("Server-Timing") ?? "")?.[1]);

/** A product of which so many are there. The index has heard of it: that is a write too, whose answer tells the isolate what is new. */
async function offer(initialStock = 9) {
  const sku = newWord().toUpperCase();
  const variants = [{ sku, title: "One", price: { amount: 100, currency: "EUR" }, initialStock }];
  const { body } = await newProduct({ variants });
  await settle();
  return { sku, id: body.data.id as string, slug: body.data.slug as string };
}

const pathsOf = ({ id, slug }: { id: string; slug: string }) => [
  "/api/v1/products",
  "/api/v1/products?sort=price&pageSize=7&include=total",
  `/api/v1/products/${id}`,
  `/api/v1/products/${slug}`,
  "/",
  `/products/${slug}`,
];

/** A change by hand that no isolate hears of. */
const rename = (id: string, title: string) =>
  env.DB.prepare("UPDATE products SET title = ? WHERE id = ?").bind(title, id).run();

const withoutKey = (html: string) => html.replace(/name="key" value="[^"]+"/, "");
const keyIn = (html: string) => /name="key" value="([^"]+)"/.exec(html)?.[1];

describe("The catalog of a moment ago", () => {
  it("costs no round trip, and is answered as it was the first time", async () => {
    for (const path of pathsOf(await offer())) {
      const first = await call("GET", path);
      const second = await call("GET", path);
      expect([path, tripsOf(first), tripsOf(second)]).toEqual([path, 1, 0]);
      expect(withoutKey(second.text)).toBe(withoutKey(first.text));
      for (const name of ["ETag", "Cache-Control", "Content-Type", "Vary"])
        expect(second.headers.get(name)).toBe(first.headers.get(name));
    }
  });

  it("is two seconds old at most", async () => {
    const made = await offer();
    const paths = pathsOf(made);
    for (const path of paths) await call("GET", path);
    await rename(made.id, "Renamed");
    await travel(999);
    for (const path of paths) expect((await call("GET", path)).text).not.toContain("Renamed");
    await travel(1001);
    for (const path of paths) expect((await call("GET", path)).text).toContain("Renamed");
  });

  it("is not what whoever works on it sees", async () => {
    const made = await offer();
    for (const path of pathsOf(made)) await call("GET", path);
    await rename(made.id, "Renamed");
    expect((await asAdmin("GET", "/api/v1/products")).text).toContain("Renamed");
    expect((await asAdmin("GET", `/api/v1/products/${made.id}`)).text).toContain("Renamed");
    expect((await call("GET", `/api/v1/products/${made.id}`)).text).not.toContain("Renamed");
  });

  it("has the new product, and the new word for the stock, at once for whoever made it so", async () => {
    const made = await offer(1);
    const paths = pathsOf(made);
    for (const path of paths) await call("GET", path);
    expect((await call("GET", `/products/${made.slug}`)).text).not.toContain("Sold out");
    expect((await reserve([{ sku: made.sku, quantity: 1 }])).status).toBe(201);
    const { body } = await call("GET", `/api/v1/products/${made.id}`);
    expect(body.data.variants[0].availability).toBe("sold_out");
    expect((await call("GET", `/products/${made.slug}`)).text).toContain("Sold out");
    await travel(1); // or chance would order them
    const { id } = await offer();
    expect((await call("GET", "/api/v1/products")).body.data[0].id).toBe(id);
  });

  it("is not given to who asks for it as it is now", async () => {
    const made = await offer();
    for (const path of pathsOf(made)) await call("GET", path);
    await rename(made.id, "Renamed");
    for (const wish of ["no-cache", "max-age=0, No-Cache"]) {
      const headers = { "Cache-Control": wish };
      for (const path of pathsOf(made))
        expect((await call("GET", path, { headers })).text).toContain("Renamed");
    }
    const headers = { "Cache-Control": "max-age=0, x-no-cache-please" };
    for (const path of pathsOf(made))
      expect((await call("GET", path, { headers })).text).not.toContain("Renamed");
  });

  it("is not shown for two seconds to a browser that has just reserved something elsewhere", async () => {
    const { sku, slug } = await offer(1);
    const page = `/products/${slug}`;
    await call("GET", page);
    const sent = await sendForm(page, { variant: sku, quantity: "1" }, {}, shopOver(env.DB).call);
    expect(sent.headers.get("Set-Cookie")).toMatch(
      /^__Host-changed=1; Max-Age=2; Path=\/; HttpOnly;/,
    );
    expect((await call("GET", page)).text).not.toContain("Sold out");
    const headers = { Cookie: cookiesAfter(sent) };
    for (const path of [page, "/"])
      expect((await call("GET", path, { headers })).text).toContain("Sold out");
  });

  it("is dropped where the answer to a change was lost", async () => {
    const { sku, id } = await offer(1);
    const { database, failed } = databaseFailingOnce({ when: "after", about: /reservation_lines/ });
    const shop = shopOver(database);
    await shop.call("GET", `/api/v1/products/${id}`);
    const body = { items: [{ sku, quantity: 1 }] };
    expect((await shop.call("POST", "/api/v1/reservations", { body })).status).toBeGreaterThan(499);
    expect(failed()).toBe(true);
    const { body: after } = await shop.call("GET", `/api/v1/products/${id}`);
    expect(after.data.variants[0].availability).toBe("sold_out");
  });

  it("stays where a hold changes no word of it", async () => {
    const made = await offer(100);
    await reserve([{ sku: made.sku, quantity: 1 }]);
    for (const path of pathsOf(made)) await call("GET", path);
    await reserve([{ sku: made.sku, quantity: 1 }]);
    for (const path of pathsOf(made))
      expect([path, tripsOf(await call("GET", path))]).toEqual([path, 0]);
  });

  it("does not say that there is none, when there is one since", async () => {
    expect((await call("GET", "/api/v1/products/prod_none")).status).toBe(404);
    expect(tripsOf(await call("GET", "/api/v1/products/prod_none"))).toBe(1);
  });

  it("gives no draft to a shopper who asks after the staff", async () => {
    const { body } = await newProduct({ status: "draft" });
    const path = `/api/v1/products/${body.data.id}`;
    const drafts = "/api/v1/products?status=draft";
    expect((await asAdmin("GET", path)).status).toBe(200);
    expect((await asAdmin("GET", drafts)).status).toBe(200);
    expect((await call("GET", path)).status).toBe(404);
    expect((await call("GET", drafts)).status).toBe(401);
  });

  it("has each visitor's own key on the page of a product", async () => {
    const { slug } = await offer();
    const keys = new Set<string | undefined>();
    for (let i = 0; i < 3; i += 1) keys.add(keyIn((await call("GET", `/products/${slug}`)).text));
    expect([...keys]).toEqual([
      ...Array.from({ length: 3 }, () => expect.stringMatching(/^[0-9a-f-]{36}$/)),
    ]);
  });

  it("is told by its ETag as before", async () => {
    const { id } = await offer();
    const path = `/api/v1/products/${id}`;
    const tag = (await call("GET", path)).headers.get("ETag") ?? "";
    const known = await call("GET", path, { headers: { "If-None-Match": tag } });
    expect([known.status, tripsOf(known)]).toEqual([304, 0]);
  });

  it("is read each time where it is switched off", async () => {
    const { config } = shopOver(env.DB).services;
    const shop = shopOver(env.DB, { config: { ...config, catalogMemory: false } });
    for (const path of pathsOf(await offer())) {
      await shop.call("GET", path);
      expect([path, tripsOf(await shop.call("GET", path))]).toEqual([path, 1]);
    }
  });
});
