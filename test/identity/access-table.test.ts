import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import {
  ACCESS,
  decideAccess,
  isStaff,
  type RouteName,
  type Rule,
} from "../../src/platform/access.ts";
import { route } from "../../src/platform/http/router.ts";
import { type Role, SCOPES, type Scope } from "../../src/platform/roles.ts";
import { servicesOf } from "../../src/services.ts";
import { documentedRoutes } from "../support/contract.ts";
import { call } from "../support/http.ts";

const rules = new Map<RouteName, Rule>(Object.entries(ACCESS) as [RouteName, Rule][]);

/** Said once more, and apart from the table: a slip there is one that every other test would follow. */
const GUESTS: ReadonlySet<string> = new Set([
  ...["GET /health", "GET /health/ready", "GET /.well-known/jwks.json", "POST /webhooks/stripe"],
  ...["POST /auth/register", "POST /auth/login", "POST /auth/refresh"],
  ...["POST /auth/password/forgot", "POST /auth/password/reset"],
  ...["GET /products", "GET /products/{idOrSlug}", "GET /images/{key}"],
  ...["GET /jobs/{id}", "GET /jobs/{id}/file"],
  ...["POST /reservations", "GET /reservations/{id}", "DELETE /reservations/{id}"],
  "PATCH /reservations/{id}",
  ...["POST /checkouts", "GET /orders/{id}", "GET /orders/{id}/events", "POST /orders/{id}/cancel"],
]);
const CUSTOMERS = [
  ...["POST /auth/logout", "GET /auth/sessions", "DELETE /auth/sessions/{id}"],
  ...["POST /auth/email/verify", "POST /auth/email/resend", "GET /me", "PATCH /me", "GET /orders"],
  ...["DELETE /me", "GET /me/export"],
];
const AGENTS = [
  ...["GET /inventory", "GET /inventory/{sku}", "GET /inventory/{sku}/movements"],
  ...["GET /reservations", "POST /orders/{id}/attention/resolve"],
  ...["POST /orders/{id}/receipt", "POST /orders/{id}/notes"],
  "POST /exports/stock",
  ...["GET /reports/sales", "GET /reports/products", "GET /reports/stock"],
  ...["GET /customers", "GET /customers/{id}"],
];
/** The first part of an address, and what a key's scopes call it. */
const THINGS: Readonly<Record<string, string>> = {
  "webhook-endpoints": "webhooks",
  "webhook-deliveries": "webhooks",
  products: "catalog",
  variants: "catalog",
  images: "catalog",
  settings: "catalog",
  inventory: "inventory",
  reservations: "inventory",
  orders: "orders",
  fulfillments: "orders",
  discounts: "discounts",
  customers: "orders",
  users: "identity",
  "api-keys": "identity",
  "audit-log": "identity",
  "webhook-events": "webhooks",
  "dead-letters": "webhooks",
  admin: "reports",
  reports: "reports",
};

const FILES: Readonly<Record<string, string>> = {
  products: "products",
  stock: "inventory",
  orders: "orders",
};

