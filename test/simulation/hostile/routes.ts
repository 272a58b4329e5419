import type { Random, World } from "../world/index.ts";
import { appOf } from "../world/process.ts";
import { type Sampling, type Schema, sampleBody } from "./sample-body.ts";

export interface Route {
  readonly method: string;
  /** As the app has it: `/api/v1/orders/:id`. */
  readonly path: string;
  /** Undefined for pages, and for what takes no body. */
  readonly body: Schema | undefined;
}

export interface RouteTable {
  readonly routes: readonly Route[];
  readonly schemas: Readonly<Record<string, Schema>>;
}

interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly requestBody?: {
              readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
            };
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Every route of the app: its own list, with what the OpenAPI document says of their bodies. */
export async function readRoutes(world: World): Promise<RouteTable> {
  const app = appOf(0, world.process());
  const document = (await world.request("GET", "/openapi.json"))?.body as OpenApi;
  const routes = new Map<string, Route>();
  for (const { method, path } of app.routes) {
    if (method === "ALL" || path.includes("*")) continue;
    const documented = path.replaceAll(/:(\w+)/g, "{$1}");
    const operation = document.paths[documented]?.[method.toLowerCase()];
    const body = operation?.requestBody?.content["application/json"]?.schema;
    routes.set(`${method} ${path}`, { method, path, body });
  }
  return { routes: [...routes.values()], schemas: document.components.schemas };
}

/** What the thing is called by that stands behind a folder of an address. */
const PREFIXES: Readonly<Record<string, string>> = {
  orders: "ord",
  reservations: "rsv",
  users: "usr",
  customers: "cus",
  "api-keys": "key",
  sessions: "ses",
  discounts: "dsc",
  products: "prod",
  variants: "var",
  images: "img",
  "webhook-events": "whe",
  "dead-letters": "obx",
};
/** How often something of another kind stands there. */
const ODD = 0.1;

/** What a caller knows. */
export interface Known {
  readonly random: Random;
  /** One that starts so, or any. */
  idOf(prefix: string | undefined): string;
  sku(): string;
  /** E-mail addresses, their own and others'. */
  addresses(): readonly string[];
}

export function fillPath(path: string, known: Known): string {
  const parts = path.split("/");
  const filled = parts.map((part, i) => {
    if (!part.startsWith(":")) return part;
    if (part === ":sku") return known.sku();
    const odd = known.random.chance(ODD);
    return known.idOf(odd ? undefined : PREFIXES[parts[i - 1] ?? ""]);
  });
  return filled.map((part) => part.replaceAll(" ", "%20")).join("/");
}

/** What somebody looks for in a list, whose ever it is: by words, or by what a filter takes. */
export function searchIn(path: string, known: Known): string {
  if (path !== "/api/v1/orders" || known.random.chance(0.4)) return "";
  const asked = known.random.pick(["q", "email", "number", "sku", "attention"]) ?? "q";
  const words = ["any", "example", "ada", "10", "1001", "1002", "1003", known.sku()];
  const word = known.random.pick([...words, ...known.addresses()]) ?? "any";
  return `?${asked}=${encodeURIComponent(word)}`;
}

/** All that the forms of the pages ask for; each takes what it knows. */
const FORM_FIELDS = [
  ...[
    "email",
    "name",
    "password",
    "currentPassword",
    "token",
    "line1",
    "postalCode",
    "city",
    "country",
  ],
  ...["discountCode", "variant", "quantity", "key", "next"],
];

export function formBody(named: (name: string) => unknown): string {
  const fields = FORM_FIELDS.map((name) => [name, textOf(named(name))]);
  return new URLSearchParams(fields).toString();
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function jsonBody({ body }: Route, sampling: Sampling): unknown {
  return body === undefined ? undefined : sampleBody(body, sampling);
}
