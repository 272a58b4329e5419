import { describe, expect, it } from "vitest";
import { call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { makeSku, reserve } from "../support/shop.ts";
import { useWorld } from "../support/world.ts";

useWorld();

async function tagOf(path: string): Promise<string> {
  const tag = (await asAdmin("GET", path)).headers.get("ETag");
  expect(tag).toMatch(/^"[^"]+"$/);
  return tag ?? "";
}

async function paths(): Promise<string[]> {
  const sku = await makeSku(5);
  const { body } = await reserve([{ sku, quantity: 1 }]);
  const list = await call("GET", "/api/v1/products");
  const { id, slug } = list.body.data[0];
  return [
    "/api/v1/products",
    `/api/v1/products/${id}`,
    `/api/v1/products/${slug}`,
    `/api/v1/inventory/${sku}`,
    `/api/v1/inventory/${sku}/movements`,
    `/api/v1/reservations/${body.data.id}`,
  ];
}

describe("An ETag", () => {
  it("is strong, and the same as long as nothing changes", async () => {
    for (const path of await paths()) expect(await tagOf(path)).toBe(await tagOf(path));
  });

  it("that is still right saves the body", async () => {
    for (const path of await paths()) {
      const tag = await tagOf(path);
      for (const wanted of [tag, `W/${tag}`, `"other", ${tag}`, `"a","b" ,${tag}`, "*"]) {
        const full = await asAdmin("GET", path);
        const answer = await asAdmin("GET", path, { headers: { "If-None-Match": wanted } });
        expect([answer.status, answer.text]).toEqual([304, ""]);
        expect(answer.headers.get("ETag")).toBe(tag);
        for (const name of ["Cache-Control", "Vary"]) {
          expect(answer.headers.get(name)).toBe(full.headers.get(name));
        }
        for (const name of ["Content-Type", "Content-Length"]) {
          expect(answer.headers.has(name)).toBe(false);
        }
        expect(answer.headers.get("X-Request-Id")).toMatch(/^req_/);
      }
    }
  });

  it("that is not right any more brings the whole", async () => {
    for (const path of await paths()) {
      for (const wanted of ['"other"', "garbage", ""]) {
        const answer = await asAdmin("GET", path, { headers: { "If-None-Match": wanted } });
        expect(answer.status).toBe(200);
        expect(answer.text).not.toBe("");
      }
    }
  });

  it("changes with what it stands for", async () => {
    const sku = await makeSku(6);
    const path = `/api/v1/inventory/${sku}`;
    const before = await tagOf(path);
    await reserve([{ sku, quantity: 1 }]);
    const answer = await asAdmin("GET", path, { headers: { "If-None-Match": before } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("ETag")).not.toBe(before);
  });

  it("works for HEAD", async () => {
    const [path = ""] = await paths();
    const tag = await tagOf(path);
    const answer = await call("HEAD", path, { headers: { "If-None-Match": tag } });
    expect([answer.status, answer.headers.get("ETag")]).toEqual([304, tag]);
  });

  it("is not on errors, nor on what was created, and nothing there is answered with 304", async () => {
    const headers = { "If-None-Match": "*" };
    const items = [{ sku: await makeSku(5), quantity: 1 }];
    const created = await reserve(items, { headers });
    const missing = await call("GET", "/api/v1/products/none", { headers });
    expect([created.status, missing.status]).toEqual([201, 404]);
    for (const answer of [created, missing]) expect(answer.headers.has("ETag")).toBe(false);
  });
});
