import { createHash } from "node:crypto";
import { AppError } from "../../platform/errors.ts";
import type { FileBucket } from "../context.ts";

const MIB = 1024 * 1024;
/** All parts but the last have one size, of at least 5 MiB. https://developers.cloudflare.com/r2/objects/upload-objects/#multipart-upload-limits */
const PART_BYTES = 8 * MIB;

/** What was stored. */
export interface Stored {
  readonly bytes: number;
  /** SHA-256 of it, in hexadecimal digits. */
  readonly hash: string;
}

/**
 * Puts a stream into the bucket without ever having more of it in memory than a part. Throws `PAYLOAD_TOO_LARGE`; nothing is
 * left in the bucket then, or when the stream breaks off.
 */
export async function storeStream(
  bucket: FileBucket,
  key: string,
  { stream, maxBytes }: { readonly stream: ReadableStream<Uint8Array>; readonly maxBytes: number },
): Promise<Stored> {
  const hash = createHash("sha256"); // which takes it as it comes, as Web Crypto does not
  const parts = new Parts(bucket, key);
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes)
        throw new AppError("PAYLOAD_TOO_LARGE", `The file is larger than ${maxBytes / MIB} MiB.`);
      hash.update(chunk);
      await parts.add(chunk);
    }
    await parts.end();
  } catch (error) {
    await parts.abort().catch(() => undefined);
    throw error;
  }
  return { bytes, hash: hash.digest("hex") };
}

/** An object that is written part by part. */
class Parts {
  readonly #bucket: FileBucket;
  readonly #key: string;
  #upload: R2MultipartUpload | undefined;
  readonly #sent: R2UploadedPart[] = [];
  #part = new Uint8Array(0);
  #filled = 0;

  constructor(bucket: FileBucket, key: string) {
    this.#bucket = bucket;
    this.#key = key;
  }

  async add(chunk: Uint8Array): Promise<void> {
    for (let rest = chunk; rest.byteLength > 0; ) {
      this.#makeRoom(rest.byteLength);
      const fits = rest.subarray(0, PART_BYTES - this.#filled);
      this.#part.set(fits, this.#filled);
      this.#filled += fits.byteLength;
      rest = rest.subarray(fits.byteLength);
      if (this.#filled === PART_BYTES) await this.#send();
    }
  }

  /** A small file takes no more memory than it is long. */
  #makeRoom(bytes: number): void {
    const wanted = Math.min(PART_BYTES, this.#filled + bytes);
    if (this.#part.byteLength >= wanted) return;
    const grown = new Uint8Array(Math.min(PART_BYTES, Math.max(wanted, 2 * this.#part.byteLength)));
    grown.set(this.#part.subarray(0, this.#filled));
    this.#part = grown;
  }

  async #send(): Promise<void> {
    this.#upload ??= await this.#bucket.createMultipartUpload(this.#key);
    const number = this.#sent.length + 1;
    this.#sent.push(await this.#upload.uploadPart(number, this.#part.subarray(0, this.#filled)));
    this.#filled = 0;
  }

  async end(): Promise<void> {
    if (this.#upload === undefined) {
      await this.#bucket.put(this.#key, this.#part.subarray(0, this.#filled));
      return;
    }
    if (this.#filled > 0) await this.#send();
    await this.#upload.complete(this.#sent);
  }

  async abort(): Promise<void> {
    await this.#upload?.abort();
  }
}
