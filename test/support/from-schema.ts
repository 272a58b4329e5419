import { type Schema, validate } from "@cfworker/json-schema";
import fc from "fast-check";
import { type OpenApi, referencesOf } from "./contract.ts";

/** More than this many of a list say nothing new. */
const MANY = 3;
const UNBOUNDED_CHARS = 300;

/** Whatever the document allows here: nothing but its own words says what that is. */
export function fromSchema(document: OpenApi, schema: Schema): fc.Arbitrary<unknown> {
  const references = referencesOf(document, schema);
  return shapeOf(document, schema).filter(
    (value) => validate(value, schema, "2020-12", references).valid,
  );
}

function shapeOf(document: OpenApi, schema: Schema): fc.Arbitrary<unknown> {
  const { $ref, anyOf, enum: words, type } = schema;
  const shape = (part: Schema) => shapeOf(document, part);
  if ($ref !== undefined) {
    const found = document.components.schemas[$ref.replace("#/components/schemas/", "")];
    if (found === undefined) throw new Error(`${$ref} leads nowhere`);
    return shape(found);
  }
  if (anyOf !== undefined) return fc.oneof(...anyOf.map(shape));
  if (words !== undefined) return fc.constantFrom(...words);
  if (Array.isArray(type)) return fc.oneof(...type.map((one) => shape({ ...schema, type: one })));
  switch (type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return integers(schema);
    case "string":
      return strings(schema);
    case "array": {
      const { items, minItems: minLength = 0, maxItems = MANY } = schema;
      if (typeof items !== "object" || Array.isArray(items)) throw new Error("A list of what?");
      return fc.array(shape(items), { minLength, maxLength: Math.min(maxItems, MANY) });
    }
    case "object":
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([name, part]) => [
            name,
            shape(asSchema(part)),
          ]),
        ),
        { requiredKeys: schema.required ?? [] },
      );
    default:
      throw new Error(`The document does not say what this is: ${JSON.stringify(schema)}`);
  }
}

function asSchema(part: Schema | boolean): Schema {
  if (typeof part === "boolean") throw new Error("Anything at all is no contract");
  return part;
}

function integers({
  minimum: min = Number.MIN_SAFE_INTEGER,
  maximum: max = Number.MAX_SAFE_INTEGER,
}: Schema): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }));
}

function strings({
  pattern,
  format,
  minLength = 0,
  maxLength = UNBOUNDED_CHARS,
}: Schema): fc.Arbitrary<string> {
  const any = fc.oneof(
    fc.string({ minLength, maxLength }),
    fc.string({ unit: "binary", minLength, maxLength: Math.floor(maxLength / 2) || maxLength }),
    fc.nat({ max: maxLength - minLength }).map((more) => "x".repeat(minLength + more)),
  );
  if (format === "email") return fc.oneof(fc.emailAddress(), fc.emailAddress().map(shouted));
  if (format === "uri") return fc.oneof(fc.webUrl({ withQueryParameters: true }), webAddresses);
  if (format === "date-time")
    return fc.date({ noInvalidDate: true, ...CENTURIES }).map((date) => date.toISOString());
  return pattern === undefined || pattern.includes("\\p{") ? any : matching(pattern, maxLength);
}

const shouted = (text: string) => text.toUpperCase();
const webAddresses = fc.constantFrom(
  "HTTPS://A.test",
  "http://localhost:8787/x?y=%20#z",
  "https://a.test/@me?to=b@c.test",
  "https://shop.test/{ORDER_ID}",
);
const CENTURIES = { min: new Date("2000-01-01"), max: new Date("2200-01-01") };

function matching(pattern: string, maxLength: number): fc.Arbitrary<string> {
  return fc.stringMatching(new RegExp(pattern), { maxLength });
}
