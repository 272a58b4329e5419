import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

const { NO_COLOR } = process.env;
const COLOURS = process.stdout.isTTY === true && !NO_COLOR;

/** What wrangler says that is of no use here: it repeats the Worker's own line for each request, and itself. */
const NOISE = [
  /^\[wrangler:info\] (GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|Ready on)\b/,
  /^Using secrets defined in/,
  /^Your Worker has access to the following bindings/,
  /^Binding\s+Resource/,
  /^env\.\w+ \(/,
  /^⎔ (Starting local server|Connection status updated)/,
  /Scheduled Workers are not automatically triggered/,
  /^\s*To manually trigger a scheduled event/,
  /^\s*curl "http.*\/scheduled"/,
  /^\s*For more details, see .*cron-triggers/,
  /^🪵/u,
  /^\s*$/,
];

/** What wrangler puts before console.error and console.warn. */
const LABEL = /^\S+ \[(ERROR|WARNING)\] (?=\{)/u;

/** Fields of a log line that are shown in a place of their own, or say what all lines here say. */
const SHOWN_ELSEWHERE = new Set([
  ...["time", "timestamp", "ts", "level", "message", "msg", "event", "service", "version", "env"],
  ...["method", "path", "route", "status", "ms", "requestId"],
]);

/** The fields this program knows, under the names that loggers commonly give them. */
interface Known {
  readonly time?: unknown;
  readonly timestamp?: unknown;
  readonly ts?: unknown;
  readonly level?: unknown;
  readonly event?: unknown;
  readonly problem?: unknown;
  readonly message?: unknown;
  readonly msg?: unknown;
  readonly method?: unknown;
  readonly path?: unknown;
  readonly route?: unknown;
  readonly status?: unknown;
  readonly ms?: unknown;
}
type Fields = Known & Readonly<Record<string, unknown>>;

/**
 * Shows a child's output line by line: log records as one readable line, wrangler's chatter left out. What the Worker
 * says of variables with which it cannot start goes to `onUnusable` instead: it says so at each request.
 */
export function showOutput(stream: Readable, onUnusable: (problem: string) => void): void {
  createInterface({ input: stream }).on("line", (line) => {
    const problem = problemOf(line);
    if (problem !== undefined) return onUnusable(problem);
    const shown = formatLine(line);
    if (shown !== undefined) console.log(shown);
  });
}

function problemOf(line: string): string | undefined {
  const record = parseRecord(stripColours(line).replace(LABEL, ""));
  return record?.event === "not_configured" ? asText(record.problem ?? line) : undefined;
}

/** One line of wrangler's output as a person wants it, or undefined when it says nothing new. */
export function formatLine(line: string): string | undefined {
  const plain = stripColours(line);
  const record = parseRecord(plain.replace(LABEL, ""));
  if (record) return formatRecord(record);
  return NOISE.some((pattern) => pattern.test(plain)) ? undefined : COLOURS ? line : plain;
}

/** Makes text faint, where the terminal can. */
export function faint(text: string): string {
  return paint("2", text);
}

function formatRecord(fields: Fields): string {
  const at = fields.time ?? fields.timestamp ?? fields.ts ?? Date.now();
  const level = String(fields.level ?? "info");
  const rest = Object.entries(fields).filter(
    ([name, value]) => !SHOWN_ELSEWHERE.has(name) && value != null,
  );
  const parts = [
    faint(clockTime(at)),
    level === "info" ? "" : paint(level === "error" ? "31;1" : "33", level),
    String(fields.event ?? fields.message ?? fields.msg ?? ""),
    requestPart(fields),
    faint(rest.map(([name, value]) => `${name}=${asText(value)}`).join(" ")),
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function requestPart(fields: Fields): string {
  if (fields.method === undefined) return "";
  const status = Number(fields.status);
  const colour = status >= 500 ? "31;1" : status >= 400 ? "33" : "32";
  const duration = fields.ms === undefined ? "" : faint(`${asText(fields.ms)} ms`);
  const path = asText(fields.path ?? fields.route ?? "");
  const answer = fields.status === undefined ? "" : paint(colour, String(status));
  return [asText(fields.method), path, answer, duration].filter((part) => part !== "").join(" ");
}

function parseRecord(line: string): Fields | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function clockTime(value: unknown): string {
  const at = new Date(typeof value === "number" ? value : String(value));
  return Number.isNaN(at.getTime()) ? asText(value) : at.toTimeString().slice(0, 8);
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function paint(code: string, text: string): string {
  return COLOURS && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
}

function stripColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours start with an escape character
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
