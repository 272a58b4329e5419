import * as z from "zod";

/** The part of JSON Schema that the API's document uses. */
export interface SchemaNode {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, SchemaNode>> | undefined;
  readonly items?: SchemaNode | undefined;
  readonly required?: readonly string[] | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly anyOf?: readonly SchemaNode[] | undefined;
  readonly description?: string | undefined;
  readonly format?: string | undefined;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly minimum?: number | undefined;
}

const schemaNode: z.ZodType<SchemaNode> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    properties: z.record(z.string(), schemaNode).optional(),
    items: schemaNode.optional(),
    required: z.array(z.string()).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    anyOf: z.array(schemaNode).optional(),
    description: z.string().optional(),
    format: z.string().optional(),
    default: z.unknown().optional(),
    example: z.unknown().optional(),
    minimum: z.number().optional(),
  }),
);

const content = z.object({ "application/json": z.object({ schema: schemaNode }) }).partial();

const operation = z.object({
  summary: z.string().default(""),
  tags: z.array(z.string()).default(["Other"]),
  security: z.array(z.unknown()).default([]),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(["path", "query", "header", "cookie"]),
        required: z.boolean().default(false),
        description: z.string().optional(),
        schema: schemaNode.default({}),
      }),
    )
    .default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: content.optional() }),
  ),
});
export type Operation = z.infer<typeof operation>;

const documentSchema = z.object({
  info: z.object({ title: z.string(), version: z.string() }),
  servers: z.array(z.object({ url: z.string() })).default([]),
  components: z
    .object({ schemas: z.record(z.string(), schemaNode).default({}) })
    .default({ schemas: {} }),
  paths: z.record(z.string(), z.record(z.string(), operation)),
});
export type ApiDocument = z.infer<typeof documentSchema>;

export function readDocument(document: unknown): ApiDocument {
  return documentSchema.parse(document);
}

export interface Call {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The calls by their tag, in the order in which the document has them. */
export function callsByTag({ paths }: ApiDocument): [string, Call[]][] {
  const groups = new Map<string, Call[]>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, found] of Object.entries(methods)) {
      const id = `${method}${path}`.replaceAll(/[^a-z0-9]+/gi, "-").replace(/-$/, "");
      const tag = found.tags[0] ?? "Other";
      groups.set(tag, [
        ...(groups.get(tag) ?? []),
        { id, method: method.toUpperCase(), path, operation: found },
      ]);
    }
  }
  return [...groups];
}
