import type { Context as HonoContext } from "hono";
import type { RouteName } from "../access.ts";
import { AppError, invalidFields } from "../errors.ts";

const MIB = 1024 * 1024;
/** What a form has around its file: its other fields, and the lines between them. */
const FORM_BYTES = 64 * 1024;

const FORM = /^\s*multipart\/form-data\s*;/i;

export const FORM_TYPE = "multipart/form-data";

/** The routes that take a file, in a form, with how large that may be, in bytes. */
const UPLOADS = {
  "POST /products/{id}/images": 10 * MIB,
} as const satisfies Partial<Record<RouteName, number>>;

const PATTERNS = Object.entries(UPLOADS).map(([name, bytes]) => {
  const [method, path = ""] = name.split(" ");
  return { method, bytes, path: new RegExp(`^/api/v1${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`) };
});

/** How large the form may be that this address takes, in bytes; undefined where it takes none. */
export function formLimitOf(method: string, path: string): number | undefined {
  const found = PATTERNS.find((one) => one.method === method && one.path.test(path));
  return found && found.bytes + FORM_BYTES;
}

/** How large the file may be that a route takes, in bytes. */
export function fileLimitOf(name: string): number {
  const limits: Readonly<Record<string, number>> = UPLOADS;
  const limit = limits[name];
  if (limit === undefined) throw new Error(`${name} has no limit in platform/http/uploads.ts`);
  return limit;
}

/**
 * Reads a form with a `file` of at most so many bytes, as an object of its fields. Throws `UNSUPPORTED_MEDIA_TYPE` for what
 * is no form, `VALIDATION_FAILED` for one that cannot be read or has a field twice, `PAYLOAD_TOO_LARGE`.
 */
export async function readUpload(
  c: HonoContext,
  maxBytes: number,
): Promise<Record<string, string | File>> {
  if (!FORM.test(c.req.header("Content-Type") ?? ""))
    throw new AppError(
      "UNSUPPORTED_MEDIA_TYPE",
      "Send the file in a form: Content-Type: multipart/form-data.",
    );
  const form = await formOf(c);
  const twice = [...form.keys()].filter((name) => form.getAll(name).length > 1);
  if (twice.length > 0)
    throw invalidFields(Object.fromEntries(twice.map((name) => [name, "Is there twice."])));
  const file = form.get("file");
  if (file instanceof File && file.size > maxBytes)
    throw new AppError("PAYLOAD_TOO_LARGE", `The file is larger than ${maxBytes / MIB} MiB.`, {
      fields: { file: `Must have at most ${maxBytes / MIB} MiB.` },
    });
  return Object.fromEntries(form);
}

async function formOf({ req }: HonoContext): Promise<FormData> {
  try {
    return await req.raw.formData();
  } catch (cause) {
    throw new AppError("VALIDATION_FAILED", "The form cannot be read.", {
      fields: { file: "Is not in a form that is whole." },
      cause,
    });
  }
}
