import type { Mutant } from "../mutant.ts";

const ACCESS_TABLE = "test/identity/access-table.test.ts";
const ISOLATION = "test/identity/isolation.mass.test.ts";
const WHO =
  "opens to guests, customers and agents these routes, and every other one to admins alone";
const SCOPE = "wants of a key the scope of the thing, to read it or to write it";

const ruled = (route: string, rule: string, becomes: string, name: string): Mutant => ({
  name,
  change: [`"${route}": ${rule},`, `"${route}": ${becomes},`],
  dies: ACCESS_TABLE,
  by: becomes.includes("tickets") ? SCOPE : WHO,
});

const admins = ([route, scope]: readonly [string, string]): Mutant[] => [
  ruled(route, `admin("${scope}")`, `staff("${scope}")`, `agents may call ${route}`),
  ruled(route, `admin("${scope}")`, `admin("tickets:read")`, `another scope opens ${route}`),
];

const STAFF = [
  ...["GET /inventory", "GET /inventory/{sku}", "GET /inventory/{sku}/movements"],
  "GET /reservations",
].flatMap((route) => [
  ruled(route, `staff("inventory:read")`, "user", `customers may call ${route}`),
  ruled(route, `staff("inventory:read")`, `staff("tickets:read")`, `another scope opens ${route}`),
]);

const CUSTOMERS = ["GET /customers", "GET /customers/{id}"].flatMap((route) => [
  ruled(route, `staff("orders:read")`, "user", `customers may call ${route}`),
  ruled(route, `staff("orders:read")`, `staff("tickets:read")`, `another scope opens ${route}`),
]);

const SETTLING = [
  "POST /orders/{id}/attention/resolve",
  "POST /orders/{id}/receipt",
  "POST /orders/{id}/notes",
].flatMap((route) =>
  [
    ["user", "customers may call"],
    [`admin("orders:write")`, "agents may not call"],
    [`staff("tickets:read")`, "another scope opens"],
  ].map(([becomes = "", words = ""]) =>
    ruled(route, `staff("orders:write")`, becomes, `${words} ${route}`),
  ),
);

/** Drafts are for whoever may write them. */
const DRAFTS = ["GET /products", "GET /products/{idOrSlug}"].flatMap((route) => {
  const rule = `{ roles: "anyone", scope: "catalog:write" }`;
  const other = `{ roles: "anyone", scope: "tickets:read" }`;
  return [
    ruled(route, rule, other, `another scope opens ${route}`),
    ruled(route, rule, "user", `only who is signed in may call ${route}`),
  ];
});

const USERS = [
  ...["POST /auth/logout", "GET /auth/sessions", "DELETE /auth/sessions/{id}"],
  ...["POST /auth/email/verify", "POST /auth/email/resend", "GET /me", "PATCH /me"],
  ...["DELETE /me", "GET /me/export"],
].map((route) => ruled(route, "user", "anyone", `nobody in particular may call ${route}`));

const GUESTS = [
  ...["GET /health", "POST /webhooks/stripe", "POST /auth/login", "POST /auth/refresh"],
  ...["POST /auth/password/reset", "POST /reservations", "POST /checkouts"],
  ...["GET /reservations/{id}", "PATCH /reservations/{id}", "DELETE /reservations/{id}"],
].map((route) => ruled(route, "anyone", "user", `only who is signed in may call ${route}`));

const ORDERS = (["read", "write"] as const).flatMap((verb) => {
  const routes = {
    read: ["GET /orders/{id}", "GET /orders/{id}/events"],
    write: ["POST /orders/{id}/cancel"],
  };
  const rule = `{ roles: "anyone", scope: "orders:${verb}" }`;
  const other = `{ roles: "anyone", scope: "tickets:read" }`;
  return routes[verb].map((route) => ruled(route, rule, other, `another scope opens ${route}`));
});

