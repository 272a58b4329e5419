import type { Env, Hono } from "hono";
import { AppError } from "../errors.ts";

/** What an address can do, in the alphabet's order; nothing where nothing is. */
export type MethodsAt = (path: string) => readonly string[];

export function methodsOf<E extends Env>(app: Hono<E>): MethodsAt {
  let table: { pattern: RegExp; method: string }[] | undefined;
  return (path) => {
    table ??= app.routes
      .filter((one) => one.method !== "ALL")
      .map((one) => ({ pattern: toPattern(one.path), method: one.method }));
    const allowed = new Set(
      table.filter(({ pattern }) => pattern.test(path)).map((one) => one.method),
    );
    if (allowed.has("GET")) allowed.add("HEAD");
    return [...allowed].sort();
  };
}

/** Tells a wrong method (405, with the right ones) from an address that does not exist (404). */
export function unknownAddress(method: string, allowed: readonly string[]): AppError {
  if (allowed.length === 0) return new AppError("NOT_FOUND", "There is nothing at this address.");
  const allow = allowed.join(", ");
  return new AppError("METHOD_NOT_ALLOWED", `${method} is not possible here. Possible: ${allow}.`, {
    headers: { Allow: allow },
  });
}

function toPattern(path: string): RegExp {
  const escaped = path
    .replaceAll(/[.+?^$()|[\]\\]/g, "\\$&")
    .replaceAll(/:[A-Za-z]+(\\\{[^}]*\\\})?/g, "[^/]+");
  return new RegExp(`^${escaped.replaceAll("*", ".*")}$`);
}
