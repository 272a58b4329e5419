import { describe, expect, it } from "vitest";
import { byHand, mustBe, SHOP, useEmptyShop } from "../support/by-hand.ts";

useEmptyShop();

const bytes = (key: string, width = 1) =>
  `INSERT INTO image_objects (key, width, height, bytes, touched_at) VALUES ('${key}', ${width}, 1, 1, 1)`;
const picture = (id: string, key: string | null) =>
  `INSERT INTO product_images (id, product_id, key, alt, position)
   VALUES ('${id}', 'prod_1', ${key === null ? "NULL" : `'${key}'`}, 'A', 0)`;
/** So that what was touched at 1 may go. */
const LONG_AGO = "UPDATE retention_clock SET now = 9000000000000";
const LEAVES = "UPDATE image_objects SET leaving_at = 5 WHERE key = 'a'";
const ELEVEN = Array.from({ length: 11 }, (_, i) => picture(`img_${i}`, "a"));

describe("A picture, whoever writes it", () => {
  it("is taken with its bytes, ten times", async () => {
    const uses = mustBe("(SELECT uses FROM image_objects) = 10");
    expect(await byHand(...SHOP, bytes("a"), ...ELEVEN.slice(1), uses)).toBe("taken");
  });

  it.each([
    ["without bytes", "image_without_bytes", [picture("img_1", null)]],
    ["of bytes that there are not", "FOREIGN KEY", [picture("img_1", "b")]],
    ["whose bytes are leaving", "image_without_bytes", [LONG_AGO, LEAVES, picture("img_1", "a")]],
    ["that is the eleventh", "product_has_too_many_images", ELEVEN],
    [
      "that becomes another one",
      "a picture stays what it is",
      [bytes("b"), picture("img_1", "a"), "UPDATE product_images SET key = 'b'"],
    ],
    ["of no size", "image_objects_size", [bytes("b", 0)]],
  ])("%s is refused", async (_, word, statements) => {
    expect(await byHand(...SHOP, bytes("a"), ...statements)).toContain(word);
  });
});

describe("Bytes", () => {
  it("that nobody has used for long leave, and then are forgotten", async () => {
    const forgotten = "DELETE FROM image_objects WHERE key = 'a'";
    expect(await byHand(...SHOP, bytes("a"), LONG_AGO, LEAVES, forgotten)).toBe("taken");
  });

  it.each([
    ["that a product has do not leave", "image_in_use", [picture("img_1", "a"), LONG_AGO, LEAVES]],
    ["that were used lately do not leave", "image_in_use", [LEAVES]],
    [
      "that leave do not come back",
      "image_in_use",
      [LONG_AGO, LEAVES, "UPDATE image_objects SET leaving_at = NULL"],
    ],
    [
      "that leave are used by nobody",
      "image_leaving",
      [LONG_AGO, LEAVES, "UPDATE image_objects SET touched_at = 9"],
    ],
    ["that do not leave are not forgotten", "image_in_use", ["DELETE FROM image_objects"]],
    [
      "that leave are not written over",
      "image_leaving",
      [LONG_AGO, LEAVES, bytes("a").replace("INSERT", "INSERT OR REPLACE")],
    ],
  ])("%s", async (_, word, statements) => {
    expect(await byHand(...SHOP, bytes("a"), ...statements)).toContain(word);
  });
});
