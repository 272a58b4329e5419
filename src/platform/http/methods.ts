import type { Env, Hono } from "hono";
import { AppError } from "../errors.ts";

/** Tells a wrong method (405, with the right ones) from an address that does not exist (404). */
export function unknownAddress<E extends Env>(
  app: Hono<E>,
): (method: string, path: string) => AppError {
  let table: { pattern: RegExp; method: string }[] | undefined;
  return (method, path) => {
    table ??= app.routes
      .filter((one) => one.method !== "ALL")
      .map((one) => ({ pattern: toPattern(one.path), method: one.method }));
    const allowed = new Set(
      table.filter(({ pattern }) => pattern.test(path)).map((one) => one.method),
    );
    if (allowed.has("GET")) allowed.add("HEAD");
    if (allowed.size === 0) return new AppError("NOT_FOUND", "There is nothing at this address.");
    const allow = [...allowed].sort().join(", ");
    return new AppError(
      "METHOD_NOT_ALLOWED",
      `${method} is not possible here. Possible: ${allow}.`,
      {
        headers: { Allow: allow },
      },
    );
  };
}

function toPattern(path: string): RegExp {
  const escaped = path
    .replaceAll(/[.+?^$()|[\]\\]/g, "\\$&")
    .replaceAll(/:[A-Za-z]+(\\\{[^}]*\\\})?/g, "[^/]+");
  return new RegExp(`^${escaped.replaceAll("*", ".*")}$`);
}
