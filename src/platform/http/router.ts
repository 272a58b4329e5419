import type { OpenAPIHono, RouteConfig } from "@hono/zod-openapi";
import { type Handler, Hono } from "hono";
import * as z from "zod";
import { ACCESS, type Rule } from "../access.ts";
import type { Context } from "../context.ts";
import { type ErrorCode, STATUS_OF } from "../errors.ts";
import { isLimited } from "../rate-limit/limits.ts";
import { requireAccess } from "./access.ts";
import { keyed, keyedAlways } from "./created.ts";
import type { ContextEnv } from "./env.ts";
import { errorBody } from "./envelope.ts";
import { describeLimited } from "./rate-limit.ts";
import { askedBy, validate } from "./validation.ts";

/** What each handler of a contract answers to, for the API's document. */
const contracts = new WeakMap<object, RouteConfig>();

/** The contract that a handler of the router's list stands for; undefined for a page's. */
export function contractOf(handler: object): RouteConfig | undefined {
  return contracts.get(handler);
}

/** A route with a contract is one handler: it lets the caller in, validates, calls and answers. */
class Router extends Hono<ContextEnv> {
  openapi(contract: RouteConfig, handle: Handler<ContextEnv>): this {
    const rule = ruleOf(nameOf(contract));
    const asked = askedBy(contract);
    const handler: Handler<ContextEnv> = (c, next) => {
      requireAccess(rule, c.var.ctx.actor);
      validate(c, asked);
      return handle(c, next);
    };
    contracts.set(handler, contract);
    this.on(contract.method.toUpperCase(), routingPath(contract.path), handler);
    return this;
  }
}

/** A router whose handlers find the use cases' context under `c.var.ctx`. */
export function newRouter<C extends Context>(): OpenAPIHono<ContextEnv<C>> {
  const router: unknown = new Router();
  return router as OpenAPIHono<ContextEnv<C>>; // for what it infers: of its methods, Hono's and `openapi` are here
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
  const rule = ruleOf(nameOf(config));
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
  return asRoute<D>({
    ...config,
    request: { query: NO_QUERY, ...config.request },
    security: securityOf(rule),
    responses: isLimited(config.path) ? describeLimited(responses) : responses,
  });
}

const nameOf = ({ method, path }: Pick<RouteConfig, "method" | "path">) =>
  `${method.toUpperCase()} ${path}`;

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
  const all = { ...made, getRoutingPath: () => routingPath(made.path) };
  return all as Made<D>; // the definition's own path, request and success answers; errors are thrown, never returned
}

/** `/orders/{id}` as the router writes it. */
function routingPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
