import type * as z from "zod";

/** Whether a value is of this kind. */
type Check = (value: unknown) => boolean;

/**
 * Reads JSON that the shop itself has made or kept: it was validated when it was written, so only the kind of each field
 * is looked at, which takes a tenth of the time. Defaults are filled in. A schema that changes what it reads is none for
 * this, and refused when it is first used.
 */
export function storedJson<T extends z.ZodType>(schema: T): (text: string) => z.output<T> {
  let check: Check | undefined;
  return (text) => {
    check ??= checkOf(schema);
    const value: unknown = JSON.parse(text);
    if (!check(value)) throw new Error("Stored JSON is not what its schema says.");
    return value as z.output<T>; // as far as kinds go; nothing else is written
  };
}

function checkOf(schema: z.core.$ZodType): Check {
  const { def } = (schema as z.core.$ZodTypes)._zod; // the union of all that there are
  switch (def.type) {
    case "string":
    case "boolean":
      return (value) => typeof value === def.type;
    case "number":
      return Number.isFinite;
    case "unknown":
      return () => true;
    case "enum": {
      const words = new Set<unknown>(Object.values(def.entries));
      return (value) => words.has(value);
    }
    case "nullable": {
      const inner = checkOf(def.innerType);
      return (value) => value === null || inner(value);
    }
    case "optional": {
      const inner = checkOf(def.innerType);
      return (value) => value === undefined || inner(value);
    }
    case "array": {
      const element = checkOf(def.element);
      return (value) => Array.isArray(value) && value.every(element);
    }
    case "record": {
      const inner = checkOf(def.valueType);
      return (value) => isObject(value) && Object.values(value).every(inner);
    }
    case "object":
      return checkOfObject(def.shape);
    default:
      throw new Error(`Stored JSON has no ${def.type}.`);
  }
}

function checkOfObject(shape: Readonly<Record<string, z.core.$ZodType>>): Check {
  const fields = Object.entries(shape).map(([name, schema]) => fieldOf(name, schema));
  return (value) => isObject(value) && fields.every((isRight) => isRight(value));
}

function fieldOf(
  name: string,
  schema: z.core.$ZodType,
): (object: Record<string, unknown>) => boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type !== "default") {
    const check = checkOf(schema);
    return (object) => check(object[name]);
  }
  const check = checkOf(def.innerType);
  return (object) => {
    object[name] ??= def.defaultValue;
    return check(object[name]);
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
