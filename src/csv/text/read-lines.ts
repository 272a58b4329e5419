/** How a file parts its cells and lines. */
export interface Dialect {
  readonly delimiter: string;
  readonly newline: "\n" | "\r\n" | "\r";
}

export interface Line {
  /** Of the file, from 1: where the record begins. */
  readonly line: number;
  readonly cells: readonly string[];
  /** What is wrong with its quotes. */
  readonly problem?: string;
}

export interface Lines {
  readonly lines: readonly Line[];
  /** How many characters they are; what is behind them is the beginning of another one. */
  readonly consumed: number;
  /** The number of the line after them. */
  readonly next: number;
}

interface Stepped {
  readonly data: readonly (readonly string[])[];
  readonly errors: readonly { readonly code: string }[];
  readonly meta: { readonly cursor: number };
}

const LINE_ENDS = /\r\n|\n|\r/g;
const QUOTED = /"[^"]*"/g;
const DELIMITERS = [",", ";", "\t"];
const PROBLEMS: Readonly<Record<string, string>> = {
  MissingQuotes: "Has a quote that is not closed.",
  InvalidQuotes: "Has something behind a closing quote. Quotes inside a cell are written twice.",
};

/** Finds out how a file is written, by its beginning: what ends its first line, and what parts the cells of that. */
export function dialectOf(text: string): Dialect {
  const plain = text.replaceAll(QUOTED, "");
  const end = plain.match(LINE_ENDS)?.[0] ?? "\n";
  const [first = ""] = plain.split(end);
  const counted = DELIMITERS.map((one) => first.split(one).length);
  const delimiter = DELIMITERS[counted.indexOf(Math.max(...counted))] ?? ",";
  return { delimiter, newline: end as Dialect["newline"] };
}

/**
 * Reads the whole lines of a part of a file, the first of which has this number; blank ones are left out. Of the file's end
 * (`isLast`) the last line need not be closed. papaparse is loaded when the first file is read.
 */
export async function readLines(
  text: string,
  { delimiter, newline, first, isLast }: Dialect & { first: number; isLast: boolean },
): Promise<Lines> {
  const { default: Papa } = await import("papaparse");
  const lines: Line[] = [];
  let consumed = 0;
  let next = first;
  const step = ({ data: [cells = []], errors: [error], meta }: Stepped) => {
    const isBlank = cells.length === 1 && (cells[0] ?? "").trim() === "";
    const problem = error && (PROBLEMS[error.code] ?? "Cannot be read.");
    if (!isBlank) lines.push({ line: next, cells, ...(problem && { problem }) });
    next += text.slice(consumed, meta.cursor).match(LINE_ENDS)?.length ?? 0;
    consumed = meta.cursor;
  };
  const config = { delimiter, newline, step } as unknown as ConstructorParameters<
    typeof Papa.Parser
  >[0]; // the parser below the streams takes the callback as it is
  new Papa.Parser(config).parse(text, 0, !isLast);
  return { lines, consumed, next };
}
