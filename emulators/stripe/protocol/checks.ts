import type { FormTree, FormValue } from "./form.ts";
import { invalid } from "./problem.ts";

/** Turns one form value into `T`, or throws the 400 that Stripe would answer. */
export type Check<T> = (value: FormValue | undefined, param: string) => T;

export type Shape = Record<string, Check<unknown>>;
export type Checked<S extends Shape> = { [K in keyof S]: S[K] extends Check<infer T> ? T : never };

export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value, param) => (value === undefined ? undefined : check(value, param));
}

/** `check` must not return undefined for a value that is present. */
export function fallback<T>(check: Check<T>, instead: T): Check<T> {
  return (value, param) => (value === undefined ? instead : check(value, param));
}

/**
 * A group of named parameters. Names outside `shape` are refused as Stripe refuses them;
 * names in `notEmulated` exist at Stripe and are refused in words that say so.
 */
export function group<S extends Shape>(
  shape: S,
  notEmulated: readonly string[] = [],
): Check<Checked<S>> {
  return (value, param) => {
    if (value === undefined) throw missing(param);
    if (typeof value === "string") throw invalid("Invalid hash", param);
    refuseUnknown(value, shape, notEmulated, param);
    const entries = Object.entries(shape).map(([name, check]) => [
      name,
      check(value[name], nested(param, name)),
    ]);
    return asChecked<S>(Object.fromEntries(entries));
  };
}

/** Guarantee: `group` ran every check of `S` and kept each result under its name. */
function asChecked<S extends Shape>(value: unknown): Checked<S> {
  return value as Checked<S>;
}

function nested(param: string, name: string): string {
  return param === "" ? name : `${param}[${name}]`;
}

function refuseUnknown(
  value: FormTree,
  shape: Shape,
  notEmulated: readonly string[],
  param: string,
): void {
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(shape, name));
  const first = unknown[0];
  if (first === undefined) return;
  const emulatable = unknown.find((name) => notEmulated.includes(name));
  if (emulatable !== undefined) {
    const name = nested(param, emulatable);
    throw invalid(`The Stripe emulator does not emulate the parameter ${name}`, name);
  }
  const names = unknown.map((name) => nested(param, name)).join(", ");
  const noun = unknown.length === 1 ? "parameter" : "parameters";
  throw invalid(`Received unknown ${noun}: ${names}`, nested(param, first), "parameter_unknown");
}

function missing(param: string): Error {
  return invalid(`Missing required param: ${param}.`, param, "parameter_missing");
}

export function list<T>(check: Check<T>, limits: { max: number }): Check<T[]> {
  return (value, param) => {
    if (value === undefined) throw missing(param);
    if (typeof value === "string") throw invalid("Invalid array", param);
    const keys = Object.keys(value);
    if (keys.some((key) => !/^\d+$/.test(key))) throw invalid("Invalid array", param);
    if (keys.length > limits.max) {
      throw invalid(`Array ${param} exceeded maximum ${limits.max} allowed elements.`, param);
    }
    return keys
      .sort((left, right) => Number(left) - Number(right))
      .map((key) => check(value[key], `${param}[${key}]`));
  };
}

export function text(limits: { max?: number } = {}): Check<string> {
  const max = limits.max ?? 5000;
  return (value, param) => {
    if (value === undefined) throw missing(param);
    if (typeof value !== "string") throw invalid("Invalid string", param);
    if (value === "") {
      throw invalid(
        `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
        param,
        "parameter_invalid_empty",
      );
    }
    if (value.length > max) {
      throw invalid(
        `Invalid string: ${value.slice(0, 12)}…${value.slice(-4)}; must be at most ${max} characters`,
        param,
        "parameter_invalid_string_too_long",
      );
    }
    return value;
  };
}

export function integer(limits: { min?: number; max?: number } = {}): Check<number> {
  return (value, param) => {
    const raw = text()(value, param);
    const number = Number(raw);
    if (!/^-?\d{1,17}$/.test(raw) || !Number.isSafeInteger(number)) {
      throw invalid(`Invalid integer: ${raw}`, param, "parameter_invalid_integer");
    }
    if (limits.min !== undefined && number < limits.min) {
      throw outOfRange(`greater than or equal to ${limits.min}`, raw, param);
    }
    if (limits.max !== undefined && number > limits.max) {
      throw outOfRange(`less than or equal to ${limits.max}`, raw, param);
    }
    return number;
  };
}

function outOfRange(rule: string, raw: string, param: string): Error {
  return invalid(
    `This value must be ${rule} (it currently is '${raw}').`,
    param,
    "parameter_invalid_integer",
  );
}

export function percentage(): Check<number> {
  return (value, param) => {
    const raw = text()(value, param);
    const number = Number(raw);
    if (!/^\d{1,3}(\.\d{1,4})?$/.test(raw) || number <= 0 || number > 100) {
      throw invalid(`Invalid decimal: ${raw}; must be above 0 and at most 100`, param);
    }
    return number;
  };
}

export function boolean(): Check<boolean> {
  return (value, param) => {
    const raw = text()(value, param);
    if (raw !== "true" && raw !== "false") throw invalid(`Invalid boolean: ${raw}`, param);
    return raw === "true";
  };
}

export function oneOf<const T extends string>(allowed: readonly T[]): Check<T> {
  return (value, param) => {
    const raw = text()(value, param);
    const found = allowed.find((candidate) => candidate === raw);
    if (found === undefined) {
      const choices =
        allowed.length === 1
          ? allowed.join("")
          : `one of ${allowed.slice(0, -1).join(", ")}, or ${allowed.at(-1)}`;
      throw invalid(`Invalid ${param}: must be ${choices}`, param);
    }
    return found;
  };
}
