import type { RouteConfig } from "@hono/zod-openapi";
import type { Rule } from "../access.ts";
import { type ErrorCode, STATUS_OF } from "../errors.ts";
import { isLimited } from "../rate-limit/limits.ts";
import { ruleOf } from "./access.ts";
import { JSON_TYPE } from "./conventions.ts";
import { keyed, keyedAlways } from "./created.ts";
import { errorBody } from "./envelope.ts";
import { describeLimited } from "./rate-limit.ts";

/** A route as its feature declares it, with the errors that are its own. */
export type Definition = RouteConfig & { errors?: readonly ErrorCode[] };

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
const WITH_FILE: readonly ErrorCode[] = ["UNSUPPORTED_MEDIA_TYPE", "PAYLOAD_TOO_LARGE"];
const WITH_KEY: readonly ErrorCode[] = ["IDEMPOTENCY_KEY_REUSED", "IDEMPOTENCY_KEY_IN_USE"];
const WITH_KEY_ALWAYS: readonly ErrorCode[] = [...WITH_KEY, "IDEMPOTENCY_KEY_REQUIRED"];
const NOT_MODIFIED = { 304: { description: "It is still what If-None-Match names" } };
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

/** A route as the API's document describes it: with the security section of its rule, and every error it can answer. */
export function describeRoute(definition: Definition): RouteConfig {
  const { errors = [], ...config } = definition;
  const rule = ruleOf(config);
  const codes = [
    ...EVERYWHERE,
    ...errors,
    ...bodyErrors(config),
    ...(config.request?.headers === keyed ? WITH_KEY : []),
    ...(config.request?.headers === keyedAlways ? WITH_KEY_ALWAYS : []),
    ...(rule.roles === "anyone" ? [] : GUARDED),
    ...(isLimited(config.method, config.path) ? LIMITED : []),
  ];
  const responses = {
    ...errorAnswers(codes),
    ...(config.method === "get" ? NOT_MODIFIED : {}),
    ...config.responses,
  };
  return {
    ...config,
    security: securityOf(rule),
    responses: isLimited(config.method, config.path) ? describeLimited(responses) : responses,
  };
}

function bodyErrors({ method, request }: RouteConfig): readonly ErrorCode[] {
  if (request?.body === undefined) return method === "get" ? [] : WITH_BODY;
  return JSON_TYPE in request.body.content ? WITH_BODY : WITH_FILE;
}

function securityOf({ roles, scope }: Rule): NonNullable<RouteConfig["security"]> {
  if (roles === "anyone")
    return scope === undefined ? [] : [{}, { accessToken: [] }, { apiKey: [scope] }];
  return [{ accessToken: [...roles] }, ...(scope === undefined ? [] : [{ apiKey: [scope] }])];
}
