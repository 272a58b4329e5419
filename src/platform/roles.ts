export const ROLES = ["customer", "agent", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** What an API key may be good for. */
export const SCOPES = [
  "catalog:write",
  "inventory:read",
  "inventory:write",
  "orders:read",
  "orders:write",
  "discounts:read",
  "discounts:write",
  "identity:read",
  "identity:write",
  "webhooks:read",
  "webhooks:write",
  "tickets:read",
  "tickets:write",
  "reports:read",
] as const;
export type Scope = (typeof SCOPES)[number];
