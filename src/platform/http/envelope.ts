import * as z from "zod";
import { type ErrorCode, STATUS_OF } from "../errors.ts";

const errorCodes = Object.keys(STATUS_OF) as [ErrorCode, ...ErrorCode[]]; // keys of a constant object

export const errorBody = z
  .strictObject({
    error: z.strictObject({
      code: z.enum(errorCodes),
      message: z.string(),
      fields: z.record(z.string(), z.string()).optional(),
      details: z.unknown().optional(),
      requestId: z.string(),
    }),
  })
  .meta({ id: "Error" });

/** Why one of many was not done, where the others were. */
export const refusalSchema = z
  .strictObject({
    code: z.enum(errorCodes),
    message: z.string(),
    fields: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: "Refusal" });

const listMeta = z
  .strictObject({
    pageSize: z.int(),
    nextCursor: z.string().nullable(),
    total: z.int().optional(),
    totalCapped: z.literal(true).optional().meta({
      description: "There are more than `total`, which is as far as they were counted.",
    }),
  })
  .meta({ id: "ListMeta" });

/** `{ data }` around one resource. */
export function one<T extends z.ZodType>(schema: T) {
  return z.strictObject({ data: schema });
}

/** `{ data: […], meta }` around a page of them. */
function many<T extends z.ZodType>(schema: T) {
  return z.strictObject({ data: z.array(schema), meta: listMeta });
}

export function json<T extends z.ZodType>(schema: T) {
  return { "application/json": { schema } };
}

/** What a route says of its answers and of what it is asked; each stands beside a sentence for the reader. */
export const ok = <T extends z.ZodType>(description: string, schema: T) => ({
  200: { description, content: json(one(schema)) },
});
export const page = <T extends z.ZodType>(description: string, schema: T) => ({
  200: { description, content: json(many(schema)) },
});
/** One resource of which a part is a page. */
export const pageOf = <T extends z.ZodType>(description: string, schema: T) => ({
  200: { description, content: json(z.strictObject({ data: schema, meta: listMeta })) },
});
export const created = <T extends z.ZodType>(description: string, schema: T) => ({
  201: { description, content: json(one(schema)) },
});
export const accepted = <T extends z.ZodType>(description: string, schema: T) => ({
  202: { description, content: json(one(schema)) },
});
/** A JSON body that has to be there. */
export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  required: true as const,
  content: json(schema),
});
/** A form with a file. */
export const formBody = <T extends z.ZodType>(schema: T) => ({
  required: true as const,
  content: { "multipart/form-data": { schema } },
});
export const byId = z.strictObject({ id: z.string() });
