import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { documentedRoutes } from "../support/contract.ts";
import { asAdmin } from "../support/people.ts";
import { roundsOf } from "../support/sample.ts";
import { body, literal, NASTY_TEXT, query, segment } from "../support/weird.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const RUNS_PER_ROUTE = roundsOf(12, 60);
const RUNS = roundsOf(30, 60);
let routes: string[] = [];
beforeAll(async () => {
  routes = await documentedRoutes();
});

describe("Weird input", () => {
  it("is answered with a client's error or an answer, never with a server's error, on any route", async () => {
    await env.DB.batch([
      env.DB.prepare(
        "INSERT INTO products (id, slug, title, status, price_from, created_at, updated_at) VALUES ('prod_known', 'known', 'Known', 'active', 100, 1, 1)",
      ),
      env.DB.prepare(
        "INSERT INTO variants (id, product_id, sku, title, amount, currency, position, opening_stock, created_at, updated_at) VALUES ('var_known', 'prod_known', 'KNOWN', 'Known', 100, 'EUR', 0, 1000, 1, 1)",
      ),
    ]);
    for (const route of routes) {
      const [method = "", template = ""] = route.split(" ");
      const parameters = template.match(/\{\w+\}/g)?.length ?? 0;
      const request = fc.record({
        segments: fc.array(segment, { minLength: parameters, maxLength: parameters }),
        query,
        body: method === "POST" ? fc.option(body, { nil: undefined }) : fc.constant(undefined),
        key: fc.option(fc.constantFrom("k", "", "x".repeat(300), '"', "ü"), { nil: undefined }),
      });
      await fc.assert(
        fc.asyncProperty(request, async ({ segments, query: tail, body: sent, key }) => {
          const left = [...segments];
          const path = template.replaceAll(/\{\w+\}/g, () => left.shift() ?? "");
          const headers: Record<string, string> =
            key === undefined ? {} : { "Idempotency-Key": encodeURI(key) };
          const answer = await asAdmin(method, path + tail, {
            headers,
            ...(sent === undefined ? {} : { body: sent }),
          });
          expect(answer.status, answer.text).toBeLessThan(500);
        }),
        { numRuns: RUNS_PER_ROUTE },
      );
    }
  });

  it("of a good shape is kept as it was sent, or refused", async () => {
    const send = async (title: string, description: string) => {
      const sku = crypto.randomUUID();
      const variants = `[{"sku":"${sku}","title":${title},"price":{"amount":100,"currency":"EUR"}}]`;
      const body = `{"title":${title},"slug":"${sku}","description":${description},"variants":${variants}}`;
      const made = await asAdmin("POST", "/api/v1/products", { body });
      expect([201, 422]).toContain(made.status);
      if (made.status === 422) return;
      const { data } = made.body;
      const sent = [JSON.parse(title).trim(), JSON.parse(description), JSON.parse(title).trim()];
      const kept = [data.title, data.description, data.variants[0].title];
      expect(JSON.stringify(kept)).toBe(JSON.stringify(sent));
      const read = await asAdmin("GET", `/api/v1/products/${sku}`);
      expect(read.body).toEqual(made.body);
    };
    for (const one of NASTY_TEXT) await send(JSON.stringify(one), JSON.stringify(one));
    await fc.assert(fc.asyncProperty(literal, literal, send), { numRuns: RUNS });
  });

  it("as a reason stands in the ledger as it was sent, or is refused", async () => {
    const path = "/api/v1/inventory/KNOWN/movements";
    const price = { amount: 100, currency: "EUR" };
    const variants = [{ sku: "KNOWN", title: "One", price }];
    await asAdmin("POST", "/api/v1/products", { body: { title: "Known", variants } });
    const send = async (reason: string) => {
      const body = `{"kind":"receive","quantity":1,"reason":${reason}}`;
      const made = await asAdmin("POST", path, { body });
      expect([201, 422]).toContain(made.status);
      if (made.status === 422) return;
      const { movement } = made.body.data;
      expect(JSON.stringify(movement.reason)).toBe(JSON.stringify(JSON.parse(reason).trim()));
      const read = await asAdmin("GET", `${path}?pageSize=1`);
      expect(JSON.stringify(read.body.data)).toBe(JSON.stringify([movement]));
    };
    for (const one of NASTY_TEXT) await send(JSON.stringify(one));
    await fc.assert(fc.asyncProperty(literal, send), { numRuns: RUNS });
  });
});
