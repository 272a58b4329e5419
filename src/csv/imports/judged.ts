/** A line that is fine by itself, as it is kept until all of them are. */
export interface StagedRow {
  readonly line: number;
  readonly slug: string;
  readonly sku: string;
  readonly data: object;
}

export interface Problem {
  readonly column: string;
  readonly message: string;
}

/** The cells of a line by their columns; one that is not in the file is undefined. */
export type Cells = Readonly<Record<string, string | undefined>>;

export type Judged =
  | { readonly row: Omit<StagedRow, "line"> }
  | { readonly problems: readonly Problem[] };
