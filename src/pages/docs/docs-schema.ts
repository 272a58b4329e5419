import type { ApiDocument, SchemaNode } from "./docs-model.ts";

const MAX_DEPTH = 4;
const REFERENCE = "#/components/schemas/";

export interface FieldRow {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly about: string;
}

/** Follows a reference into the document. */
function resolve(document: ApiDocument, node: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node;
  return document.components.schemas[node.$ref.replace(REFERENCE, "")] ?? {};
}

/** Every field of an object, the inner ones too, each with its whole path. */
export function fieldRows(
  document: ApiDocument,
  node: SchemaNode,
  prefix = "",
  depth = 0,
): FieldRow[] {
  const { properties = {}, required = [] } = resolve(document, node);
  return Object.entries(properties).flatMap(([key, value]) => {
    const field = resolve(document, value);
    const name = prefix + key;
    const row = {
      name,
      type: typeWords(document, value),
      required: required.includes(key),
      about: field.description ?? "",
    };
    if (depth >= MAX_DEPTH) return [row];
    const inner =
      field.items === undefined
        ? { node: field, prefix: `${name}.` }
        : { node: field.items, prefix: `${name}[].` };
    return [row, ...fieldRows(document, inner.node, inner.prefix, depth + 1)];
  });
}

/** "integer", "string or null", "one of held, committed". */
export function typeWords(document: ApiDocument, node: SchemaNode): string {
  const known = resolve(document, node);
  if (known.const !== undefined) return JSON.stringify(known.const);
  if (known.enum !== undefined) return `one of ${known.enum.join(", ")}`;
  if (known.anyOf !== undefined)
    return known.anyOf.map((one) => typeWords(document, one)).join(" or ");
  if (known.items !== undefined) return `list of ${typeWords(document, known.items)}`;
  const types = typeof known.type === "string" ? [known.type] : (known.type ?? ["anything"]);
  const words = types.join(" or ");
  return known.format === undefined ? words : `${words} (${known.format})`;
}

/** A value that fits, for an example. */
export function exampleOf(document: ApiDocument, node: SchemaNode, name = "", depth = 0): unknown {
  const known = resolve(document, node);
  if (known.example !== undefined) return known.example;
  if (known.const !== undefined) return known.const;
  if (known.enum !== undefined) return known.enum[0];
  if (known.items !== undefined) return [exampleOf(document, known.items, name, depth + 1)];
  if (known.properties !== undefined) {
    const { properties, required = [] } = known;
    // A checkout takes a reservation or items, never both.
    const either = "reservationId" in properties ? "items" : "";
    const shown = Object.entries(properties).filter(
      ([key]) => required.includes(key) || (depth === 0 && key !== either),
    );
    return Object.fromEntries(
      shown.map(([key, value]) => [key, exampleOf(document, value, key, depth + 1)]),
    );
  }
  return simpleExample(known, name);
}

const BY_NAME: Readonly<Record<string, unknown>> = {
  sku: "TIDE-MUG-RUST",
  slug: "tide-mug",
  title: "Tide Mug",
  reservationId: "rsv_01k…",
  successUrl: "https://your.shop/thanks",
  cancelUrl: "https://your.shop/cart",
  name: "Ada Lovelace",
  line1: "12 Harbour Street",
  city: "Hamburg",
  postalCode: "20457",
  reason: "A delivery",
  amount: 2500,
};

function simpleExample({ type, format, minimum }: SchemaNode, name: string): unknown {
  if (name in BY_NAME) return BY_NAME[name];
  if (format === "email") return "ada@example.com";
  if (format === "date-time") return "2026-11-20T12:00:00.000Z";
  if (type === "integer" || type === "number") return Math.max(1, minimum ?? 1);
  return type === "boolean" ? true : "text";
}
