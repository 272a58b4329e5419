import type * as z from "zod";
import { millisecondsOf, newProductSchema } from "../../catalog/index.ts";
import { newId } from "../../platform/ids.ts";
import { amountOf } from "../../platform/money.ts";
import type { Cells, Judged, Problem } from "./judged.ts";

const ARCHIVED = "archived";

/** Where `POST /products` says what is wrong, and which column that is. */
const COLUMNS: Readonly<Record<string, string>> = {
  "variants.0.sku": "sku",
  "variants.0.title": "variantTitle",
  "variants.0.price.amount": "price",
  "variants.0.price.currency": "currency",
  "variants.0.initialStock": "initialStock",
  "variants.0.requiresShipping": "requiresShipping",
  "variants.0.maxPerOrder": "maxPerOrder",
  "variants.0.maxPerCustomer": "maxPerCustomer",
};

/**
 * Reads a line of products, a variant with its product, by the rules of `POST /products`. Of a column that is not in the
 * file nothing is said. An empty cell is an empty text, no time or no limit, as exports write those; where there is no such
 * thing it says nothing, so that no draft is published by a cell that somebody has left out.
 */
export function judgeVariant(cells: Cells, now: number): Judged {
  const problems: Problem[] = [];
  const refuse = (column: string, message: string) => {
    problems.push({ column, message });
    return undefined;
  };
  const text = (column: string) => cells[column]?.trim() || undefined;
  const number = (column: string) => {
    const cell = text(column);
    if (cell === undefined || /^\d{1,9}$/.test(cell)) return cell && Number(cell);
    return refuse(column, "Must be a whole number.");
  };
  const flag = (column: string) => {
    const cell = text(column)?.toLowerCase();
    if (cell === undefined || cell === "true" || cell === "false") return cell && cell === "true";
    return refuse(column, "Must be true or false.");
  };
  const currency = text("currency")?.toUpperCase() ?? "";
  const amount = amountOf(text("price") ?? "", currency);
  if (amount === undefined) refuse("price", "Must be a price such as 25.00, with a point.");
  const status = text("status");
  const product = {
    title: cells["title"] ?? "",
    slug: cells["slug"]?.trim() ?? "",
    description: cells["description"],
    status: status === ARCHIVED ? undefined : status,
    opensAt: text("opensAt"),
    closesAt: text("closesAt"),
    variants: [
      {
        ...{ sku: cells["sku"] ?? "", title: cells["variantTitle"] ?? "" },
        price: { amount: amount ?? 1000, currency },
        initialStock: number("initialStock"),
        requiresShipping: flag("requiresShipping"),
        maxPerOrder: number("maxPerOrder"),
        maxPerCustomer: number("maxPerCustomer"),
      },
    ],
  };
  const read = newProductSchema.safeParse(product);
  const found = [...problems, ...(read.success ? [] : problemsOf(read.error))];
  if (!read.success || found.length > 0) return { problems: found };
  return { row: stage(read.data, { cells, status, now }) };
}

/** Of each column the first. */
function problemsOf({ issues }: z.ZodError): Problem[] {
  const found = new Map<string, string>();
  for (const { path, message } of issues) {
    const column = COLUMNS[path.join(".")] ?? String(path[0]);
    if (!found.has(column)) found.set(column, message.endsWith(".") ? message : `${message}.`);
  }
  return [...found].map(([column, message]) => ({ column, message }));
}

type Read = z.infer<typeof newProductSchema>;

function stage(
  { slug = "", title, variants: [variant], ...product }: Read,
  { cells, status, now }: { cells: Cells; status: string | undefined; now: number },
) {
  if (variant === undefined) throw new Error("A line is a variant.");
  const said = (column: string, value: string | number | null) =>
    cells[column] === undefined ? {} : { [column]: value };
  const filledIn = (column: string, value: string | number) =>
    cells[column]?.trim() ? { [column]: value } : {};
  const { price, requiresShipping, maxPerOrder, maxPerCustomer, initialStock = 0 } = variant;
  return {
    ...{ slug, sku: variant.sku },
    data: {
      ids: { product: newId("prod", now), variant: newId("var", now) },
      product: {
        title,
        ...said("description", product.description ?? ""),
        ...filledIn("status", status === ARCHIVED ? ARCHIVED : (product.status ?? "active")),
        ...said("opensAt", millisecondsOf(product.opensAt ?? null)),
        ...said("closesAt", millisecondsOf(product.closesAt ?? null)),
      },
      variant: {
        ...{ title: variant.title, amount: price.amount, currency: price.currency },
        ...filledIn("requiresShipping", requiresShipping ? 1 : 0),
        ...filledIn("maxPerOrder", maxPerOrder),
        ...said("maxPerCustomer", maxPerCustomer),
      },
      ...(cells["initialStock"]?.trim() ? { initialStock } : {}),
    },
  };
}
