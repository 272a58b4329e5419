import { createRoute, OpenAPIHono, type RouteConfig } from "@hono/zod-openapi";
import * as z from "zod";
import { ACCESS, type Rule } from "../access.ts";
import type { Context } from "../context.ts";
import { AppError, type ErrorCode, invalidField, STATUS_OF } from "../errors.ts";
import { keyRequired } from "../idempotency/key-use.ts";
import { isLimited } from "../rate-limit/limits.ts";
import { requireAccess } from "./access.ts";
import { bodyOptional, bodyRequired } from "./conventions.ts";
import { KEY_HEADER, keyed, keyedAlways, WRONG_KEY } from "./created.ts";
import type { ContextEnv } from "./env.ts";
import { errorBody } from "./envelope.ts";
import { describeLimited } from "./rate-limit.ts";

/** A router whose handlers find the use cases' context under `c.var.ctx`. */
export function newRouter<C extends Context>() {
  return new OpenAPIHono<ContextEnv<C>>({
    defaultHook: (result) => {
      if (!result.success) throw validationFailed(result.error, result.target);
    },
  });
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

type RoutingPath<P extends string> = P extends `${infer Head}/{${infer Param}}${infer Tail}`
  ? `${Head}/:${Param}${RoutingPath<Tail>}`
  : P;
type Errors = { [Status in number]: { description: string; content: typeof errorContent } };
const errorContent = { "application/json": { schema: errorBody } };

/** A key that is not ours is refused also where none is needed. */
const EVERYWHERE: readonly ErrorCode[] = [
  "UNAUTHENTICATED",
  "NOT_ACCEPTABLE",
  "VALIDATION_FAILED",
  "INTERNAL_ERROR",
  "UNAVAILABLE",
];
const WITH_BODY: readonly ErrorCode[] = [
  "MALFORMED_JSON",
  "UNSUPPORTED_MEDIA_TYPE",
  "PAYLOAD_TOO_LARGE",
];
const WITH_KEY: readonly ErrorCode[] = ["IDEMPOTENCY_KEY_REUSED", "IDEMPOTENCY_KEY_IN_USE"];
const WITH_KEY_ALWAYS: readonly ErrorCode[] = [...WITH_KEY, "IDEMPOTENCY_KEY_REQUIRED"];
const NOT_MODIFIED = { 304: { description: "It is still what If-None-Match names" } };
/** For routes that declare no query: every parameter is an unknown one. */
const NO_QUERY = z.strictObject({});
const GUARDED: readonly ErrorCode[] = ["FORBIDDEN"];
const LIMITED: readonly ErrorCode[] = ["RATE_LIMITED"];

function errorAnswers(codes: readonly ErrorCode[]): Errors {
  const byStatus: Record<number, ErrorCode[]> = {};
  for (const code of new Set(codes)) {
    const status = STATUS_OF[code];
    byStatus[status] = [...(byStatus[status] ?? []), code];
  }
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, found]) => [
      status,
      { description: found.join(", "), content: errorContent },
    ]),
  );
}

type Definition = RouteConfig & { errors?: readonly ErrorCode[] };
type Made<D extends Definition> = D & { getRoutingPath(): RoutingPath<D["path"]> };

/** `createRoute` with the contract's conventions: the guard and the security section of its rule, and every error it can answer. */
export function route<const P extends string, const D extends Definition & { path: P }>(
  definition: D,
): Made<D> {
  const { errors = [], ...config }: Definition = definition;
  const rule = ruleOf(`${config.method.toUpperCase()} ${config.path}`);
  const codes = [
    ...EVERYWHERE,
    ...errors,
    ...(config.request?.body === undefined ? [] : WITH_BODY),
    ...(config.request?.headers === keyed ? WITH_KEY : []),
    ...(config.request?.headers === keyedAlways ? WITH_KEY_ALWAYS : []),
    ...(rule.roles === "anyone" ? [] : GUARDED),
    ...(isLimited(config.path) ? LIMITED : []),
  ];
  const responses = {
    ...errorAnswers(codes),
    ...(config.method === "get" ? NOT_MODIFIED : {}),
    ...definition.responses,
  };
  const made: RouteConfig = {
    ...config,
    request: { query: NO_QUERY, ...config.request },
    middleware: [requireAccess(rule), ...bodyRule(config.request?.body?.required)],
    security: securityOf(rule),
    responses: isLimited(config.path) ? describeLimited(responses) : responses,
  };
  return asRoute<D>(createRoute(made));
}

function bodyRule(required: boolean | undefined) {
  if (required === undefined) return [];
  return [required ? bodyRequired : bodyOptional];
}

/** A route without a rule keeps the Worker from starting. */
function ruleOf(name: string): Rule {
  const rule: Rule | undefined = new Map<string, Rule>(Object.entries(ACCESS)).get(name);
  if (rule === undefined) throw new Error(`${name} has no rule in platform/access.ts`);
  return rule;
}

function securityOf({ roles, scope }: Rule): NonNullable<RouteConfig["security"]> {
  if (roles === "anyone")
    return scope === undefined ? [] : [{}, { accessToken: [] }, { apiKey: [scope] }];
  return [{ accessToken: [...roles] }, ...(scope === undefined ? [] : [{ apiKey: [scope] }])];
}

function asRoute<D extends Definition>(made: RouteConfig): Made<D> {
  return made as Made<D>; // the definition's own path, request and success answers; errors are thrown, never returned
}
