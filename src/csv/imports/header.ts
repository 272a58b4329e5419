import type { ImportKind, LineError } from "../job.ts";
import type { Line } from "../text/read-lines.ts";
import { SHEETS } from "./sheet.ts";

type Header =
  | { readonly columns: readonly string[]; readonly errors?: undefined }
  | { readonly errors: readonly LineError[] };

/** Reads the first line: which column is which, in any case and order. Each that is unknown, missing or there twice is named. */
export function readHeader(line: Line | undefined, kind: ImportKind): Header {
  if (line === undefined)
    return { errors: [{ line: 1, column: null, message: "The file is empty: it has no header." }] };
  const { required, optional } = SHEETS[kind];
  const known = [...required, ...optional];
  const names = line.cells.map((cell) => cell.trim());
  const columns = names.map((name) => known.find((one) => isSame(one, name)));
  const error = (column: string, message: string) => ({ line: line.line, column, message });
  const errors = [
    ...names.flatMap((name, i) =>
      columns[i] === undefined
        ? [error(name, `There is no such column. There are: ${known.join(", ")}.`)]
        : columns.indexOf(columns[i]) < i
          ? [error(name, "Is there twice.")]
          : [],
    ),
    ...required.filter((name) => !columns.includes(name)).map((name) => error(name, "Is missing.")),
    ...SHEETS[kind].together
      .flatMap((pair) => missingOf(pair, columns))
      .map((name) => error(name, "Is missing: these columns come together.")),
  ];
  return errors.length > 0 ? { errors } : { columns: columns.filter((one) => one !== undefined) };
}

const isSame = (name: string, cell: string) => name.toLowerCase() === cell.toLowerCase();

function missingOf(pair: readonly string[], columns: readonly (string | undefined)[]) {
  const missing = pair.filter((name) => !columns.includes(name));
  return missing.length < pair.length ? missing : [];
}
