/** What a spreadsheet takes for the beginning of a formula. https://owasp.org/www-community/attacks/CSV_Injection */
const RISKY = /^'*[=+\-@\t\r\n]/;
const DEFUSED = /^''*[=+\-@\t\r\n]/;

/** A cell that no spreadsheet calculates: an apostrophe before what one would. */
export function defuse(text: string): string {
  return RISKY.test(text) ? `'${text}` : text;
}

/** The text that was defused. */
export function restore(cell: string): string {
  return DEFUSED.test(cell) ? cell.slice(1) : cell;
}