const ROUTES: readonly Mutant[] = [
  ...(
    [
      ["GET /users", "identity:read"],
      ["PATCH /users/{id}", "identity:write"],
      ["POST /api-keys", "identity:write"],
      ["GET /api-keys", "identity:read"],
      ["PATCH /api-keys/{id}", "identity:write"],
      ["DELETE /api-keys/{id}", "identity:write"],
      ["GET /audit-log", "identity:read"],
      ["GET /customers/{id}/export", "identity:write"],
      ["DELETE /customers/{id}", "identity:write"],
      ["GET /admin/invariants", "reports:read"],
      ["GET /webhook-events", "webhooks:read"],
      ["GET /webhook-events/{id}", "webhooks:read"],
      ["POST /webhook-events/{id}/replay", "webhooks:write"],
      ["GET /dead-letters", "webhooks:read"],
      ["POST /dead-letters/{id}/replay", "webhooks:write"],
      ["POST /products", "catalog:write"],
      ["GET /settings/shop", "catalog:write"],
      ["PUT /settings/shop", "catalog:write"],
      ["PATCH /inventory/{sku}", "inventory:write"],
      ["POST /inventory/{sku}/movements", "inventory:write"],
      ["POST /orders/{id}/refunds", "orders:write"],
      ["POST /orders/{id}/fulfillments", "orders:write"],
      ["POST /fulfillments", "orders:write"],
      ["POST /discounts", "discounts:write"],
      ["GET /discounts", "discounts:read"],
      ["GET /discounts/{id}", "discounts:read"],
      ["PATCH /discounts/{id}", "discounts:write"],
    ] as const
  ).flatMap(admins),
  ...STAFF,
  ...CUSTOMERS,
  ...SETTLING,
  ...DRAFTS,
  ...USERS,
  ...GUESTS,
  ...ORDERS,
  {
    name: "agents read no orders",
    change: [`"GET /orders": { roles: ROLES,`, `"GET /orders": { roles: ["admin"],`],
    dies: ACCESS_TABLE,
    by: WHO,
  },
];

const ASKED = "every route answers what the table of access says";

/** What the rules mean. */
const DECISIONS: readonly Mutant[] = [
  {
    name: "every user has every role",
    change: [`return rule.roles.includes(actor.user.role) ? "yes" : "forbidden";`, `return "yes";`],
    dies: ISOLATION,
    by: `As a customer of another account > ${ASKED}`,
  },
  {
    name: "every key has every scope",
    change: [
      "rule.scope !== undefined && actor.scopes.includes(rule.scope)",
      "rule.scope !== undefined",
    ],
    dies: ISOLATION,
    by: `As a key with every scope but the one it needs > ${ASKED}`,
  },
  {
    name: "a key may call what needs no scope",
    change: [
      "rule.scope !== undefined && actor.scopes.includes(rule.scope)",
      "rule.scope === undefined || actor.scopes.includes(rule.scope)",
    ],
    dies: ACCESS_TABLE,
    by: "lets a key call what names its scope, and of what names none only what is for anyone",
  },
  {
    name: "whoever says nothing is told that it is not enough",
    change: [
      `if (actor.scopes === undefined) return "unauthenticated";`,
      `if (actor.scopes === undefined) return "forbidden";`,
    ],
    dies: ISOLATION,
    by: `As nobody in particular > ${ASKED}`,
  },
  {
    name: "a route without a rule starts",
    change: [
      "if (rule === undefined) throw new Error(`${name} has no rule in platform/access.ts`);\n  return rule;",
      `return rule ?? { roles: "anyone" };`,
    ],
    dies: ACCESS_TABLE,
    by: "keeps a route without a line from starting",
  },
  {
    name: "the guard of a route lets those in who have not said who they are",
    change: [`if (decision === "unauthenticated") throw unauthenticated();`, ""],
    dies: ISOLATION,
    by: `As nobody in particular > ${ASKED}`,
  },
  {
    name: "the guard of a route lets those in for whom it is not",
    change: [
      `if (decision === "forbidden")`,
      `if (decision === "forbidden" && c.req.method === "TRACE")`,
    ],
    dies: ISOLATION,
    by: `As a customer of another account > ${ASKED}`,
  },
  {
    name: "customers are staff",
    change: [`return actor.user.role !== "customer";`, "return true;"],
    dies: ACCESS_TABLE,
    by: "takes for staff whoever is no customer, and a key by its scope",
  },
  {
    name: "every key is staff",
    change: [
      "return actor.scopes?.includes(scope) ?? false;",
      "return actor.scopes !== undefined;",
    ],
    dies: ACCESS_TABLE,
    by: "takes for staff whoever is no customer, and a key by its scope",
  },
  {
    name: "guests are staff",
    change: [
      "return actor.scopes?.includes(scope) ?? false;",
      "return actor.scopes?.includes(scope) ?? true;",
    ],
    dies: ACCESS_TABLE,
    by: "takes for staff whoever is no customer, and a key by its scope",
  },
  {
    name: "what a user makes belongs to nobody",
    change: ["return actor.user?.accountId ?? null;", "return null;"],
    dies: "test/identity/accounts.test.ts",
    by: "can be checked out only by its account, and the refusal says nothing",
  },
];

/** Who may call what: the table is made into guards, documents and tests, so that a slip in it is one that they follow. */
export const ACCESS: readonly Mutant[] = [...ROUTES, ...DECISIONS];
