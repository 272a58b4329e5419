import { Column, is, Param, Placeholder, sql } from "drizzle-orm";
import {
  type Bound,
  type Buildable,
  type Decoder,
  type Field,
  type Prepared,
  prepare,
} from "./db.ts";

/** What a statement is bound with. */
type Value = string | number | null;

/** Where each value will stand, while a statement is built. */
export type Holes<V> = { readonly [Name in keyof V]: Placeholder<Name & string, V[Name]> };

/** A statement as it is after it was built: nothing of this is done twice. */
interface Built<Result> {
  readonly sql: string;
  readonly params: readonly Parameter[];
  readonly map: (result: unknown) => Result;
}

type Parameter = (values: Readonly<Record<string, Value>>) => unknown;

/**
 * A statement that is built at its first call, with holes for the values, and only bound after that: building one takes
 * drizzle longer than SQLite takes to run it. What changes its text is no value: see `perShape`.
 */
export function prepared<V extends Readonly<Record<keyof V, Value>>, Result>(
  build: (holes: Holes<V>) => Buildable<Result>,
): (values: V) => Bound<Result> {
  let built: Built<Result> | undefined;
  return (values) => {
    built ??= once(build(holes<V>()));
    const all = values as Readonly<Record<string, Value>>; // one for each hole
    const { sql: text, params, map } = built;
    return { prepared: { sql: text, params: params.map((param) => param(all)), map } };
  };
}

/** One of each shape that a statement has: its makers' arguments are what its text depends on. */
export function perShape<Shape extends readonly (string | boolean)[], Made>(
  make: (...shape: Shape) => Made,
): (...shape: Shape) => Made {
  const known = new Map<string, Made>();
  return (...shape) => {
    const name = shape.join();
    const made = known.get(name) ?? make(...shape);
    known.set(name, made);
    return made;
  };
}

/** What is made when somebody first asks for it. */
export function madeOnce<Made extends object>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function holes<V>(): Holes<V> {
  const named = new Proxy(
    {},
    {
      get: (_, name) => sql.placeholder(String(name)),
      ownKeys: () => {
        throw new Error("Each hole is named where it is used: nobody knows all of them.");
      },
    },
  );
  return named as Holes<V>; // whichever is asked for
}

function once<Result>(statement: Buildable<Result>): Built<Result> {
  const drizzles = prepare(statement);
  const { sql: text, params } = drizzles.getQuery();
  const map = mapper(drizzles) as (result: unknown) => Result; // as the builder is typed
  return { sql: text, params: params.map(parameter), map };
}

function parameter(param: unknown): Parameter {
  if (is(param, Placeholder)) return (values) => given(values, param.name);
  if (!(is(param, Param) && is(param.value, Placeholder))) return () => param;
  const { encoder } = param;
  const { name } = param.value;
  return (values) => {
    const value = given(values, name);
    return value === null ? null : encoder.mapToDriverValue(value);
  };
}

function given(values: Readonly<Record<string, Value>>, name: string): Value {
  const value = values[name];
  if (value === undefined) throw new Error(`A statement has no value for ${name}.`);
  return value;
}

/** Rows as drizzle would map them, with what it finds out for each row found out once. */
function mapper(drizzles: Prepared): (result: unknown) => unknown {
  const { fields } = drizzles;
  if (fields === undefined || fields.some(({ path }) => path.length > 1))
    return (result) => drizzles.mapResult(result, true);
  const columns = fields.map(({ path, field }) => ({
    name: path[0] ?? "",
    decode: decoderOf(field),
  }));
  return (result) => {
    const { results } = result as { results: Record<string, unknown>[] }; // what D1 answers to a SELECT
    return results.map((row) => mapRow(row, columns));
  };
}

interface MappedColumn {
  readonly name: string;
  readonly decode: Decoder["mapFromDriverValue"] | undefined;
}

function mapRow(row: Record<string, unknown>, columns: readonly MappedColumn[]) {
  const mapped: Record<string, unknown> = {};
  let i = 0;
  for (const key in row) {
    const column = columns[i++];
    if (column === undefined) break;
    const value = row[key];
    mapped[column.name] =
      value === null || column.decode === undefined ? value : column.decode(value);
  }
  return mapped;
}

/** Undefined for what is as the driver gives it. */
function decoderOf(field: Field): Decoder["mapFromDriverValue"] | undefined {
  const decoder = is(field, Column) ? field : (field.decoder ?? field.sql?.decoder);
  if (decoder?.mapFromDriverValue === Column.prototype.mapFromDriverValue) return undefined;
  return decoder && ((value) => decoder.mapFromDriverValue(value));
}
