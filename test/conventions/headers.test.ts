import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/platform/config.ts";
import { type Answer, call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { brokenDatabase, logOf, shopOver } from "../support/rig.ts";
import { makeSku, reserve } from "../support/shop.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=300";
const PRIVATE = "private, no-store";

/** One answer of each kind, by what it is. */
async function everyKind(): Promise<[string, Answer][]> {
  const sku = await makeSku(7); // of five the list would say how many are left
  const list = await call("GET", "/api/v1/products");
  const conditional = { headers: { "If-None-Match": list.headers.get("ETag") ?? "" } };
  const { body } = await reserve([{ sku, quantity: 1 }]);
  const broken = shopOver(brokenDatabase("boom"));
  const busy = shopOver(brokenDatabase("D1 DB is overloaded"));
  const quiet: [string, Answer][] = [];
  const asItIsNow = { headers: { "Cache-Control": "no-cache" } }; // what is kept needs no database
  await logOf(async () => {
    quiet.push(["500", await broken.call("GET", "/api/v1/products", asItIsNow)]);
    quiet.push(["503", await busy.call("GET", "/api/v1/products", asItIsNow)]);
  });
  return [
    ["200", list],
    ["304", await call("GET", "/api/v1/products", conditional)],
    ["201", await reserve([{ sku, quantity: 1 }])],
    ["204", await call("DELETE", `/api/v1/reservations/${body.data.id}`)],
    [
      "204",
      await call("OPTIONS", "/api/v1/products", {
        headers: { Origin: "https://storefront.test", "Access-Control-Request-Method": "GET" },
      }),
    ],
    ["400", await call("POST", "/api/v1/reservations", { body: "{" })],
    ["401", await call("GET", "/api/v1/inventory")],
    ["404", await call("GET", "/api/v1/nothing")],
    ["405", await call("PUT", "/api/v1/products")],
    ["406", await call("GET", "/api/v1/products", { headers: { Accept: "text/html" } })],
    ["409", await reserve([{ sku, quantity: 9 }])],
    ["413", await call("POST", "/api/v1/reservations", { body: "x".repeat(1024 * 1024 + 1) })],
    ["422", await call("GET", "/api/v1/products?a=b")],
    ...quiet,
  ];
}

describe("Every answer, whatever its kind", () => {
  it("carries the security headers", async () => {
    for (const [kind, { status, headers }] of await everyKind()) {
      expect(String(status)).toBe(kind);
      expect({ kind, ...Object.fromEntries(headers) }).toMatchObject({
        kind,
        "strict-transport-security": "max-age=63072000; includeSubDomains",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "cross-origin-resource-policy": "cross-origin",
        "x-frame-options": "DENY",
      });
    }
  });

  it("carries a request id, what the database took, and the word on caching", async () => {
    for (const [kind, { headers }] of await everyKind()) {
      expect(headers.get("X-Request-Id")).toMatch(/^req_[0-9a-f-]{36}$/);
      expect(headers.get("Server-Timing")).toMatch(/^db;dur=\d+\.\d;desc="\d+", total;dur=\d+$/);
      const cached = kind === "200" || kind === "304";
      expect([kind, headers.get("Cache-Control")]).toEqual([kind, cached ? PUBLIC : PRIVATE]);
    }
  });
});

describe("The policy of a page", () => {
  it("lets a page run what the shop has, and nothing else", async () => {
    const { headers } = await exports.default.fetch("https://shop.test/");
    const policy = new Map(
      (headers.get("Content-Security-Policy") ?? "").split("; ").map((one) => {
        const [name = "", ...sources] = one.split(" ");
        return [name, sources.join(" ")];
      }),
    );
    expect(policy.get("default-src")).toBe("'none'");
    expect(policy.get("script-src")).toBe("'self'");
    expect(policy.get("frame-ancestors")).toBe("'none'");
    expect(policy.get("base-uri")).toBe("'none'");
  });
});

describe("Caching", () => {
  it("is public for the catalog only, and not as staff see it, with drafts in it", async () => {
    const sku = await makeSku(5);
    const { body } = await reserve([{ sku, quantity: 1 }]);
    const { body: list } = await call("GET", "/api/v1/products?pageSize=1");
    const catalog = ["/api/v1/products", `/api/v1/products/${list.data[0].slug}`];
    for (const path of catalog) {
      const { headers } = await call("GET", path);
      expect([path, headers.get("Cache-Control")]).toEqual([path, PUBLIC]);
    }
    const cases: [string, string][] = [
      ...catalog.map((path): [string, string] => [path, PRIVATE]),
      [`/api/v1/reservations/${body.data.id}`, PRIVATE],
      [`/api/v1/inventory/${sku}`, PRIVATE],
      ["/api/v1/inventory", PRIVATE],
      ["/api/v1/orders", PRIVATE],
      ["/api/v1/products/nothing-here", PRIVATE],
      ["/health", PRIVATE],
    ];
    for (const [path, caching] of cases) {
      const { headers } = await asAdmin("GET", path);
      expect([path, headers.get("Cache-Control")]).toEqual([path, caching]);
    }
  });
});

describe("The request id", () => {
  it("is the client's when it is a sane token, in the header, the body and the log", async () => {
    for (const id of ["abc-123", "7f3e9a0c.1:2_x", "a".repeat(128)]) {
      const shop = shopOver(env.DB);
      const { lines } = await logOf(async () => {
        const { headers, body } = await shop.call("GET", "/api/v1/nothing", {
          headers: { "X-Request-Id": id },
        });
        expect(headers.get("X-Request-Id")).toBe(id);
        expect(body.error.requestId).toBe(id);
      }, "request");
      expect(lines).toMatchObject([{ requestId: id }]);
    }
  });

  it("is a new one when the client's is not sane", async () => {
    for (const id of [
      "",
      "a".repeat(129),
      "two words",
      "<script>",
      '{"a":1}',
      "a,b",
      "ada@example.com",
    ]) {
      const { headers } = await call("GET", "/health", { headers: { "X-Request-Id": id } });
      expect(headers.get("X-Request-Id")).toMatch(/^req_[0-9a-f-]{36}$/);
    }
  });
});

describe("HEAD", () => {
  it("answers as GET does, without the body", async () => {
    const sku = await makeSku(5);
    for (const path of [
      "/api/v1/products",
      `/api/v1/inventory/${sku}`,
      "/health",
      "/api/v1/nothing",
    ]) {
      const get = await asAdmin("GET", path);
      const head = await asAdmin("HEAD", path);
      expect(head.text).toBe("");
      expect(head.status).toBe(get.status);
      for (const name of ["ETag", "Cache-Control", "Content-Type"]) {
        expect(head.headers.get(name)).toBe(get.headers.get(name));
      }
    }
  });

  it("of an address that only takes POST says so", async () => {
    const { status, headers } = await call("HEAD", "/api/v1/checkouts");
    expect(status).toBe(405);
    expect(headers.get("Allow")).toBe("POST");
  });
});

describe("The envelope", () => {
  it("is data and meta around a list, data around one thing, and nothing besides", async () => {
    const sku = await makeSku(5);
    const list = await call("GET", "/api/v1/products?pageSize=1&include=total");
    expect(Object.keys(list.body)).toEqual(["data", "meta"]);
    expect(list.body.meta).toEqual({
      pageSize: 1,
      nextCursor: null,
      total: 1,
    });
    const one = await asAdmin("GET", `/api/v1/inventory/${sku}`);
    expect(one.body).toEqual({
      data: { sku, onHand: 5, reserved: 0, available: 5, lowStockThreshold: 5 },
    });
  });

  it("of something created says where it is", async () => {
    const sku = await makeSku(5);
    const { status, headers, body } = await reserve([{ sku, quantity: 1 }]);
    expect(status).toBe(201);
    const found = await call("GET", headers.get("Location") ?? "");
    expect(found.body).toEqual(body);
  });

  it("of nothing to say is empty", async () => {
    const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
    const url = `https://shop.test/api/v1/reservations/${body.data.id}`;
    const response = await exports.default.fetch(url, { method: "DELETE" });
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(response.headers.has("Content-Type")).toBe(false);
  });
});

describe("A page's form", () => {
  const formAction = async (variables: object) => {
    const shop = shopOver(env.DB, { config: parseConfig({ ...env, ...variables }) });
    const { headers } = await shop.call("GET", "/");
    const policy = headers.get("Content-Security-Policy") ?? "";
    return policy.split("; ").find((directive) => directive.startsWith("form-action"));
  };

  it("may go on to Stripe's payment page, and to the shop's own domain of it", async () => {
    const stripes = "form-action 'self' https://checkout.stripe.com";
    const own = { STRIPE_CHECKOUT_URL: "https://pay.example.com" };
    expect(await formAction({ STRIPE_API_URL: "" })).toBe(stripes);
    expect(await formAction({ STRIPE_API_URL: "", ...own })).toBe(
      `${stripes} https://pay.example.com`,
    );
  });

  it("goes nowhere that a variable could smuggle in", () => {
    for (const url of ["pay.example.com", "https://pay.example.com/x; script-src *", "https://*"])
      expect(() => parseConfig({ ...env, STRIPE_CHECKOUT_URL: url })).toThrow(
        "STRIPE_CHECKOUT_URL",
      );
  });
});
