import type { Context as HonoContext } from "hono";
import type { RouteName } from "../access.ts";
import { AppError, invalidFields } from "../errors.ts";
import { encoded } from "./errors.ts";

const MIB = 1024 * 1024;
/** What a form has around its file: its other fields, and the lines between them. */
const FORM_BYTES = 64 * 1024;

const FORM = /^\s*multipart\/form-data\s*;/i;

export const FORM_TYPE = "multipart/form-data";

interface Upload {
  /** How large the file may be. */
  readonly bytes: number;
  /** In a form, or as the body itself, which its route reads as it comes. */
  readonly as: "form" | "body";
}

/** The routes that take a file. */
const UPLOADS = {
  "POST /products/{id}/images": { bytes: 10 * MIB, as: "form" },
  "POST /imports/products": { bytes: 64 * MIB, as: "body" },
  "POST /imports/stock": { bytes: 64 * MIB, as: "body" },
} as const satisfies Partial<Record<RouteName, Upload>>;

const PATTERNS = Object.entries(UPLOADS).map(([name, upload]) => {
  const [method, path = ""] = name.split(" ");
  return {
    ...{ method, path: new RegExp(`^/api/v1${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`) },
    ...{ as: upload.as, bytes: upload.bytes + (upload.as === "form" ? FORM_BYTES : 0) },
  };
});

/** How large the body may be that this address takes a file in, and how; undefined where it takes none. */
export function uploadAt(method: string, path: string): Upload | undefined {
  return PATTERNS.find((one) => one.method === method && one.path.test(path));
}

/** How large the file may be that a route takes, in bytes. */
export function uploadLimitOf(name: string): number {
  const uploads: Readonly<Record<string, Upload>> = UPLOADS;
  const upload = uploads[name];
  if (upload === undefined) throw new Error(`${name} has no limit in platform/http/uploads.ts`);
  return upload.bytes;
}

export const CSV_TYPE = "text/csv";
const CSV = /^\s*text\/csv\s*(;\s*(charset\s*=\s*"?utf-?8"?|header\s*=\s*\w+)\s*)*$/i;

/** 415 for a body that is compressed. */
export function refuseEncoded(headers: Headers): void {
  const coding = headers.get("Content-Encoding") ?? "identity";
  if (coding.trim().toLowerCase() !== "identity") throw encoded();
}

/** 415 for a body that does not say that it is CSV in UTF-8, as it is. https://www.rfc-editor.org/rfc/rfc7111#section-5.1 */
export function requireCsv(c: HonoContext): void {
  refuseEncoded(c.req.raw.headers);
  if (!CSV.test(c.req.header("Content-Type") ?? ""))
    throw new AppError(
      "UNSUPPORTED_MEDIA_TYPE",
      "Send the file as the body, in UTF-8: Content-Type: text/csv.",
    );
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
