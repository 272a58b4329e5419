import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { customType } from "drizzle-orm/sqlite-core";
import type * as z from "zod";
import { storedJson } from "./stored-json.ts";

/** A column of JSON text, which is read and written as what `schema` says it is. */
export function jsonText<T extends z.ZodType>(name: string, schema: T) {
  const column = customType<{ data: z.output<T>; driverData: string }>({
    dataType: () => "text",
    toDriver: (value) => JSON.stringify(value),
    fromDriver: storedJson(schema),
  });
  return column(name);
}

/** `json_object` of these fields. */
export function jsonObject(fields: Readonly<Record<string, SQLWrapper>>): SQL {
  const pairs = Object.entries(fields).map(
    ([name, value]) => sql`${sql.raw(`'${name}'`)}, ${value}`,
  );
  return sql`json_object(${sql.join(pairs, sql`, `)})`;
}
