import { MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";

const HOLD_MS = 15 * MINUTE_MS;
const DIGIT_HEIGHT = 30;
const CENTER = 60;
const COLORS = {
  light: { track: "#ead9be", ring: "#b0482c", ink: "#2b211b" },
  dark: { track: "#47392f", ring: "#ec9470", ink: "#f6ead9" },
} as const;

export interface CountdownOptions {
  readonly remainingMs: number;
  readonly theme: keyof typeof COLORS;
  /** False for a page whose script writes the digits itself. */
  readonly digits: boolean;
}

/** The columns of "mm:ss": where each is, what it counts through, and how long a digit of it stays. */
const COLUMNS = [
  { x: 34, from: 9, seconds: 600 },
  { x: 50, from: 9, seconds: 60 },
  { x: 70, from: 5, seconds: 10 },
  { x: 86, from: 9, seconds: 1 },
] as const;

/**
 * A ring that runs down with the time in its middle, moving by itself (SMIL) also inside `<img>`. Colors are attributes,
 * because a style sheet in here would be subject to the page's CSP where the image is opened by itself.
 */
export function countdownSvg({ remainingMs, theme, digits }: CountdownOptions): string {
  const seconds = Math.max(0, remainingMs / SECOND_MS);
  const { track, ring, ink } = COLORS[theme];
  const spent = 1 - Math.min(1, Math.max(0, remainingMs) / HOLD_MS);
  const run =
    seconds > 0
      ? `<animate attributeName="stroke-dashoffset" from="${spent.toFixed(4)}" to="1" dur="${seconds.toFixed(2)}s" fill="freeze"/>`
      : "";
  const circle = `cx="${CENTER}" cy="${CENTER}" r="54" fill="none" stroke-width="7"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" width="120" height="120" role="img" aria-label="Time left"><circle ${circle} stroke="${track}"/><circle ${circle} stroke="${ring}" stroke-linecap="butt" pathLength="1" stroke-dasharray="1 1" stroke-dashoffset="${spent.toFixed(4)}" transform="rotate(-90 ${CENTER} ${CENTER})">${run}</circle>${digits ? clock(seconds, ink) : ""}</svg>`;
}

function clock(seconds: number, ink: string): string {
  const font = `fill="${ink}" font-family="system-ui,-apple-system,Segoe UI,Inter,sans-serif" font-size="26" font-weight="600" text-anchor="middle"`;
  const zero = `<text x="${CENTER}" y="69" visibility="${seconds > 0 ? "hidden" : "visible"}">00:00${
    seconds > 0
      ? `<set attributeName="visibility" to="visible" begin="${seconds.toFixed(2)}s" fill="freeze"/>`
      : ""
  }</text>`;
  if (seconds <= 0) return `<g ${font}>${zero}</g>`;
  const end = `<set attributeName="visibility" to="hidden" begin="${seconds.toFixed(2)}s" fill="freeze"/>`;
  const columns = COLUMNS.map((column) => digitColumn(column, seconds)).join("");
  const window = `<clipPath id="w"><rect x="10" y="46" width="100" height="${DIGIT_HEIGHT - 2}"/></clipPath>`;
  return `${window}<g ${font}><g clip-path="url(#w)">${end}${columns}<text x="${CENTER}" y="67">:</text></g>${zero}</g>`;
}

/** A strip of digits behind the window, one step each time its digit changes: the first step is a second below a full turn. */
function digitColumn({ x, from, seconds }: (typeof COLUMNS)[number], left: number): string {
  const count = from + 1;
  const turn = count * seconds;
  const passed = (((-1 - left) % turn) + turn) % turn;
  const shown = Array.from({ length: count }, (_, i) => from - i);
  const strip = shown
    .map((digit) => `<tspan x="${x}" y="${69 + digit * DIGIT_HEIGHT}">${digit}</tspan>`)
    .join("");
  const offsets = shown.map((digit) => `0 ${-digit * DIGIT_HEIGHT}`).join(";");
  return `<text>${strip}<animateTransform attributeName="transform" type="translate" calcMode="discrete" values="${offsets}" dur="${turn}s" begin="-${passed.toFixed(2)}s" repeatCount="indefinite"/></text>`;
}
