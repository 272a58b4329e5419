import type { FileBucket } from "../context.ts";

/** The bytes of several objects as one stream, each of them asked for when the one before it is read. */
export function joinObjects(
  bucket: FileBucket,
  keys: readonly string[],
): ReadableStream<Uint8Array> {
  const left = [...keys];
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  return new ReadableStream({
    async pull(controller) {
      for (;;) {
        reader ??= await nextReader(bucket, left);
        if (reader === undefined) return controller.close();
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        reader = undefined;
      }
    },
    cancel: (reason) => reader?.cancel(reason),
  });
}

async function nextReader(bucket: FileBucket, left: string[]) {
  const key = left.shift();
  if (key === undefined) return undefined;
  const object = await bucket.get(key);
  if (object === null) throw new Error(`A part of the file is gone: ${key}`);
  const body: ReadableStream<Uint8Array> = object.body;
  return body.getReader();
}
