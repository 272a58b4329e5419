import { type Schema, validate } from "@cfworker/json-schema";
import fc from "fast-check";
import { type OpenApi, referencesOf } from "./contract.ts";

/** More than this many of a list say nothing new. */
const MANY = 3;
const UNBOUNDED_CHARS = 300;
/** What fields say of each other is found by trying. */
const MOST_IN_VAIN = 5000;

/** Whatever the document allows here: nothing but its own words says what that is. */
export function fromSchema(document: OpenApi, schema: Schema): fc.Arbitrary<unknown> {
  const references = referencesOf(document, schema);
  let vain = 0;
  return shapeOf(document, schema).filter((value) => {
    const { valid, errors } = validate(value, schema, "2020-12", references);
    vain = valid ? 0 : vain + 1;
    if (vain > MOST_IN_VAIN)
      throw new Error(`The document allows nothing here: ${JSON.stringify(errors.at(-1))}`);
    return valid;
  });
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

function strings(schema: Schema): fc.Arbitrary<string> {
  const { pattern } = schema;
  const made = madeFor(schema);
  if (pattern === undefined) return made;
  const wanted = new RegExp(pattern, "u");
  return made.filter((text) => wanted.test(text));
}

function madeFor({
  pattern,
  format,
  minLength = 0,
  maxLength = UNBOUNDED_CHARS,
}: Schema): fc.Arbitrary<string> {
  if (format === "email") return EMAILS;
  if (format === "uri") return fc.oneof(fc.webUrl({ withQueryParameters: true }), WEB_ADDRESSES);
  if (format === "date-time") return MOMENTS;
  if (format === "date") return MOMENTS.map((moment) => moment.slice(0, "2026-11-20".length));
  // What is of any script is not made from its pattern, but held against it.
  if (pattern !== undefined && !pattern.includes("\\p{"))
    return fc.stringMatching(new RegExp(pattern), { maxLength });
  // The length of a text is counted in UTF-16 units here, and in characters there.
  const units = Math.max(1, Math.floor(maxLength / 2));
  const texts = fc.oneof(
    fc.string({ minLength, maxLength }),
    fc.string({ unit: "binary", minLength: Math.min(minLength, units), maxLength: units }),
    fc.constantFrom("x".repeat(minLength), "x".repeat(maxLength)),
  );
  return minLength === 0 || pattern !== undefined
    ? texts
    : texts.filter((text) => /\p{L}/u.test(text));
}

const EMAILS = fc.oneof(
  fc.stringMatching(/^[a-z0-9][a-z0-9_+.-]{0,20}[a-z0-9]@[a-z0-9]{1,20}\.(com|test|CO)$/),
  fc.constantFrom("ADA@EXAMPLE.COM", "o'neill+x@a-b.example.org", "a@b.co"),
);
const WEB_ADDRESSES = fc.constantFrom(
  "HTTPS://A.test",
  "http://localhost:8787/x?y=%20#z",
  "https://a.test/@me?to=b@c.test",
  "https://shop.test/{ORDER_ID}",
);
const MOMENTS = fc
  .date({ noInvalidDate: true, min: new Date("2000-01-01"), max: new Date("2200-01-01") })
  .map((date) => date.toISOString());
