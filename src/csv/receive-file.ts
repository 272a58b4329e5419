import { AppError, invalidField } from "../platform/errors.ts";
import type { CsvContext } from "./context.ts";
import { type Stored, storeStream } from "./files/store-stream.ts";

interface Sent {
  readonly key: string;
  readonly stream: ReadableStream<Uint8Array> | null;
  readonly maxBytes: number;
}

const RETRY_AFTER_SECONDS = 30;

/** Puts what is sent into the bucket as it comes. Throws `VALIDATION_FAILED` for nothing, `PAYLOAD_TOO_LARGE`, `UNAVAILABLE`. */
export async function receiveFile(
  ctx: CsvContext,
  { key, stream, maxBytes }: Sent,
): Promise<Stored> {
  if (stream === null) throw empty();
  const stored = await storeStream(ctx.files, key, { stream, maxBytes }).catch((cause: unknown) => {
    throw cause instanceof AppError ? cause : unavailable(cause);
  });
  if (stored.bytes > 0) return stored;
  await ctx.files.delete(key);
  throw empty();
}

function empty(): AppError {
  return invalidField("body", "Is empty: send the file, with a header in its first line.");
}

function unavailable(cause: unknown): AppError {
  return new AppError(
    "UNAVAILABLE",
    "The file has not arrived whole, or the store of files does not answer. Please send it again in a moment.",
    { headers: { "Retry-After": String(RETRY_AFTER_SECONDS) }, cause },
  );
}