describe("The table of access", () => {
  it("takes for staff whoever is no customer, and a key by its scope", () => {
    const who = { label: "x", address: "" };
    const user = (role: Role) =>
      ({ ...who, kind: "user", user: { id: "u", accountId: "a", role, sessionId: "s" } }) as const;
    const key = (scopes: readonly Scope[]) => ({ ...who, kind: "key", scopes }) as const;
    for (const [actor, staff] of [
      [{ ...who, kind: "guest" }, false],
      [user("customer"), false],
      [user("agent"), true],
      [user("admin"), true],
      [key(["orders:read"]), true],
      [key(SCOPES.filter((scope) => scope !== "orders:read")), false],
    ] as const)
      expect([actor, isStaff(actor, "orders:read")]).toEqual([actor, staff]);
  });

  it("lets a key call what names its scope, and of what names none only what is for anyone", () => {
    const key = (scopes: readonly Scope[]) =>
      ({ kind: "key", label: "key_1", address: "", scopes }) as const;
    for (const [name, rule] of rules) {
      const open = rule.roles === "anyone";
      const all = open || rule.scope !== undefined ? "yes" : "forbidden";
      expect([name, decideAccess(rule, key(SCOPES))]).toEqual([name, all]);
      const others = SCOPES.filter((one) => one !== rule.scope);
      expect([name, decideAccess(rule, key(others))]).toEqual([name, open ? "yes" : "forbidden"]);
    }
  });

  const withoutBase = (name: string) => name.replace(" /api/v1/", " /");

  it("has a line for every route that programs can call, and no other", () => {
    const routes = createApp(servicesOf(env)).routes;
    const called = routes
      .filter(
        ({ method, path }) =>
          method !== "ALL" && /^\/(api|webhooks|health|\.well-known)/.test(path),
      )
      .map(({ method, path }) => withoutBase(`${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`));
    expect([...new Set(called)].sort()).toEqual([...rules.keys()].sort());
  });

  it("has a line for every route of the OpenAPI document, and no other", async () => {
    const documented = (await documentedRoutes()).map(withoutBase);
    expect(documented.sort()).toEqual([...rules.keys()].sort());
  });

  it("opens to guests, customers and agents these routes, and every other one to admins alone", () => {
    const openTo = (may: (rule: Rule) => boolean) =>
      [...rules].filter(([, rule]) => may(rule)).map(([name]) => name);
    const has = (name: "customer" | "agent") => (rule: Rule) =>
      rule.roles !== "anyone" && rule.roles.includes(name);
    expect(openTo(({ roles }) => roles === "anyone").sort()).toEqual([...GUESTS].sort());
    expect(openTo(has("customer")).sort()).toEqual([...CUSTOMERS].sort());
    expect(openTo(has("agent")).sort()).toEqual([...CUSTOMERS, ...AGENTS].sort());
    expect([...rules].filter(([, { roles }]) => roles.length === 0)).toEqual([]);
  });

  it("wants of a key the scope of the thing, to read it or to write it", () => {
    for (const [name, { scope }] of rules) {
      const [method = "", path = ""] = name.split(" ");
      const [, first = "", second = ""] = path.split("/");
      const ofList = first === "exports" || first === "imports"; // a file of a list, out or in
      const thing = THINGS[ofList ? (FILES[second] ?? "") : first];
      const reads = method === "GET" || (first === "exports" && thing !== "catalog");
      // All that is known of a person, at once, is for whoever may do everything with people.
      const whole = ["GET /customers/{id}/export", "DELETE /customers/{id}"].includes(name);
      const wanted = whole ? "identity:write" : thing && `${thing}:${reads ? "read" : "write"}`;
      const open = GUESTS.has(name) && thing !== "orders";
      // Drafts are for whoever may write them; the rest of the catalog is for anyone. Settings are read to be written.
      const drafts = /^GET \/(products|settings)(\/|$)/.test(name) ? "catalog:write" : undefined;
      expect(scope, name).toBe(open ? drafts : (drafts ?? wanted));
    }
  });

  it("keeps a route without a line from starting", () => {
    const responses = { 200: { description: "Open to everyone" } };
    expect(() => route({ method: "get", path: "/secrets", responses })).toThrow(
      "GET /secrets has no rule in platform/access.ts",
    );
  });

  it("is what the OpenAPI document says of security", async () => {
    const document = await (await call("GET", "/openapi.json")).body;
    for (const [name, rule] of rules) {
      const [method = "", path = ""] = name.split(" ");
      const inApi = document.paths[path] ?? document.paths[`/api/v1${path}`];
      const { security } = inApi[method.toLowerCase()];
      const scopes = security.flatMap((one: { apiKey?: string[] }) => one.apiKey ?? []);
      expect(scopes, name).toEqual(rule.scope === undefined ? [] : [rule.scope]);
      const open =
        security.length === 0 || security.some((one: object) => Object.keys(one).length === 0);
      expect(open, name).toBe(rule.roles === "anyone");
    }
  });
});
