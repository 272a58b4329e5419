import type { RouteConfig } from "@hono/zod-openapi";
import type { Context as HonoContext } from "hono";
import * as z from "zod";
import { AppError, invalidField } from "../errors.ts";
import { keyRequired } from "../idempotency/key-use.ts";
import { saysJson } from "./content-type.ts";
import { JSON_TYPE } from "./conventions.ts";
import { KEY_HEADER, WRONG_KEY } from "./created.ts";
import type { ContextEnv } from "./env.ts";
import { malformed, notJson } from "./errors.ts";
import { FORM_TYPE, readUpload, uploadLimitOf } from "./uploads.ts";

type Call = HonoContext<ContextEnv>;
type Target = "query" | "param" | "header" | "json" | "form";

/** What a route is asked, part by part; a part that it does not have takes anything. */
export interface Asked {
  readonly query: z.ZodType;
  readonly params?: z.ZodType | undefined;
  readonly headers?: z.ZodObject | undefined;
  readonly body?: { readonly schema: z.ZodType; readonly required: boolean } | undefined;
  /** Whether it asks for no body, so that each field of one is unknown. */
  readonly nothing?: boolean;
  /** A form with a file, in place of a body in JSON. */
  readonly form?: { readonly schema: z.ZodType; readonly maxBytes: number } | undefined;
}

const NOTHING = z.strictObject({});

/** What a contract asks for. */
export function askedBy({ request, method, path }: RouteConfig): Asked {
  const { query, params, headers, body } = request ?? {};
  const json = schemaOf(body?.content[JSON_TYPE]);
  const form = schemaOf(body?.content[FORM_TYPE]);
  return {
    query: query as z.ZodType,
    params: params as z.ZodType | undefined,
    headers: headers as z.ZodObject | undefined,
    body: json && { schema: json, required: body?.required === true },
    nothing: body === undefined,
    form: form && { schema: form, maxBytes: uploadLimitOf(`${method.toUpperCase()} ${path}`) },
  };
}

function schemaOf(media: object | undefined): z.ZodType | undefined {
  return media !== undefined && "schema" in media ? (media.schema as z.ZodType) : undefined;
}

/** Reads what a request asks, as the handler finds it by `c.req.valid`. Throws `VALIDATION_FAILED`, `MALFORMED_JSON`, or what it says of a key. */
export function validate(c: Call, { query, params, headers, body, nothing }: Asked): void {
  keep(c, "query", query, c.req.raw.url.includes("?") ? queryOf(c) : {});
  if (params !== undefined) keep(c, "param", params, c.req.param());
  if (headers !== undefined) keep(c, "header", headers, headersOf(c, headers));
  const text = c.get("sent");
  if (nothing && text !== undefined && text !== "") keep(c, "json", NOTHING, parse(text));
  if (body === undefined) return;
  const sent = sentOf(c, body);
  if (sent === undefined) c.req.addValidatedData("json", {});
  else keep(c, "json", body.schema, sent.value);
}

/** Reads the form that a route asks for. Throws what `readUpload` throws, and `VALIDATION_FAILED`. */
export async function validateForm(
  c: Call,
  { schema, maxBytes }: NonNullable<Asked["form"]>,
): Promise<void> {
  keep(c, "form", schema, await readUpload(c, maxBytes));
}

function keep(c: Call, target: Target, schema: z.ZodType, value: unknown): void {
  const read = schema.safeParse(value);
  if (!read.success) throw validationFailed(read.error, target);
  c.req.addValidatedData(target, read.data as object); // an object, as all that a route is asked is one
}

function queryOf(c: Call): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, values]) => [
      name,
      values.length === 1 ? (values[0] ?? "") : values,
    ]),
  );
}

/** Only what the route asks for: the others pass. */
function headersOf(c: Call, { shape }: z.ZodObject): Record<string, string | undefined> {
  const sent: Record<string, string | undefined> = {};
  for (const name in shape) {
    const value = c.req.header(name);
    if (value !== undefined) sent[name] = value;
  }
  return sent;
}

/** The body that was sent; undefined where there is none and none is needed. */
function sentOf(
  c: Call,
  { required }: { readonly required: boolean },
): { value: unknown } | undefined {
  const text = c.get("sent");
  const type = c.req.header("Content-Type");
  if (text === "" && !required) return undefined;
  if (text !== undefined) return { value: parse(text) };
  if (type === undefined && !required) return undefined;
  // What was forgotten does not pass for `{}`, which may mean everything.
  if (type === undefined) throw invalidField("json", "Is required: send a JSON object.");
  throw saysJson(type) ? malformed() : notJson();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(cause);
  }
}

/** What zod found, as the contract's `fields`: each JSON path with one sentence. */
function validationFailed(error: z.core.$ZodError, target: string): AppError {
  const ofKey = error.issues.filter(({ path }) => target === "header" && path[0] === KEY_HEADER);
  if (ofKey.some(({ code }) => code === "invalid_type")) return keyRequired();
  if (ofKey.length > 0) return invalidField("Idempotency-Key", WRONG_KEY);
  const fields = new Map<string, string>(); // no object: a field may be called `constructor`
  for (const issue of error.issues) {
    for (const [path, sentence] of sentences(issue)) {
      if (!fields.has(path || target)) fields.set(path || target, sentence);
    }
  }
  return new AppError("VALIDATION_FAILED", "Some fields are not right.", {
    fields: Object.fromEntries(fields),
  });
}

function sentences(issue: z.core.$ZodIssue): [string, string][] {
  const path = jsonPath(issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => [
      path === "" ? key : `${path}.${key}`,
      "There is no such field.",
    ]);
  }
  // zod keeps the input itself out of what it reports.
  if (/, received undefined$/.test(issue.message)) return [[path, "Is required."]];
  return [[path, issue.message.endsWith(".") ? issue.message : `${issue.message}.`]];
}

function jsonPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}
