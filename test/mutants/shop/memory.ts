import type { Mutant } from "../mutant.ts";

const MEMORY = "test/platform/memory.test.ts";
const CATALOG = "test/catalog/from-memory.test.ts";
const VERSION = "test/catalog/tag-version.test.ts";

/** What an isolate keeps of the catalog, and when it does not give it. */
export const CATALOG_MEMORY: readonly Mutant[] = [
  {
    name: "what is kept is given for as long as it is there",
    change: ["age >= 0 && age < KEPT_MS", "age >= 0"],
    dies: MEMORY,
    by: "is never older than two seconds",
  },
  {
    name: "what is kept is given by a clock that was put back",
    change: ["age >= 0 && age < KEPT_MS", "age < KEPT_MS"],
    dies: MEMORY,
    by: "is not given by a clock that was put back",
  },
  {
    name: "what is kept outlives a change",
    change: ["const good = entry.state === this.tags.state && ", "const good = "],
    dies: MEMORY,
    by: "ends what was kept before, once",
  },
  {
    name: "everybody renews what is kept",
    change: [
      "return !renewing && now - at >= RENEWED_AFTER_MS",
      "return now - at >= RENEWED_AFTER_MS",
    ],
    dies: MEMORY,
    by: "by one request after a second",
  },
  {
    name: "a renewal that failed is nobody's turn again",
    change: ["if (found !== undefined) found.renewing = false;", ""],
    dies: MEMORY,
    by: "where a renewal has failed",
  },
  {
    name: "what was read earlier takes the place of what was read later",
    change: ["if (other !== undefined && other.at > entry.at) return;", ""],
    dies: MEMORY,
    by: "is never older than two seconds",
  },
  {
    name: "the memory grows for ever",
    change: ["if (this.#chars <= this.#maxChars) break;", "break;"],
    dies: MEMORY,
    by: "is not more than there is room for",
  },
  {
    name: "a smaller version is no news",
    change: ["if (known === this.#known) return;", "if (known <= this.#known) return;"],
    dies: MEMORY,
    by: "counts too where the version is smaller",
  },
  {
    name: "the isolate hears nothing of its own changes",
    change: ["after?.hear(mapped.pop());", "if (after !== undefined) mapped.pop();"],
    dies: CATALOG,
    by: "at once for whoever made it so",
  },
  {
    name: "an answer that was lost is taken for no change",
    change: ["if (!(translated instanceof ConstraintError)) after?.doubt();", ""],
    dies: CATALOG,
    by: "is dropped where the answer to a change was lost",
  },
  {
    name: "staff are shown what is kept",
    change: [
      "key === undefined || seesDrafts(ctx) || wantsNoCache",
      "key === undefined || wantsNoCache",
    ],
    dies: CATALOG,
    by: "is not what whoever works on it sees",
  },
  {
    name: "a client that asks for it as it is now gets what is kept",
    change: ["seesDrafts(ctx) || wantsNoCache(c.req.raw.headers);", "seesDrafts(ctx);"],
    dies: CATALOG,
    by: "is not given to who asks for it as it is now",
  },
  {
    name: "a browser that has just reserved something is shown a page from before",
    change: ["person !== undefined || hasJustChanged(c) ||", "person !== undefined ||"],
    dies: CATALOG,
    by: "to a browser that has just reserved",
  },
  {
    name: "visitors share the key of a kept form",
    change: ["html.replace(forKey, crypto.randomUUID())", "html"],
    dies: CATALOG,
    by: "has each visitor's own key",
  },
  {
    name: "the stock's word is no news of the catalog",
    change: ["position, availability, requires_shipping, max", "position, requires_shipping, max"],
    dies: VERSION,
    by: "stock that becomes low",
  },
  {
    name: "a new product is no news of the catalog",
    change: [
      "tag_catalog_product_new AFTER INSERT ON products BEGIN",
      "tag_catalog_product_new AFTER INSERT ON products WHEN 0 BEGIN",
    ],
    dies: VERSION,
    by: "a new product",
  },
  {
    name: "a new picture is no news of the catalog",
    change: [
      "tag_catalog_image_new AFTER INSERT ON product_images BEGIN",
      "tag_catalog_image_new AFTER INSERT ON product_images WHEN 0 BEGIN",
    ],
    dies: VERSION,
    by: "a new picture",
  },
  {
    name: "another picture is no news of the catalog",
    change: [
      "tag_catalog_image AFTER UPDATE ON product_images BEGIN",
      "tag_catalog_image AFTER UPDATE ON product_images WHEN 0 BEGIN",
    ],
    dies: VERSION,
    by: "another picture",
  },
  {
    name: "a picture less is no news of the catalog",
    change: [
      "tag_catalog_image_gone AFTER DELETE ON product_images BEGIN",
      "tag_catalog_image_gone AFTER DELETE ON product_images WHEN 0 BEGIN",
    ],
    dies: VERSION,
    by: "a picture less",
  },
  {
    name: "a later variant is no news of the catalog",
    change: [
      "WHEN NEW.created_at <> (SELECT created_at FROM products",
      "WHEN NEW.created_at < (SELECT created_at FROM products",
    ],
    dies: VERSION,
    by: "a later variant",
  },
];
