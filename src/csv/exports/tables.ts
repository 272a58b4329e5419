import { listProducts, type Product, productFilterSchema } from "../../catalog/index.ts";
import { type Level, levelFilterSchema, listLevels } from "../../inventory/index.ts";
import { listOrders, type Order, orderFilterSchema } from "../../orders/index.ts";
import type { Page } from "../../platform/http/pagination.ts";
import { decimalOf } from "../../platform/money.ts";
import type { CsvContext } from "../context.ts";
import type { ExportKind } from "../job.ts";

type Rows = readonly (readonly string[])[];
interface Part {
  readonly cursor: string | undefined;
  readonly pageSize: number;
}

/** What is exported, and how the list of it is read on. */
interface Table {
  readonly columns: readonly string[];
  /** A page of the list with this filter, as it was sent; a thing of it may be several lines. */
  read(
    ctx: CsvContext,
    filter: unknown,
    part: Part,
  ): Promise<{ readonly rows: Rows; readonly nextCursor: string | null }>;
}

/** Products a step: with all that they may have, they are some MiB. */
const MAX_PRODUCTS = 100;
/** Characters of descriptions a step, which stand on each line of a product. */
const MAX_DESCRIBED = 1024 * 1024;

/** How many of these products, one at least, a step may write. */
export function fitting(products: readonly Pick<Product, "description" | "variants">[]): number {
  let described = 0;
  const over = products.findIndex(({ description, variants }) => {
    described += description.length * variants.length;
    return described > MAX_DESCRIBED;
  });
  return over === -1 ? products.length : Math.max(over, 1);
}

const linesOf = <Item>({ items, nextCursor }: Page<Item>, lines: (item: Item) => Rows) => ({
  rows: items.flatMap(lines),
  nextCursor,
});

/** A line a variant that is offered; what is the product's is said on each of them. */
function productLines({ variants, ...product }: Product): Rows {
  const { slug, title, description, status, opensAt, closesAt } = product;
  return variants.map((variant) => [
    ...[slug, title, description, status, opensAt ?? "", closesAt ?? ""],
    ...[variant.sku, variant.title, decimalOf(variant.price), variant.price.currency],
    ...[String(variant.requiresShipping), String(variant.maxPerOrder)],
    variant.maxPerCustomer === null ? "" : String(variant.maxPerCustomer),
  ]);
}

function levelLine({ sku, onHand, reserved, available, lowStockThreshold }: Level) {
  return [sku, ...[onHand, onHand, reserved, available, lowStockThreshold].map(String)];
}

function orderLine(order: Order): readonly string[] {
  const { items, shippingAddress: to, subtotal, discount, shipping, tax, total, refunded } = order;
  return [
    ...[String(order.number), order.id, order.createdAt],
    ...[order.status, order.paymentStatus, order.fulfillmentStatus],
    ...[order.attention?.reason ?? "", order.email ?? "", order.discountCode ?? ""],
    total.currency,
    ...[subtotal, discount, shipping, tax, total, refunded].map(decimalOf),
    String(items.reduce((sum, { quantity }) => sum + quantity, 0)),
    items.map(({ sku, quantity }) => `${quantity} x ${sku}`).join("; "),
    ...[to?.name, to?.line1, to?.line2, to?.postalCode, to?.city, to?.region, to?.country].map(
      (part) => part ?? "",
    ),
  ];
}

export const TABLES: Readonly<Record<ExportKind, Table>> = {
  products: {
    columns: [
      ...["slug", "title", "description", "status", "opensAt", "closesAt"],
      ...["sku", "variantTitle", "price", "currency"],
      ...["requiresShipping", "maxPerOrder", "maxPerCustomer"],
    ],
    read: async (ctx, filter, { cursor, pageSize }) => {
      const { q, status, sort } = productFilterSchema.parse(filter);
      // Of what is found, the index has all in the order of their creation alone.
      const wanted = { q, status, sort: q ? "newest" : sort } as const;
      const list = (size: number) => listProducts(ctx, { ...wanted, cursor, pageSize: size });
      const page = await list(Math.min(pageSize, MAX_PRODUCTS));
      const some = fitting(page.items);
      return linesOf(some === page.items.length ? page : await list(some), productLines);
    },
  },
  stock: {
    columns: ["sku", "onHand", "onHandWas", "reserved", "available", "lowStockThreshold"],
    read: async (ctx, filter, part) => {
      const { lowStock } = levelFilterSchema.parse(filter);
      const page = await listLevels(ctx, { ...part, lowStock: lowStock === "true" });
      return linesOf(page, (level) => [levelLine(level)]);
    },
  },
  orders: {
    columns: [
      ...["number", "id", "createdAt", "status", "paymentStatus", "fulfillmentStatus"],
      ...["attention", "email", "discountCode", "currency"],
      ...["subtotal", "discount", "shipping", "tax", "total", "refunded", "units", "items"],
      ...["name", "line1", "line2", "postalCode", "city", "region", "country"],
    ],
    read: async (ctx, filter, part) =>
      linesOf(await listOrders(ctx, { ...orderFilterSchema.parse(filter), ...part }), (order) => [
        orderLine(order),
      ]),
  },
};
