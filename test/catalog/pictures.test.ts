import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newProduct } from "../support/catalog.ts";
import { type Answer, call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { pictureForm, png } from "../support/picture-form.ts";
import { addPicture } from "../support/pictures.ts";
import { shopOver } from "../support/rig.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const made = async () => (await newProduct({})).body.data as { id: string; slug: string };
const read = async ({ id }: { id: string }) =>
  (await call("GET", `/api/v1/products/${id}`)).body.data;
const altsOf = async (product: { id: string }) =>
  (await read(product)).images.map(({ alt }: { alt: string }) => alt).join("");
const said = ({ status, body }: Answer) => [status, body?.error?.code, body?.error?.fields];
const fetchPicture = (url: string, headers = {}) => call("GET", new URL(url).pathname, { headers });
const withAlt = (alt: string) => pictureForm(png(), { alt });
const path = (id: string) => `/api/v1/images/${id}`;

/** Pictures of 3 by 2 pixels, but for what is in them; after them comes what nobody reads. */
const HEADS: Readonly<Record<string, readonly number[]>> = {
  jpg: [
    ...[0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0],
    ...[0xff, 0xc0, 0, 17, 8, 0, 2, 0, 3, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1],
    ...[0xff, 0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9],
  ],
  webp: [
    ...[0x52, 0x49, 0x46, 0x46, 40, 0, 0, 0, 0x57, 0x45, 0x42, 0x50, 0x56, 0x50, 0x38, 0x58],
    ...[10, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ],
  avif: [
    ...[
      0, 0, 0, 20, 0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69, 0x66, 0, 0, 0, 0, 0x61, 0x76, 0x69,
      0x66,
    ],
    ...[0, 0, 0, 48, 0x6d, 0x65, 0x74, 0x61, 0, 0, 0, 0],
    ...[0, 0, 0, 36, 0x69, 0x70, 0x72, 0x70, 0, 0, 0, 28, 0x69, 0x70, 0x63, 0x6f],
    ...[0, 0, 0, 20, 0x69, 0x73, 0x70, 0x65, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 2],
    ...[0, 0, 0, 12, 0x6d, 0x64, 0x61, 0x74, 1, 2, 3, 4],
  ],
};
const TYPES = { jpg: "image/jpeg", webp: "image/webp", avif: "image/avif" } as const;

/** A PNG with such EXIF data before its end. */
function turnedPng(exif: readonly number[]): Uint8Array<ArrayBuffer> {
  const [head, end] = [png().slice(0, 64), png().slice(64)];
  const chunk = [0, 0, 0, exif.length, 0x65, 0x58, 0x49, 0x66, ...exif, 0, 0, 0, 0];
  return new Uint8Array([...head, ...chunk, ...end]);
}

/** An AVIF with such a turn among its properties. */
function turnedAvif(turn: readonly number[]): Uint8Array<ArrayBuffer> {
  const avif = HEADS["avif"] ?? [];
  const [head, data] = [avif.slice(0, -12), avif.slice(-12)];
  const bytes = [...head, 0, 0, 0, 9, 0x69, 0x72, 0x6f, 0x74, ...turn, ...data];
  for (const at of [23, 35, 43]) bytes[at] = (bytes[at] ?? 0) + 9; // the boxes around it
  return new Uint8Array(bytes);
}

describe("A picture", () => {
  it("is kept with its size, and answered as its product shows it, at an absolute address", async () => {
    const product = await made();
    const bytes = png(640, 480);
    const { status, body, headers } = await addPicture(product.id, pictureForm(bytes));
    expect([status, body.data]).toEqual([
      201,
      {
        id: expect.stringMatching(/^img_/),
        url: expect.stringMatching(/^https:\/\/shop\.test\/api\/v1\/images\/[0-9a-f]{64}\.png$/),
        ...{ alt: "A mug", width: 640, height: 480 },
      },
    ]);
    expect(headers.get("Location")).toBe(new URL(body.data.url).pathname);
    expect((await read(product)).images).toEqual([body.data]);
    const object = await env.IMAGES.get(body.data.url.split("/").at(-1));
    expect(new Uint8Array((await object?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(bytes);
  });

  it("is got by anybody, for ever, with the type of its bytes", async () => {
    const product = await made();
    const { url } = (await addPicture(product.id)).body.data;
    const answer = await fetchPicture(url, { Accept: "image/avif,image/*" });
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "image/png"]);
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(answer.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
    expect(answer.headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
    const tag = answer.headers.get("ETag") ?? "";
    const known = await fetchPicture(url, { "If-None-Match": tag });
    expect([known.status, known.text]).toEqual([304, ""]);
    for (const key of ["x", `${"0".repeat(64)}.png`, `${"0".repeat(64)}.svg`])
      expect((await call("GET", `/api/v1/images/${key}`)).status).toBe(404);
  });

  it.each(Object.entries(TYPES))(
    "is %s by its bytes, whatever its name says",
    async (kind, type) => {
      const bytes = new Uint8Array([...(HEADS[kind] ?? []), ...new Array(80).fill(0)]);
      const { status, text, body } = await addPicture((await made()).id, pictureForm(bytes));
      expect([status, text]).toEqual([201, expect.stringContaining(`.${kind}"`)]);
      expect(body.data).toMatchObject({ width: 3, height: 2 });
      expect((await fetchPicture(body.data.url)).headers.get("Content-Type")).toBe(type);
    },
  );

  it("that EXIF turns is as wide as it is shown", async () => {
    const exif = [
      ...[0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
      ...[0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0],
    ];
    const [start, rest] = [HEADS["jpg"]?.slice(0, 2) ?? [], HEADS["jpg"]?.slice(20) ?? []];
    const bytes = new Uint8Array([...start, ...exif, ...rest, ...new Array(80).fill(0)]);
    const { body } = await addPicture((await made()).id, pictureForm(bytes));
    expect(body.data).toMatchObject({ width: 2, height: 3 });
  });

  it.each([
    ["PNG", "png", [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]],
    [
      "PNG of a little-endian",
      "png",
      [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 18, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0],
    ],
    ["AVIF", "avif", [3]],
  ])("that its %s turns is as wide as it is shown", async (_, kind, turn) => {
    const bytes = kind === "png" ? turnedPng(turn) : turnedAvif(turn);
    const { body } = await addPicture((await made()).id, pictureForm(bytes));
    expect(body.data).toMatchObject({ width: 2, height: 3 });
  });

  it.each([
    [
      "upside down",
      "png",
      [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 3, 0, 0],
    ],
    [
      "in no way that there is",
      "png",
      [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 9, 0, 0],
    ],
    ["by data that end", "png", [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 9]],
    ["by data that begin nowhere", "png", [0x4d, 0x4d, 0, 42, 9, 9, 9, 9]],
    ["by next to nothing", "png", [0x4d]],
    ["upside down, as AVIF,", "avif", [2]],
  ])("that is turned %s is as wide as it was taken", async (_, kind, turn) => {
    const bytes = kind === "png" ? turnedPng(turn) : turnedAvif(turn);
    const { body } = await addPicture((await made()).id, pictureForm(bytes));
    expect(body.data).toMatchObject({ width: 3, height: 2 });
  });

  it("that was cut off is refused, wherever that was", async () => {
    const { id } = await made();
    for (const kind of ["png", ...Object.keys(TYPES)]) {
      const whole = kind === "png" ? png() : new Uint8Array(HEADS[kind] ?? []);
      const from = kind === "jpg" ? 40 : 30; // before that it is no picture
      for (let length = from; length < whole.length; length += 1) {
        const cut = pictureForm(whole.slice(0, length));
        const { status, body } = await addPicture(id, cut);
        expect([kind, length, status]).toEqual([kind, length, 422]);
        expect(Object.keys(body.error.fields)).toEqual(["file"]);
      }
    }
  });

  it("of a size that nobody can show is refused", async () => {
    const { id } = await made();
    const large = { file: "Must have at most 20000 pixels a side." };
    expect(said(await addPicture(id, pictureForm(png(20_001, 2))))[2]).toEqual(large);
    expect(said(await addPicture(id, pictureForm(png(2, 2 ** 31 - 1))))[2]).toEqual(large);
    expect((await addPicture(id, pictureForm(png(20_000, 20_000)))).status).toBe(201);
  });

  it("is refused where it is none, with a sentence at the field", async () => {
    const { id } = await made();
    const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));
    const notOne = { file: expect.stringContaining("JPEG, PNG, WebP or AVIF") };
    for (const [what, file] of [
      ["SVG", bytes('<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"></svg>')],
      ["HTML", bytes("<script>alert(1)</script>")],
      ["GIF", bytes("GIF89a\u0003\u0000\u0002\u0000")],
      ["half a PNG", png().slice(0, 18)],
      ["a JPEG without a size", new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0])],
    ] as const)
      expect([what, ...said(await addPicture(id, pictureForm(file)))]).toEqual([
        ...[what, 422, "VALIDATION_FAILED", notOne],
      ]);
    const flat = await addPicture(id, pictureForm(png(3, 0)));
    expect([flat.status, flat.body.error.fields.file]).toEqual([422, expect.any(String)]);
    expect((await read({ id })).images).toEqual([]);
    expect(await rows("SELECT key FROM image_objects")).toEqual([]);
  });

  it("is refused with too much, too little, or in no form", async () => {
    const { id } = await made();
    const large = new Uint8Array(10 * 1024 * 1024 + 1);
    large.set(png());
    expect(said(await addPicture(id, pictureForm(large)))).toEqual([
      ...[413, "PAYLOAD_TOO_LARGE", { file: "Must have at most 10 MiB." }],
    ]);
    const larger = new Uint8Array(11 * 1024 * 1024);
    expect(said(await addPicture(id, pictureForm(larger))).slice(0, 2)).toEqual([
      ...[413, "PAYLOAD_TOO_LARGE"],
    ]);
    const wide = pictureForm(png(), { alt: "A", more: "x".repeat(10.5 * 1024 * 1024) });
    expect(said(await addPicture(id, wide)).slice(0, 2)).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    const whole = large.slice(0, -1);
    expect((await addPicture(id, pictureForm(whole))).status).toBe(201);
    const field = async (form: FormData) => (await addPicture(id, form)).body.error.fields;
    expect(await field(pictureForm(png(), {}))).toEqual({ alt: "Is required." });
    expect(await field(pictureForm(png(), { alt: " " }))).toEqual({ alt: expect.any(String) });
    expect(await field(pictureForm(png(), { alt: "A", size: "1" }))).toEqual({
      size: "There is no such field.",
    });
    const twice = pictureForm();
    twice.append("file", new File([png()], "two.png"));
    expect(await field(twice)).toEqual({ file: "Is there twice." });
    const text = new FormData();
    text.set("file", "a picture");
    text.set("alt", "A");
    expect(await field(text)).toEqual({ file: "Is required: a file." });
    expect(said(await addPicture(id, { file: "x", alt: "A" })).slice(0, 2)).toEqual([
      ...[415, "UNSUPPORTED_MEDIA_TYPE"],
    ]);
    const broken = await addPicture(id, "--x\r\nnonsense", {
      "Content-Type": "multipart/form-data; boundary=x",
    });
    expect(said(broken)).toEqual([422, "VALIDATION_FAILED", { file: expect.any(String) }]);
  });

  it("is the tenth at most, of a product that is there", async () => {
    const product = await made();
    for (let i = 0; i < 10; i += 1) expect((await addPicture(product.id)).status).toBe(201);
    expect(said(await addPicture(product.id)).slice(0, 2)).toEqual([
      422,
      "BUSINESS_RULE_VIOLATION",
    ]);
    expect(said(await addPicture("prod_none")).slice(0, 2)).toEqual([404, "NOT_FOUND"]);
  });

  it("is made once for its key, and another picture with that key is refused", async () => {
    const product = await made();
    const form = pictureForm();
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const first = await addPicture(product.id, form, headers);
    const second = await addPicture(product.id, form, headers);
    expect([second.text, second.headers.get("Idempotency-Replayed")]).toEqual([first.text, "true"]);
    expect((await read(product)).images).toHaveLength(1);
    const other = await addPicture(product.id, pictureForm(), headers);
    expect(said(other).slice(0, 2)).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
  });

  it("of two products has one address", async () => {
    const bytes = png();
    const [one, two] = [await made(), await made()];
    const urls = [
      (await addPicture(one.id, pictureForm(bytes))).body.data.url,
      (await addPicture(two.id, pictureForm(bytes))).body.data.url,
    ];
    expect(urls[0]).toBe(urls[1]);
    expect(await rows("SELECT uses FROM image_objects")).toEqual([{ uses: 2 }]);
  });
});

describe("The pictures of a product", () => {
  async function withPictures(alts: string) {
    const product = await made();
    const ids = new Map<string, string>();
    for (const alt of alts) ids.set(alt, (await addPicture(product.id, withAlt(alt))).body.data.id);
    return { product, id: (alt: string) => ids.get(alt) ?? "" };
  }

  it("are moved among each other, and close ranks when one goes", async () => {
    const { product, id } = await withPictures("ABCD");
    for (const [alt, position, order] of [
      ["D", 0, "DABC"],
      ["D", 2, "ABDC"],
      ["A", 9, "BDCA"],
    ] as const) {
      const body = { position };
      expect((await asAdmin("PATCH", path(id(alt)), { body })).status).toBe(200);
      expect(await altsOf(product)).toBe(order);
    }
    expect((await asAdmin("DELETE", path(id("B")))).status).toBe(204);
    expect(await altsOf(product)).toBe("DCA");
    expect(await rows("SELECT position FROM product_images ORDER BY position")).toEqual([
      ...[{ position: 0 }, { position: 1 }, { position: 2 }],
    ]);
  });

  it("are changed by who has seen the product as it is, and that is written down", async () => {
    const { product, id } = await withPictures("A");
    const seen = await asAdmin("GET", `/api/v1/products/${product.id}`);
    const headers = { "If-Match": seen.headers.get("ETag") ?? "" };
    const change = (alt: string, more = {}) =>
      asAdmin("PATCH", path(id("A")), { body: { alt }, headers: more });
    const changed = await change("B", headers);
    expect([changed.status, changed.body.data.alt]).toEqual([200, "B"]);
    expect(said(await change("C", headers)).slice(0, 2)).toEqual([412, "PRECONDITION_FAILED"]);
    const gone = await asAdmin("DELETE", path(id("A")), { headers });
    expect(said(gone).slice(0, 2)).toEqual([412, "PRECONDITION_FAILED"]);
    const next = { "If-Match": changed.headers.get("ETag") ?? "" };
    expect((await asAdmin("DELETE", path(id("A")), { headers: next })).status).toBe(204);
    expect(said(await change("D")).slice(0, 2)).toEqual([404, "NOT_FOUND"]);
    const written = await rows(
      "SELECT action FROM audit_log WHERE action LIKE 'image.%' ORDER BY rowid",
    );
    expect(written.map(({ action }) => action)).toEqual([
      ...["image.added", "image.updated", "image.deleted"],
    ]);
  });

  it("are on its page, smaller ones where Cloudflare makes them", async () => {
    const product = await made();
    const { url } = (await addPicture(product.id, pictureForm(png(900, 700)))).body.data;
    const { pathname } = new URL(url);
    const plain = (await call("GET", `/products/${product.slug}`)).text;
    expect(plain).toContain(`src="${pathname}"`);
    expect(plain).toContain('width="900" height="700"');
    expect(plain).not.toContain("srcset");
    const { config } = shopOver(env.DB).services;
    const shop = shopOver(env.DB, { config: { ...config, imageResizing: true } });
    const { text } = await shop.call("GET", `/products/${product.slug}`);
    expect(text).toContain(`/cdn-cgi/image/width=640,fit=scale-down,format=auto${pathname} 640w`);
    expect(text).toContain(`${pathname} 900w`);
    expect(text).not.toContain("width=960");
  });
});
