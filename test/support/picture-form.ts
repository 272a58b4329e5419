const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
let made = 0;

/** The last chunk of a PNG. */
const END = [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];

/** A PNG of this size as far as its head says, with bytes of its own behind it. */
export function png(width = 3, height = 2): Uint8Array<ArrayBuffer> {
  made += 1;
  const bytes = new Uint8Array(76);
  bytes.set(bytesOf("iVBORw0KGgoAAAANSUhEUg=="));
  bytes.set([0, 0, 0, 19, 0x74, 0x45, 0x58, 0x74], 33); // a text
  bytes.set(END, 64);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  bytes.set([8, 2], 24);
  view.setUint32(48, made);
  view.setFloat64(52, Math.random());
  return bytes;
}

/** A form with a picture. */
export function pictureForm(
  bytes: Uint8Array<ArrayBuffer> = png(),
  more: Readonly<Record<string, string>> = { alt: "A mug" },
): FormData {
  const form = new FormData();
  form.set("file", new File([bytes], "mug.png", { type: "image/png" }));
  for (const [name, value] of Object.entries(more)) form.set(name, value);
  return form;
}
