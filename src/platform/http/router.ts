import type { OpenAPIHono } from "@hono/zod-openapi";
import { type Handler, Hono } from "hono";
import * as z from "zod";
import type { Context } from "../context.ts";
import { requireAccess, ruleOf } from "./access.ts";
import type { Definition } from "./describe-route.ts";
import type { ContextEnv } from "./env.ts";
import { askedBy, validate, validateForm } from "./validation.ts";

/** What each handler of a contract answers to, for the API's document. */
const contracts = new WeakMap<object, Definition>();

/** The contract that a handler of the router's list stands for; undefined for a page's. */
export function contractOf(handler: object): Definition | undefined {
  return contracts.get(handler);
}

/** A route with a contract is one handler: it lets the caller in, validates, calls and answers. */
class Router extends Hono<ContextEnv> {
  openapi(contract: Definition, handle: Handler<ContextEnv>): this {
    const rule = ruleOf(contract);
    const asked = askedBy(contract);
    const handler: Handler<ContextEnv> = (c, next) => {
      requireAccess(rule, c.var.ctx.actor);
      validate(c, asked);
      if (asked.form === undefined) return handle(c, next);
      return validateForm(c, asked.form).then(() => handle(c, next));
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
/** For routes that declare no query: every parameter is an unknown one. */
const NO_QUERY = z.strictObject({});

type Made<D extends Definition> = D & { getRoutingPath(): RoutingPath<D["path"]> };

/** A route of the contract. What follows from its conventions is described where the document is made: describe-route.ts. */
export function route<const P extends string, const D extends Definition & { path: P }>(
  definition: D,
): Made<D> {
  ruleOf(definition);
  return asRoute<D>({ ...definition, request: { query: NO_QUERY, ...definition.request } });
}

function asRoute<D extends Definition>(made: Definition): Made<D> {
  const all = { ...made, getRoutingPath: () => routingPath(made.path) };
  return all as Made<D>; // the definition's own path, request and success answers; errors are thrown, never returned
}

/** `/orders/{id}` as the router writes it. */
function routingPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
