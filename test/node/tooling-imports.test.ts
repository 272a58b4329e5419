import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { checkImports } from "../../scripts/check-imports.ts";

const repository = resolve(import.meta.dirname, "../..");
const trees: string[] = [];

/** A repository that holds only these files, and this repository's packages. */
function plant(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "holdfast-imports-"));
  trees.push(root);
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  symlinkSync(join(repository, "package.json"), join(root, "package.json"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

afterEach(() => {
  for (const root of trees.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A small shop whose every import is allowed. */
const sound = {
  "src/index.ts": `import { app } from "./app.ts"; export default app;`,
  "src/app.ts": `import { Hono } from "hono"; import { routes } from "./orders/routes.ts"; import { home } from "./pages/index.ts"; import { pay } from "./checkout/index.ts"; export const app = new Hono().route("/", routes); home(); pay();`,
  "src/pages/index.ts": `import { Hono } from "hono"; import { productName } from "../catalog/index.ts"; export const home = () => [new Hono(), productName];`,
  "src/checkout/index.ts": `export { pay } from "./pay-order.ts";`,
  "src/checkout/pay-order.ts": `import { charge } from "../payments/index.ts"; import type { Order } from "../orders/index.ts"; export const pay = (order?: Order) => charge(order);`,
  "src/payments/index.ts": `export { charge } from "./stripe.ts";`,
  "src/payments/stripe.ts": `import Stripe from "stripe"; export const charge = (order: unknown) => [order, Stripe];`,
  "src/orders/index.ts": `export type { Order } from "./store.ts";`,
  "src/orders/routes.ts": `import { createRoute } from "@hono/zod-openapi"; import { Hono } from "hono"; export const routes = new Hono(); export const route = createRoute;`,
  "src/orders/schema.ts": `import { sqliteTable } from "drizzle-orm/sqlite-core"; import { products } from "../catalog/schema.ts"; export const orders = [sqliteTable, products];`,
  "src/orders/store.ts": `import { eq } from "drizzle-orm"; import { orders } from "./schema.ts"; import { products } from "../catalog/schema.ts"; export type Order = typeof orders; export const all = [eq, products];`,
  "src/notifications/index.ts": `export { receipt } from "./mails/receipt.ts";`,
  "src/notifications/mails/receipt.ts": `import type { Order } from "../../orders/index.ts"; import { frame } from "../letter/frame.ts"; export const receipt = (order?: Order) => [order, frame];`,
  "src/notifications/letter/frame.ts": `import type { Mail } from "../mail.ts"; export const frame = (mail?: Mail) => mail;`,
  "src/notifications/mail.ts": "export type Mail = string;",
  "src/catalog/index.ts": `export { productName } from "./store.ts";`,
  "src/catalog/schema.ts": `import { sqliteTable } from "drizzle-orm/sqlite-core"; export const products = sqliteTable;`,
  "src/catalog/store.ts": `import { db } from "../platform/db.ts"; import { products } from "./schema.ts"; export const productName = [db, products];`,
  "src/platform/db.ts": `import { drizzle } from "drizzle-orm/d1"; export const db = drizzle;`,
};

describe("the import rule", () => {
  it("allows the layout of the house", async () => {
    const report = await checkImports(plant(sound));
    expect(report).toMatchObject({ modules: Object.keys(sound).length, violations: [] });
  });

  it.each([
    ["direction-of-platform", "src/platform/db.ts", `import "../catalog/index.ts";`],
    ["direction-of-catalog", "src/catalog/a.ts", `import "../inventory/index.ts";`],
    ["direction-of-inventory", "src/inventory/a.ts", `import "../orders/index.ts";`],
    ["direction-of-orders", "src/orders/a.ts", `import "../checkout/index.ts";`],
    ["direction-of-orders", "src/orders/a.ts", `import type { T } from "../tickets/index.ts";`],
    ["direction-of-tickets", "src/tickets/a.ts", `import "../checkout/index.ts";`],
    ["direction-of-checkout", "src/checkout/a.ts", `import "../notifications/index.ts";`],
    ["direction-of-payments", "src/payments/a.ts", `import "../orders/index.ts";`],
    ["direction-of-identity", "src/identity/a.ts", `import "../orders/index.ts";`],
    ["direction-of-notifications", "src/notifications/a.ts", `import "../checkout/index.ts";`],
    ["direction-of-orders", "src/orders/a.ts", `import "../notifications/index.ts";`],
    ["direction-of-webhooks", "src/webhooks/a.ts", `import "../payments/index.ts";`],
    ["direction-of-pages", "src/pages/a.ts", `import "../app.ts";`],
    [
      "room-checkout-refunds",
      "src/checkout/refunds/a.ts",
      `import type { T } from "../settling/b.ts";`,
    ],
    ["room-checkout-refunds", "src/checkout/refunds/a.ts", `import "../routes.ts";`],
    ["room-notifications-letter", "src/notifications/letter/a.ts", `import "../mails/receipt.ts";`],
    ["ground-of-checkout", "src/checkout/step.ts", `import "./refunds/c.ts";`],
    ["ground-of-checkout", "src/checkout/step.ts", `import "./routes.ts";`],
    ["unknown-room", "src/checkout/a.ts", `import "./odds/d.ts";`],
    ["feature-door", "src/checkout/a.ts", `import "../orders/store.ts";`],
    ["feature-door", "src/checkout/a.ts", `import "../orders/schema.ts";`],
    ["feature-door-for-stores", "src/orders/store.ts", `import "../catalog/store.ts";`],
    ["entry-door", "src/jobs.ts", `import "./orders/store.ts";`],
    ["unknown-folder", "src/jobs.ts", `import "./utils/strings.ts";`],
    ["drizzle-in-stores", "src/orders/a.ts", `import type { SQL } from "drizzle-orm";`],
    ["drizzle-in-stores", "src/app.ts", `export * from "drizzle-orm/sqlite-core";`],
    ["stripe-in-payments", "src/checkout/a.ts", `import type Stripe from "stripe";`],
    ["resend-in-notifications", "src/payments/a.ts", `import { Resend } from "resend";`],
    ["no-hono-in-use-cases", "src/orders/pay-order.ts", `import { Hono } from "hono";`],
    [
      "no-hono-in-use-cases",
      "src/orders/a.ts",
      `import { HTTPException } from "hono/http-exception";`,
    ],
    ["no-hono-in-use-cases", "src/orders/a.ts", `import { z } from "@hono/zod-openapi";`],
    ["no-development-dependency", "src/orders/a.ts", `import "fast-check";`],
    ["nothing-outside-src", "src/orders/a.ts", `import "../../test/support/x.ts";`],
    ["nothing-outside-src", "src/orders/a.ts", `import "../../scripts/x.ts";`],
    ["nothing-outside-src", "src/orders/a.ts", `import "../../emulators/stripe/x.ts";`],
    ["no-cycle", "src/orders/a.ts", `import "./b.ts";`],
    ["no-orphan", "src/orders/a.ts", "export const a = 1;"],
    ["resolvable", "src/orders/a.ts", `import "./nowhere.ts";`],
  ])("fires %s on %s: %s", async (rule, path, content) => {
    const root = plant({
      "src/inventory/index.ts": "export {};",
      "src/tickets/index.ts": "export type T = string;",
      "src/utils/strings.ts": "export {};",
      "src/orders/b.ts": `import "./a.ts";`,
      "src/checkout/routes.ts": "export {};",
      "src/checkout/settling/b.ts": "export type T = string;",
      "src/checkout/refunds/c.ts": "export {};",
      "src/checkout/odds/d.ts": "export {};",
      "test/support/x.ts": "export {};",
      "scripts/x.ts": "export {};",
      "emulators/stripe/x.ts": "export {};",
      ...sound,
      ...(rule === "no-orphan" ? { "src/orders/b.ts": "export {};" } : {}),
      [path]: content,
    });
    const { violations } = await checkImports(root);
    expect(violations.filter((line) => line.startsWith(`${rule}: ${path}`))).not.toEqual([]);
  });

  it("draws who stands on whom, without the arrows that others imply", async () => {
    const { picture } = await checkImports(
      plant({
        ...sound,
        "src/checkout/index.ts": `export { pay } from "./settling/pay.ts";`,
        "src/checkout/settling/pay.ts": `export { pay } from "../refunds/pay.ts"; import "../../catalog/index.ts";`,
        "src/checkout/refunds/pay.ts": `export { pay } from "../../checkout/pay-order.ts";`,
      }),
    );
    expect(picture.split("\n")).toEqual([
      "flowchart TD",
      "  subgraph pages",
      "  end",
      "  subgraph checkout",
      "    checkout/settling --> checkout/refunds",
      "  end",
      "  subgraph notifications",
      "    notifications/mails --> notifications/letter",
      "  end",
      "  subgraph identity",
      "  end",
      "  catalog --> platform",
      "  checkout --> orders",
      "  checkout --> payments",
      "  notifications --> orders",
      "  orders --> catalog",
      "  pages --> catalog",
    ]);
  });

  it("fails when src holds no modules", async () => {
    await expect(checkImports(plant({ "src/readme.md": "" }))).rejects.toThrow("no modules");
    await expect(checkImports(plant({}))).rejects.toThrow("no modules");
  });
});
