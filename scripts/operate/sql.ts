/**
 * A statement for programs that cannot bind values: each text goes in as hexadecimal digits, so that nothing in it can
 * be read as SQL, by SQLite or by whatever splits statements before it. Numbers must be whole.
 */
export function sql(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return String.raw({ raw: parts }, ...values.map(quote));
}

function quote(value: string | number): string {
  if (typeof value === "string")
    return `CAST(X'${Buffer.from(value, "utf8").toString("hex")}' AS TEXT)`;
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not a whole number`);
  return String(value);
}
