import { defuse } from "./cells.ts";

const NEEDS_QUOTES = /[",;\r\n\t]|^\s|\s$/;

/** Says to spreadsheets that it is UTF-8. */
export const BYTE_ORDER_MARK = "\ufeff";

/** Lines of CSV. https://www.rfc-editor.org/rfc/rfc4180#section-2 */
export function csvLines(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(cellText).join(",")}\r\n`).join("");
}

function cellText(text: string): string {
  const cell = defuse(text);
  return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
