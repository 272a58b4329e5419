import { type Check, text } from "./checks.ts";
import { invalid } from "./problem.ts";

const MAX_METADATA_KEYS = 50;
const MAX_METADATA_KEY_CHARACTERS = 40;
const MAX_METADATA_VALUE_CHARACTERS = 500;

export function url(): Check<string> {
  return (value, param) => {
    const raw = text()(value, param);
    const parsed = URL.canParse(raw) ? new URL(raw) : undefined;
    if (parsed?.protocol !== "https:" && parsed?.protocol !== "http:") {
      throw invalid("Not a valid URL", param, "url_invalid");
    }
    return raw;
  };
}

export function email(): Check<string> {
  return (value, param) => {
    const raw = text({ max: 800 })(value, param);
    if (!isEmail(raw)) throw invalid(`Invalid email address: ${raw}`, param, "email_invalid");
    return raw;
  };
}

export function isEmail(value: string): boolean {
  return (
    value.length <= 512 && /^[^\s@<>()"',;:]+@[^\s@<>()"',;:]+\.[^\s@<>()"',;:.]+$/.test(value)
  );
}

/** Limits: https://docs.stripe.com/api/metadata. An empty value unsets its key. */
export function metadata(): Check<Record<string, string>> {
  return (value, param) => {
    if (value === undefined || value === "") return {};
    if (typeof value === "string") throw invalid("Invalid hash", param);
    const entries: [string, string][] = [];
    for (const [key, entry] of Object.entries(value)) {
      if (typeof entry !== "string") {
        throw invalid(
          `Metadata values must be strings, but for key '${key}' you passed in a value of type hash.`,
          param,
        );
      }
      refuseLongEntry(key, entry, param);
      if (entry !== "") entries.push([key, entry]);
    }
    if (entries.length > MAX_METADATA_KEYS) {
      throw invalid(
        `Metadata can have up to ${MAX_METADATA_KEYS} keys, but you passed in ${entries.length} keys.`,
        param,
      );
    }
    return Object.fromEntries(entries);
  };
}

function refuseLongEntry(key: string, value: string, param: string): void {
  if (key.length > MAX_METADATA_KEY_CHARACTERS) {
    throw invalid(
      `Metadata keys can have up to ${MAX_METADATA_KEY_CHARACTERS} characters, but you passed in a key that is ${key.length} characters. Invalid key: ${key}`,
      param,
    );
  }
  if (value.length > MAX_METADATA_VALUE_CHARACTERS) {
    throw invalid(
      `Metadata values can have up to ${MAX_METADATA_VALUE_CHARACTERS} characters, but you passed in a value that is ${value.length} characters. Invalid value: ${value.slice(0, 80)}…`,
      `${param}[${key}]`,
    );
  }
}
