import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newProduct, newWord } from "../support/catalog.ts";
import { call } from "../support/http.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

async function titles(q: string): Promise<string[]> {
  const answer = await call("GET", `/api/v1/products?q=${encodeURIComponent(q)}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body.data.map(({ title }: { title: string }) => title).sort();
}

describe("A search", () => {
  it("finds words of title and description, whatever their case, accents and order", async () => {
    const title = "Crème Brûlée à la Façon";
    await newProduct({ title, description: "Eine Überraschung aus Zürich" });
    await newProduct({ title: "Plain custard" });
    const hits = [
      "creme",
      "CRÈME",
      "brulee creme",
      "façon",
      "facon",
      "zurich",
      "Überraschung zürich creme",
    ];
    for (const q of hits) expect([q, await titles(q)]).toEqual([q, [title]]);
    for (const q of ["creme custard", "remE", "custards"])
      expect([q, await titles(q)]).toEqual([q, []]);
  });

  it("finds letters that came in pieces", async () => {
    await newProduct({ title: "Crème Brûlée".normalize("NFD") });
    await newProduct({ title: "Käse" });
    for (const q of ["crème", "brûlée"]) {
      expect(await titles(q.normalize("NFD"))).toHaveLength(1);
      expect(await titles(q.normalize("NFC"))).toHaveLength(1);
    }
    expect(await titles("käse".normalize("NFD"))).toEqual(["Käse"]);
  });

  it("takes the last word for a beginning, and only that one", async () => {
    await newProduct({ title: "Mountain bicycle" });
    expect(await titles("mountain bic")).toEqual(["Mountain bicycle"]);
    expect(await titles("moun")).toEqual(["Mountain bicycle"]);
    expect(await titles("moun bicycle")).toEqual([]);
  });

  it("finds words of other scripts, and numbers", async () => {
    await newProduct({ title: "Чай 250 г" });
    await newProduct({ title: "日本茶" });
    expect(await titles("чай")).toEqual(["Чай 250 г"]);
    expect(await titles("250")).toEqual(["Чай 250 г"]);
    expect(await titles("日本")).toEqual(["日本茶"]);
  });

  it("takes the signs of a query language for what people type", async () => {
    const word = newWord();
    await newProduct({ title: `${word} near cat` });
    for (const q of [
      `"${word}"`,
      `${word}*`,
      `-${word}`,
      `^${word}`,
      `(${word})`,
      `title:${word}`.slice(6),
      `${word}'`,
      `${word}";--`,
    ]) {
      expect([q, await titles(q)]).toEqual([q, [`${word} near cat`]]);
    }
    for (const q of [`${word} OR dog`, `${word} NOT cat`, `title:${word}`, `NEAR(${word} dog)`]) {
      expect([q, await titles(q)]).toEqual([q, []]);
    }
    expect(await titles(`${word} NEAR cat`)).toEqual([`${word} near cat`]);
  });

  it("never fails, whatever is typed", async () => {
    const typed = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.string({
        unit: fc.constantFrom(
          '"',
          "'",
          "*",
          "(",
          ")",
          ":",
          "^",
          "-",
          "+",
          "\0",
          "AND",
          "a",
          "½",
          "\ud800",
          "é",
          "e\u0301",
        ),
        maxLength: 20,
      }),
    );
    await fc.assert(
      fc.asyncProperty(typed, async (q) => {
        const query = new URLSearchParams({ q });
        const { status } = await call("GET", `/api/v1/products?${query}`);
        expect(status).toBe(q.length > 200 ? 422 : 200);
      }),
      { numRuns: 150 },
    );
  });

  it("of more than 200 characters is refused", async () => {
    expect((await call("GET", `/api/v1/products?q=${"a".repeat(200)}`)).status).toBe(200);
    expect((await call("GET", `/api/v1/products?q=${"a".repeat(201)}`)).status).toBe(422);
  });

  it("follows a title that changes", async () => {
    const { body } = await newProduct({ title: "Umbrella" });
    await rows("UPDATE products SET title = 'Parasol' WHERE id = ?", body.data.id);
    expect([await titles("umbrella"), await titles("parasol")]).toEqual([[], ["Parasol"]]);
  });
});
