type Fields = Record<string, unknown>;
export type Level = "info" | "warn" | "error";

const REDACTED = "[redacted]";
const PRIVATE_KEY =
  /authorization|cookie|password|secret|token|signature|api[-_]?key|email|address|phone|payload|^name$|^body$|^to$/i;
const SECRETS = [
  String.raw`\b(?:sk|rk|pk)_(?:test|live)_\w+`,
  String.raw`\bwhsec_\w+`,
  String.raw`\b(?:hf|ot|rt|bs|gb|link)_[\w-]+`,
  // A guest's hold belongs to whoever knows its id, as a path may write it, too.
  String.raw`\brsv(?:_|%5[fF])[\w%-]+`,
  String.raw`\betk_\w+\.[\w-]+`,
  String.raw`\beyJ[\w-]+\.[\w-]+\.[\w-]+`,
  String.raw`\b[Bb]earer \S+`,
];
// An address as people and as URLs write it; the bound keeps a long text without one cheap.
const ADDRESS = String.raw`[\p{L}\p{N}._+-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}\.[\p{L}\p{N}.-]+`;
let privateText: RegExp | undefined;
/** The same for a short text in which no address can be: nearly all that a log says, and ten times as fast. */
const SECRET_TEXT = new RegExp(SECRETS.join("|"), "gu");
const AT = /@|%40/;
const MAX_TEXT = 500;
const MAX_DEPTH = 4;

/** Takes secrets and personal data out of whatever is about to be logged, by key and by shape. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint" || typeof value === "function") return redactText(String(value));
  if (value instanceof Error) return redact(describeError(value), depth);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "[deep]";
  if (Array.isArray(value)) return value.slice(0, 20).map((one) => redact(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      redactText(key),
      PRIVATE_KEY.test(key) && inner !== undefined && inner !== null
        ? REDACTED
        : redact(inner, depth + 1),
    ]),
  );
}

function allPrivate(): RegExp {
  privateText ??= new RegExp([...SECRETS, ADDRESS].join("|"), "gu");
  return privateText;
}

function redactText(text: string): string {
  const hidden = text.length > MAX_TEXT || AT.test(text) ? allPrivate() : SECRET_TEXT;
  return text.replace(hidden, REDACTED).slice(0, MAX_TEXT);
}

/** An error's own words and those of its causes; never a stack, which can carry values. */
function describeError(error: Error): { type: string; message: string; causes?: string[] } {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 5; cause = cause.cause) {
    causes.push(`${cause.name}: ${cause.message}`);
  }
  return {
    type: error.name,
    message: error.message,
    ...(causes.length > 0 ? { causes } : {}),
  };
}

/** Collects what is worth knowing of one request, message or task, and writes it as one JSON line. */
export class Log {
  readonly #fields: Fields;
  #level: Level = "info";

  constructor(fields: Fields) {
    this.#fields = fields;
  }

  set(fields: Fields): void {
    Object.assign(this.#fields, fields);
  }

  /** Marks the line as a warning or an error; it never gets milder again. */
  raise(level: Level): void {
    if (level === "error" || this.#level === "info") this.#level = level;
  }

  /** Notes a failure that the work itself survived. */
  note(level: Level, event: string, error: unknown): void {
    this.raise(level);
    const notes = Array.isArray(this.#fields["notes"]) ? this.#fields["notes"] : [];
    this.#fields["notes"] = [...notes, { event, error }];
  }

  emit(fields: Fields = {}): void {
    const line = JSON.stringify(redact({ level: this.#level, ...this.#fields, ...fields }));
    write(this.#level, line);
  }
}

function write(level: Level, line: string): void {
  // biome-ignore lint/suspicious/noConsole: the console is the Worker's log
  console[level](line);
}
