import { describe, expect, it } from "vitest";
import { newProduct } from "../support/catalog.ts";
import { call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const slugOf = async (body: object): Promise<string> => (await newProduct(body)).body.data.slug;

describe("A slug", () => {
  const titles: [string, string][] = [
    ["Ethiopia Worka · 250 g", "ethiopia-worka-250-g"],
    ["Crème Brûlée", "creme-brulee"],
    ["Straße Øl Łódź", "strasse-ol-lodz"],
    ["Æbleskive, Þórr & Đuro", "aebleskive-thorr-duro"],
    ["İstanbul ışık", "istanbul-isik"],
    ["Choco\u00adlate\u200b", "chocolate"],
    ["  --Tea & Co.--  ", "tea-co"],
    ["ﬁne ①", "fine-1"],
    ["1984", "1984"],
    ["珈琲豆 Gesha", "gesha"],
    ["x".repeat(200), "x".repeat(100)],
    [`${"y".repeat(99)} z`, "y".repeat(99)],
    [`${"ß".repeat(60)}`, "s".repeat(100)],
  ];
  for (const [title, slug] of titles) {
    it(`of "${title.slice(0, 30)}" is ${slug.slice(0, 30)}`, async () => {
      expect(await slugOf({ title })).toBe(slug);
    });
  }

  it("is made of the id when the title says nothing in letters that an address can have", async () => {
    for (const title of ["日本茶", "手作り珈琲豆専門", "кофе 250", "🍵", "—"]) {
      const { body } = await newProduct({ title });
      expect(body.data.slug).toBe(body.data.id.replace("_", "-"));
      const read = await call("GET", `/api/v1/products/${body.data.slug}`);
      expect(read.body.data.title).toBe(title);
    }
  });

  it("that is given must be one", async () => {
    for (const slug of ["", "A", "a b", "-a", "a-", "a--b", "ä", "a/b", "x".repeat(101)]) {
      expect((await newProduct({ slug })).status).toBe(422);
    }
    expect((await newProduct({ slug: "a-1-b" })).status).toBe(201);
  });
});

describe("A slug that is taken", () => {
  it("is refused only where it was sent: one made of a title is the next that is free", async () => {
    const title = "Tide Mug";
    expect(await slugOf({ title })).toBe("tide-mug");
    expect(await slugOf({ title })).toBe("tide-mug-2");
    expect(await slugOf({ title: "tide mug!", slug: "tide-mug-3" })).toBe("tide-mug-3");
    expect(await slugOf({ title })).toBe("tide-mug-4");
    const sent = await newProduct({ title, slug: "tide-mug" });
    expect([sent.status, sent.body.error.fields]).toEqual([409, { slug: "Is taken." }]);
  });

  it("keeps its length with the number at its end", async () => {
    const title = "x".repeat(150);
    await slugOf({ title });
    expect(await slugOf({ title })).toBe(`${"x".repeat(98)}-2`);
  });

  it("is given to one of many who ask at once, and each of the others gets one of its own", async () => {
    const made = await Promise.all(
      Array.from({ length: 14 }, () => newProduct({ title: "Tide Mug" })),
    );
    expect(made.map(({ status }) => status)).toEqual(made.map(() => 201));
    const slugs = made.map(({ body }) => String(body.data.slug));
    expect(new Set(slugs).size).toBe(made.length);
    const numbered = ["", "-2", "-3", "-4", "-5", "-6", "-7", "-8", "-9"].map(
      (tail) => `tide-mug${tail}`,
    );
    expect(slugs).toEqual(expect.arrayContaining(numbered));
    for (const { body } of made)
      expect((await call("GET", `/api/v1/products/${body.data.slug}`)).body.data.id).toBe(
        body.data.id,
      );
  });

  it("is the same in the answer to a retry, and in the database", async () => {
    await newProduct({ title: "Tide Mug" });
    const variants = [{ sku: "TIDE", title: "One", price: { amount: 1000, currency: "EUR" } }];
    const options = {
      headers: { "Idempotency-Key": crypto.randomUUID() },
      body: { title: "Tide Mug", variants },
    };
    const first = await asAdmin("POST", "/api/v1/products", options);
    const second = await asAdmin("POST", "/api/v1/products", options);
    expect([first.body.data.slug, second.text]).toEqual(["tide-mug-2", first.text]);
    const found = await rows("SELECT slug FROM products WHERE id = ?", first.body.data.id);
    expect(found).toEqual([{ slug: "tide-mug-2" }]);
  });
});
