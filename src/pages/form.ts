import { AppError } from "../platform/errors.ts";
import type { PageRequest } from "./context.ts";

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/** Every character of a password counts. */
const AS_TYPED = new Set(["password", "currentPassword"]);

/** The fields of a form; the first value counts where a name comes twice. */
export type Form = ReadonlyMap<string, string>;

/** Field name to one sentence. */
export type FieldErrors = Readonly<Record<string, string>>;

/** Reads a form's body. Throws 415 for any other kind of body. */
export async function readForm(c: PageRequest): Promise<Form> {
  const type = c.req.header("Content-Type");
  if (type === undefined && c.req.raw.body === null) return new Map();
  if (!FORM_TYPE.test(type ?? "")) {
    throw new AppError(
      "UNSUPPORTED_MEDIA_TYPE",
      "This address takes forms only: application/x-www-form-urlencoded.",
    );
  }
  const fields = new Map<string, string>();
  // Workers warn of `text()` on a body that is not called text.
  const body = new TextDecoder().decode(await c.req.arrayBuffer());
  for (const [name, value] of new URLSearchParams(body)) {
    if (fields.has(name)) continue;
    fields.set(name, AS_TYPED.has(name) ? value : withoutControls(value));
  }
  return fields;
}

function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ").trim();
}
