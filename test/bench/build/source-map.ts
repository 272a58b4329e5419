const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const MORE = 32;
const BITS = 5;

interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** The text of a bundle by the source that it came from; what came from none is under the empty name. (ECMA-426) */
export function textBySource(code: string, map: string): Map<string, string> {
  const { sources, mappings } = JSON.parse(map) as SourceMap; // what esbuild writes
  const texts = new Map<string, string[]>();
  const add = (source: string, text: string) => {
    const known = texts.get(source);
    if (known === undefined) texts.set(source, [text]);
    else known.push(text);
  };
  const lines = code.split("\n");
  let source = 0;
  let name = "";
  for (const [i, line] of mappings.split(";").entries()) {
    const text = lines[i] ?? "";
    let column = 0;
    let from = 0;
    for (const segment of line === "" ? [] : line.split(",")) {
      const [across = 0, other] = decode(segment);
      column += across;
      add(name, text.slice(from, column));
      from = column;
      source += other ?? 0;
      name = other === undefined ? "" : (sources[source] ?? "");
    }
    add(name, `${text.slice(from)}\n`);
  }
  return new Map([...texts].map(([one, parts]) => [one, parts.join("")]));
}

/** Base64 VLQ: five bits a digit, the lowest first, and the sign in the last bit of the number. */
function decode(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const char of segment) {
    const digit = DIGITS.indexOf(char);
    value += (digit & (MORE - 1)) << shift;
    shift += BITS;
    if ((digit & MORE) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}
