import { exports } from "cloudflare:workers";
import { dereference, initialBaseURI, type Schema, validate } from "@cfworker/json-schema";
import type { Answer } from "./http.ts";

interface DocumentedAnswer {
  readonly description: string;
  readonly content?: { readonly "application/json"?: { readonly schema: Schema } };
}

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: Schema;
}

export interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required: boolean;
    /** A form in place of JSON, where a file is sent. */
    readonly content: { readonly "application/json"?: { readonly schema: Schema } };
  };
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, Readonly<Record<"post", Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const OF_THE_API = /^\/(api|health|webhooks)(\/|$)/;
/** What can come before a route is found. */
const WITHOUT_A_ROUTE = new Set([
  "NOT_FOUND",
  "METHOD_NOT_ALLOWED",
  "UNAUTHENTICATED",
  "NOT_ACCEPTABLE",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
  "RATE_LIMITED",
]);

const ERROR: Schema = { $ref: "#/components/schemas/Error" };

let reading: Promise<OpenApi> | undefined;

/** The document that the Worker serves. */
export function openApi(): Promise<OpenApi> {
  reading ??= exports.default
    .fetch("https://shop.test/openapi.json")
    .then((response) => response.json<OpenApi>());
  return reading;
}

/** Every route of the document, as `GET /api/v1/products/{idOrSlug}`. */
export async function documentedRoutes(): Promise<string[]> {
  return Object.entries((await openApi()).paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

/** Throws when an answer of the API is not one that the OpenAPI document promises. */
export async function checkContract(method: string, path: string, answer: Answer): Promise<void> {
  const address = new URL(path, "https://shop.test").pathname;
  if (!OF_THE_API.test(address)) return;
  const problem = describeBreach(await openApi(), { method, address, answer });
  if (problem !== undefined) {
    const said = `${answer.status} ${answer.text.slice(0, 500)}`;
    throw new Error(`${method} ${address} breaks its contract: ${problem}. It said ${said}`);
  }
}

interface Exchange {
  readonly method: string;
  readonly address: string;
  readonly answer: Answer;
}

function describeBreach(document: OpenApi, exchange: Exchange): string | undefined {
  const { method, answer } = exchange;
  if (method === "OPTIONS") return undefined;
  const operation = operationOf(document, exchange);
  if (operation === undefined) return breachWithoutRoute(document, answer);
  const documented = operation.responses[String(answer.status)];
  if (documented === undefined) return "the status is not documented";
  if (method === "HEAD") return answer.text === "" ? undefined : "HEAD has a body";
  const schema = documented.content?.["application/json"]?.schema;
  const type = answer.headers.get("Content-Type") ?? "";
  if (documented.content !== undefined && type in documented.content) {
    if (schema === undefined) return undefined; // bytes
  }
  if (schema === undefined) return answer.text === "" ? undefined : "the body is not documented";
  return breachOfSchema(document, schema, answer) ?? breachOfCode(documented, answer);
}

function operationOf(document: OpenApi, { method, address }: Exchange): Operation | undefined {
  const wanted = method === "HEAD" ? "get" : method.toLowerCase();
  for (const [path, operations] of Object.entries(document.paths)) {
    const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    if (pattern.test(address) && operations[wanted] !== undefined) return operations[wanted];
  }
  return undefined;
}

function breachWithoutRoute(document: OpenApi, answer: Answer): string | undefined {
  const code = answer.body?.error?.code;
  if (answer.text !== "" && !WITHOUT_A_ROUTE.has(code)) return "the address is not documented";
  if (answer.text === "") return undefined;
  return breachOfSchema(document, ERROR, answer);
}

function breachOfSchema(document: OpenApi, schema: Schema, { body }: Answer): string | undefined {
  if (body === undefined) return "the body is not JSON";
  const { valid, errors } = validate(body, schema, "2020-12", referencesOf(document, schema));
  if (valid) return undefined;
  return errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`).join("; ");
}

/** What is not as the document has it of an event for subscribers, in a sentence; undefined where all of it is. */
export async function breachOfEvent(event: { readonly type: string }): Promise<string | undefined> {
  const document = await openApi();
  const body = document.webhooks[event.type]?.post.requestBody;
  const schema = body?.content["application/json"]?.schema;
  if (schema === undefined) return "the event is not documented";
  const { valid, errors } = validate(event, schema, "2020-12", referencesOf(document, schema));
  return valid ? undefined : errors.map(({ error }) => error).join("; ");
}

type References = Record<string, Schema | boolean>;

let ofComponents: References | undefined;
const known = new WeakMap<Schema, References>();

/** Where the `$ref`s of a schema lead. The components are gone through once, for all schemas. */
export function referencesOf({ components }: OpenApi, schema: Schema): References {
  const found = known.get(schema);
  if (found !== undefined) return found;
  if (ofComponents === undefined) {
    ofComponents = dereference({ components });
    delete ofComponents[initialBaseURI.href]; // the place of each schema's own root
  }
  const references = dereference(schema, Object.create(ofComponents));
  known.set(schema, references);
  return references;
}

/** An error's description lists its codes. */
function breachOfCode({ description }: DocumentedAnswer, answer: Answer): string | undefined {
  const code: unknown = answer.body?.error?.code;
  if (typeof code !== "string" || description.split(", ").includes(code)) return undefined;
  return `${code} is not among the documented codes ${description}`;
}
