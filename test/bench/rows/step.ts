/** How large a shop is made, and when it is. All of it follows from the seed. */
export interface Scale {
  /** Orders with lines; everything else is in proportion to them. */
  readonly orders: number;
  readonly products: number;
  readonly variants: number;
  readonly customers: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly seed: number;
}

/** Statements that make so many rows, in slices. `from` and `to` are the first and the last number of a slice. */
export interface Step {
  readonly words: string;
  readonly count: (scale: Scale) => number;
  readonly statements: (scale: Scale, from: number, to: number) => readonly string[];
}

const VARIANTS_A_PRODUCT = 2;

export function scaleOf(orders: number, seed: number, now: number): Scale {
  const products = Math.max(Math.ceil(orders / 10), 20);
  const customers = Math.max(Math.ceil(orders / 10), 20);
  return { orders, products, variants: products * VARIANTS_A_PRODUCT, customers, now, seed };
}

/** The whole numbers of a slice, as the table `n` with the column `i`. */
export const numbers = (from: number, to: number) =>
  `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;

const YEAR_MS = 365 * 86_400_000;

/** When the one of this number came, of so many in two years: SQL. */
export const cameAt = ({ now }: Scale, count: number) =>
  `(${now - 2 * YEAR_MS} + CAST(i AS INTEGER) * ${Math.floor((2 * YEAR_MS) / (count + 1))})`;
