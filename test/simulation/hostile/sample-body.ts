import type { Random } from "../world/index.ts";

/** As much of JSON Schema as the OpenAPI document uses for what is sent. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}

export interface Sampling {
  readonly random: Random;
  readonly schemas: Readonly<Record<string, Schema>>;
  /** What to send under a name, where the caller has something better than chance. */
  readonly named: (name: string) => unknown;
}

/** Says that a field is better left out. */
export const LEFT_OUT = Symbol("left out");

const OPTIONAL = 0.6;

/** A body that the document allows, or nearly. */
export function sampleBody(schema: Schema, sampling: Sampling, name = ""): unknown {
  const { random, schemas, named } = sampling;
  if (schema.$ref !== undefined) {
    const found = schemas[schema.$ref.split("/").at(-1) ?? ""];
    return found === undefined ? null : sampleBody(found, sampling, name);
  }
  const known = named(name);
  if (known !== undefined) return known;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return random.pick(schema.enum);
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return sampleBody(random.pick(either) ?? {}, sampling, name);
  if (schema.properties !== undefined) return sampleObject(schema, sampling);
  switch (schema.type) {
    case "array":
      return Array.from({ length: random.between(1, 2) }, () =>
        sampleBody(schema.items ?? {}, sampling, name),
      );
    case "boolean":
      return random.chance(0.5);
    case "integer":
    case "number":
      return Math.max(schema.minimum ?? 1, schema.exclusiveMinimum ?? 0, random.between(1, 3));
    case "null":
      return null;
    default:
      return `word-${random.uint32()}`;
  }
}

function sampleObject({ properties = {}, required = [] }: Schema, sampling: Sampling): object {
  const { random } = sampling;
  const chosen = Object.entries(properties).filter(
    ([key]) => required.includes(key) || random.chance(OPTIONAL),
  );
  const sampled = chosen.map(([key, schema]) => [key, sampleBody(schema, sampling, key)] as const);
  const body = Object.fromEntries(sampled.filter(([, value]) => value !== LEFT_OUT));
  // A hold that is there already, or one that is made on the way.
  if ("reservationId" in body) delete body["items"];
  else if ("reservationId" in properties)
    body["items"] ??= sampleBody(properties["items"] ?? {}, sampling, "items");
  return body;
}
