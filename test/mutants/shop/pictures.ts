import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/catalog/pictures-by-hand.test.ts";
const PICTURES = "test/catalog/pictures.test.ts";
const UNUSED = "test/catalog/unused-pictures.test.ts";

const TOO_MUCH = "is refused with too much, too little, or in no form";
const NONE = "is refused where it is none, with a sentence at the field";

/** Pictures, their bytes, and when those go. */
export const PICTURES_KEPT: readonly Mutant[] = [
  {
    name: "a picture without bytes",
    change: ["WHEN NEW.key IS NULL OR EXISTS (", "WHEN EXISTS ("],
    dies: BY_HAND,
    by: "without bytes is refused",
  },
  {
    name: "a picture whose bytes are about to go",
    change: [
      "WHEN NEW.key IS NULL OR EXISTS (SELECT 1 FROM image_objects WHERE key = NEW.key AND leaving_at IS NOT NULL)",
      "WHEN NEW.key IS NULL",
    ],
    dies: BY_HAND,
    by: "whose bytes are leaving is refused",
  },
  {
    name: "an eleventh picture",
    change: [
      "FROM product_images WHERE product_id = NEW.product_id) >= 10",
      "FROM product_images WHERE product_id = NEW.product_id) > 10",
    ],
    dies: BY_HAND,
    by: "that is the eleventh is refused",
  },
  {
    name: "a picture becomes another one",
    change: ["WHEN NEW.key IS NOT OLD.key OR NEW.product_id", "WHEN NEW.product_id"],
    dies: BY_HAND,
    by: "that becomes another one is refused",
  },
  {
    name: "bytes of no size",
    change: [
      'CHECK("image_objects"."width" > 0 AND "image_objects"."height" > 0 AND "image_objects"."bytes" > 0)',
      "CHECK(1)",
    ],
    dies: BY_HAND,
    by: "of no size is refused",
  },
  {
    name: "nobody counts who has a picture",
    change: ["SET uses = uses + 1 WHERE key", "SET uses = uses + 0 WHERE key"],
    dies: BY_HAND,
    by: "that a product has do not leave",
  },
  {
    name: "nobody counts off who has a picture no more",
    change: ["SET uses = uses - 1 WHERE key", "SET uses = uses - 0 WHERE key"],
    dies: UNUSED,
    by: "stay for thirty days after their last use, and then go",
  },
  {
    name: "bytes leave that a product has",
    change: ["WHEN NEW.leaving_at IS NULL OR OLD.uses > 0\n", "WHEN NEW.leaving_at IS NULL\n"],
    dies: BY_HAND,
    by: "that a product has do not leave",
  },
  {
    name: "bytes leave before their time",
    change: [
      "  OR OLD.touched_at > (SELECT until FROM retention_due WHERE what = 'unused_images')\n",
      "",
    ],
    dies: BY_HAND,
    by: "that were used lately do not leave",
  },
  {
    name: "bytes that leave come back",
    change: ["WHEN NEW.leaving_at IS NULL OR OLD.uses > 0", "WHEN OLD.uses > 0"],
    dies: BY_HAND,
    by: "that leave do not come back",
  },
  {
    name: "bytes are used while they leave",
    change: [
      "image_objects_are_leaving BEFORE UPDATE OF touched_at ON image_objects\nWHEN OLD.leaving_at IS NOT NULL",
      "image_objects_are_leaving BEFORE UPDATE OF touched_at ON image_objects\nWHEN 0",
    ],
    dies: BY_HAND,
    by: "that leave are used by nobody",
  },
  {
    name: "bytes are forgotten that did not leave",
    change: [
      "image_objects_no_delete BEFORE DELETE ON image_objects\nWHEN OLD.leaving_at IS NULL",
      "image_objects_no_delete BEFORE DELETE ON image_objects\nWHEN 0",
    ],
    dies: BY_HAND,
    by: "that do not leave are not forgotten",
  },
  {
    name: "a run takes over what another one is at",
    change: [
      "AND (leaving_at IS NULL OR leaving_at <= ${dead})",
      "AND (leaving_at IS NULL OR ${dead} IS NOT NULL)",
    ],
    dies: UNUSED,
    by: "of a run that died are taken away by one that comes an hour later, and by none before",
  },
  {
    name: "what a dead run has marked stays for ever",
    change: [
      "AND (leaving_at IS NULL OR leaving_at <= ${dead})",
      "AND (leaving_at IS NULL AND ${dead} IS NOT NULL)",
    ],
    dies: UNUSED,
    by: "of a run that died are taken away by one that comes an hour later, and by none before",
  },
  {
    name: "bytes go at once with the picture",
    change: ["touchObject(id, ctx.now()),", ""],
    dies: UNUSED,
    by: "stay for thirty days after their last use, and then go",
  },
  {
    name: "anything is a picture",
    change: [
      "if (!isKind(type)) throw refused(",
      'if (!isKind(type) && type !== "svg") throw refused(',
    ],
    dies: PICTURES,
    by: NONE,
  },
  {
    name: "a picture has no height",
    change: ["if (width < 1 || height < 1)", "if (width < 1)"],
    dies: PICTURES,
    by: NONE,
  },
  {
    name: "a picture that is turned is as wide as it was taken",
    change: ["container.turned || isQuarter(orientation);", "container.turned;"],
    dies: PICTURES,
    by: "that EXIF turns is as wide as it is shown",
  },
  {
    name: "a picture is as large as its form may be",
    change: ["if (file instanceof File && file.size > maxBytes)", "if (file === null)"],
    dies: PICTURES,
    by: TOO_MUCH,
  },
  {
    name: "a picture that was cut off",
    change: ["if (!container.whole)", "if (false)"],
    dies: PICTURES,
    by: "that was cut off is refused, wherever that was",
  },
  {
    name: "a JPEG without its end",
    change: [
      "return { whole: end !== -1, turned: false };",
      "return { whole: begun, turned: false };",
    ],
    dies: PICTURES,
    by: "that was cut off is refused, wherever that was",
  },
  {
    name: "a WebP without its end",
    change: ["getUint32(4, true) + 8 <= bytes.length", "getUint32(4, true) > 0"],
    dies: PICTURES,
    by: "that was cut off is refused, wherever that was",
  },
  {
    name: "an AVIF without its end",
    change: [
      "if (to > end || to < at + 8) return undefined;",
      "if (to < at + 8) return undefined;",
    ],
    dies: PICTURES,
    by: "that was cut off is refused, wherever that was",
  },
  {
    name: "a picture as large as it says",
    change: ["if (Math.max(width, height) > MAX_SIDE)", "if (false)"],
    dies: PICTURES,
    by: "of a size that nobody can show is refused",
  },
  {
    name: "a PNG is not turned",
    change: ["if (type === 0x65584966 && end <= bytes.length)", "if (false)"],
    dies: PICTURES,
    by: "that its PNG turns is as wide as it is shown",
  },
  {
    name: "an AVIF is not turned",
    change: [
      "turned: turns.some(({ from }) => view.getUint8(from) % 2 === 1),",
      "turned: turns.length > 9,",
    ],
    dies: PICTURES,
    by: "that its AVIF turns is as wide as it is shown",
  },
  {
    name: "a picture that stands on its head is turned",
    change: ["return orientation >= 5 && orientation <= 8;", "return orientation > 1;"],
    dies: PICTURES,
    by: "that is turned upside down is as wide as it was taken",
  },
  {
    name: "a form is as large as anybody likes",
    change: [
      'upload.bytes + (upload.as === "form" ? FORM_BYTES : 0)',
      'upload.bytes * (upload.as === "form" ? 9 : 1)',
    ],
    dies: PICTURES,
    by: TOO_MUCH,
  },
  {
    name: "a form says something twice",
    change: ["form.getAll(name).length > 1", "form.getAll(name).length > 2"],
    dies: PICTURES,
    by: TOO_MUCH,
  },
  {
    name: "another picture with the same key is the first one",
    change: [
      "const input = { id, alt, file: await sha256OfBytes(bytes) };",
      "const input = { id, alt };",
    ],
    dies: PICTURES,
    by: "is made once for its key, and another picture with that key is refused",
  },
];
