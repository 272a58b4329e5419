/**
 * Where a spreadsheet takes what follows for a formula: at the beginning of a cell, and, where it splits lines by other
 * separators than commas, behind each of those inside of one. https://owasp.org/www-community/attacks/CSV_Injection
 */
const RISKY = /(?<=^|[;\t])(?='*[=+\-@\t\r\n])/g;
const DEFUSED = /(?<=^|[;\t])'(?='*[=+\-@\t\r\n])/g;

/** A cell that no spreadsheet calculates: an apostrophe before what one would. */
export function defuse(text: string): string {
  return text.replace(RISKY, "'");
}

/** The text that was defused. */
export function restore(cell: string): string {
  return cell.replace(DEFUSED, "");
}
