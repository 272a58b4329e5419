import type { Actor } from "./context.ts";
import { ROLES, type Role, type Scope } from "./roles.ts";

/** Who may call a route: users by role, API keys by scope. */
export interface Rule {
  /** `anyone`: no credentials needed. What a guest or a customer sees of it, the use case decides. */
  readonly roles: readonly Role[] | "anyone";
  /** What a key needs; without one, no key may call. */
  readonly scope?: Scope;
}

const anyone: Rule = { roles: "anyone" };
const user: Rule = { roles: ROLES };
const staff = (scope: Scope): Rule => ({ roles: ["agent", "admin"], scope });
const admin = (scope: Scope): Rule => ({ roles: ["admin"], scope });

/** Every route of the API with its rule: the guards, the OpenAPI security section and the isolation test are made from it. */
export const ACCESS = {
  "GET /health": anyone,
  "GET /health/ready": anyone,
  "GET /.well-known/jwks.json": anyone,
  "POST /webhooks/stripe": anyone,

  "POST /auth/register": anyone,
  "POST /auth/login": anyone,
  "POST /auth/refresh": anyone,
  "POST /auth/logout": user,
  "GET /auth/sessions": user,
  "DELETE /auth/sessions/{id}": user,
  "POST /auth/password/forgot": anyone,
  "POST /auth/password/reset": anyone,
  "POST /auth/email/verify": user,
  "POST /auth/email/resend": user,
  "GET /me": user,
  "PATCH /me": user,
  "DELETE /me": user,
  "GET /me/export": user,
  "GET /users": admin("identity:read"),
  "PATCH /users/{id}": admin("identity:write"),
  "POST /api-keys": admin("identity:write"),
  "GET /api-keys": admin("identity:read"),
  "PATCH /api-keys/{id}": admin("identity:write"),
  "DELETE /api-keys/{id}": admin("identity:write"),
  "GET /audit-log": admin("identity:read"),

  "GET /customers": staff("orders:read"),
  "GET /customers/{id}": staff("orders:read"),
  "GET /customers/{id}/export": admin("identity:write"),
  "DELETE /customers/{id}": admin("identity:write"),

  "GET /admin/invariants": admin("reports:read"),
  "GET /reports/sales": staff("reports:read"),
  "GET /reports/products": staff("reports:read"),
  "GET /reports/stock": staff("reports:read"),
  "GET /webhook-events": admin("webhooks:read"),
  "GET /webhook-events/{id}": admin("webhooks:read"),
  "POST /webhook-events/{id}/replay": admin("webhooks:write"),
  "GET /dead-letters": admin("webhooks:read"),
  "POST /dead-letters/{id}/replay": admin("webhooks:write"),

  "POST /webhook-endpoints": admin("webhooks:write"),
  "GET /webhook-endpoints": admin("webhooks:read"),
  "GET /webhook-endpoints/{id}": admin("webhooks:read"),
  "PATCH /webhook-endpoints/{id}": admin("webhooks:write"),
  "DELETE /webhook-endpoints/{id}": admin("webhooks:write"),
  "POST /webhook-endpoints/{id}/rotate-secret": admin("webhooks:write"),
  "POST /webhook-endpoints/{id}/test": admin("webhooks:write"),
  "GET /webhook-endpoints/{id}/deliveries": admin("webhooks:read"),
  "POST /webhook-deliveries/{id}/redeliver": admin("webhooks:write"),

  "GET /products": { roles: "anyone", scope: "catalog:write" },
  "GET /products/{idOrSlug}": { roles: "anyone", scope: "catalog:write" },
  "POST /products": admin("catalog:write"),
  "PATCH /products/{id}": admin("catalog:write"),
  "DELETE /products/{id}": admin("catalog:write"),
  "POST /products/{id}/variants": admin("catalog:write"),
  "PATCH /variants/{id}": admin("catalog:write"),
  "DELETE /variants/{id}": admin("catalog:write"),
  "POST /products/{id}/images": admin("catalog:write"),
  "PATCH /images/{id}": admin("catalog:write"),
  "DELETE /images/{id}": admin("catalog:write"),
  "GET /images/{key}": anyone,

  "GET /settings/shop": admin("catalog:write"),
  "PUT /settings/shop": admin("catalog:write"),
  "POST /exports/products": admin("catalog:write"),
  "POST /exports/stock": staff("inventory:read"),
  "POST /exports/orders": admin("orders:read"),
  "POST /imports/products": admin("catalog:write"),
  "POST /imports/stock": admin("inventory:write"),
  // What a job is of decides which scope it takes.
  "GET /jobs/{id}": anyone,
  "GET /jobs/{id}/file": anyone,

  "GET /inventory": staff("inventory:read"),
  "GET /inventory/{sku}": staff("inventory:read"),
  "PATCH /inventory/{sku}": admin("inventory:write"),
  "GET /inventory/{sku}/movements": staff("inventory:read"),
  "POST /inventory/{sku}/movements": admin("inventory:write"),
  "POST /reservations": anyone,
  "GET /reservations": staff("inventory:read"),
  "GET /reservations/{id}": anyone,
  "PATCH /reservations/{id}": anyone,
  "DELETE /reservations/{id}": anyone,

  "POST /checkouts": anyone,
  "GET /orders": { roles: ROLES, scope: "orders:read" },
  "GET /orders/{id}": { roles: "anyone", scope: "orders:read" },
  "GET /orders/{id}/events": { roles: "anyone", scope: "orders:read" },
  "POST /orders/{id}/cancel": { roles: "anyone", scope: "orders:write" },
  "POST /orders/{id}/refunds": admin("orders:write"),
  "POST /orders/{id}/fulfillments": admin("orders:write"),
  "POST /orders/{id}/attention/resolve": staff("orders:write"),
  "POST /orders/{id}/receipt": staff("orders:write"),
  "POST /orders/{id}/notes": staff("orders:write"),
  "POST /fulfillments": admin("orders:write"),
  "POST /discounts": admin("discounts:write"),
  "GET /discounts": admin("discounts:read"),
  "GET /discounts/{id}": admin("discounts:read"),
  "PATCH /discounts/{id}": admin("discounts:write"),
} as const satisfies Record<string, Rule>;

export type RouteName = keyof typeof ACCESS;

/** `yes`, or why not: nobody has said who they are, or who they are is not enough. */
export function decideAccess(rule: Rule, actor: Actor): "yes" | "unauthenticated" | "forbidden" {
  if (rule.roles === "anyone") return "yes";
  if (actor.user !== undefined) return rule.roles.includes(actor.user.role) ? "yes" : "forbidden";
  if (actor.scopes === undefined) return "unauthenticated";
  return rule.scope !== undefined && actor.scopes.includes(rule.scope) ? "yes" : "forbidden";
}

/** The account that what the caller makes belongs to; null for guests and programs. */
export function accountOf({ actor }: { readonly actor: Actor }): string | null {
  return actor.user?.accountId ?? null;
}

/** Whether the caller works for the shop: what belongs to all accounts is open to them. */
export function isStaff(actor: Actor, scope: Scope): boolean {
  if (actor.user !== undefined) return actor.user.role !== "customer";
  return actor.scopes?.includes(scope) ?? false;
}
