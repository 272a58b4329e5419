import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newProduct, newWord } from "../support/catalog.ts";
import { call } from "../support/http.ts";
import { settle, useWorld } from "../support/world.ts";

useWorld();

async function titles(q: string): Promise<string[]> {
  await settle(); // the index hears of new products from the queue
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
    for (const q of ["creme custard", "remE"]) expect([q, await titles(q)]).toEqual([q, []]);
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
});

/** A title, what finds it, and what does not. */
const FOUND: Readonly<Record<string, readonly [finds: readonly string[], not: readonly string[]]>> =
  {
    手作り珈琲豆専門: [
      ["珈琲", "珈琲豆", "豆", "手作り", "専門", "珈琲 専門", "り珈"],
      ["琲珈", "珈豆", "紅茶", "茶"],
    ],
    コーヒーメーカー: [["コーヒー", "ｺｰﾋｰ", "メーカー", "カ"], ["ヒコ"]],
    "커피를 위한 잔": [["커피", "커피를", "잔"], ["피커"]],
    กาแฟคั่วบด: [["กาแฟ", "คั่ว"], ["ชา"]],
    "Straße Øl Łódź": [
      ["lodz", "ol", "strasse", "STRASSE", "straße", "Łódź øl", "łodz", "stras"],
      ["stra e", "odz"],
    ],
    "Æsir Cœur Þorn Ðuro": [["aesir", "coeur", "thorn", "duro", "æsir"], []],
    İstanbul: [["istanbul", "İSTANBUL", "ISTANBUL"], []],
    "ΚΑΦΕΣ Ψωμί": [["καφες", "καφέσ", "ψωμι"], []],
    "Кофе в зёрнах": [["кофе", "зернах", "КОФ"], ["чай"]],
    "Mug with a tide line": [
      ["mug", "mugs", "mugs tides", "tides mug", "mu", "lines"],
      ["smug", "mugx"],
    ],
    "Two mugs, roasted berries, glass vases": [
      ["mug", "mug two", "roast mug", "roasting berry", "berry", "vase glass", "glasses"],
      ["bus"],
    ],
    "A box of knitted dishes": [["boxes", "dish box", "knit dish", "knitting"], ["bo x"]],
    happiness: [["happi", "happine", "happines", "happiness"], ["happyness"]],
    "２５０ ml ﬁne": [["250", "fine", "250 ML"], []],
  };

describe("A search finds", () => {
  it.each(Object.entries(FOUND))("%s by what people type for it", async (title, [finds, not]) => {
    await newProduct({ title });
    for (const q of finds) expect([q, await titles(q)]).toEqual([q, [title]]);
    for (const q of not) expect([q, await titles(q)]).toEqual([q, []]);
  });

  it("a word whatever was copied along with it that nobody sees", async () => {
    await newProduct({ title: "Choco\u00adlate bar" });
    for (const q of ["chocolate", "\u200bchoco\u200blate\ufeff", "choco\u00adlate\u00a0bar"])
      expect([q, await titles(q)]).toEqual([q, ["Choco\u00adlate bar"]]);
  });

  it("a product by as many words as a query can have", async () => {
    const words = Array.from({ length: 100 }, (_, i) => String.fromCodePoint(0x430 + (i % 32)));
    await newProduct({ title: "Letters", description: words.join(" ") });
    expect(await titles(words.join(" "))).toEqual(["Letters"]);
  });
});

describe("A search for nothing that is a word", () => {
  it("finds nothing, and not everything", async () => {
    await newProduct({ title: "Mug" });
    for (const q of ["!!!", "—", "\u200b", "\u200b\u2060", " ", "\u00a0", "🍵", "$%&/()"]) {
      const path = `/api/v1/products?include=total&q=${encodeURIComponent(q)}`;
      for (const sort of ["newest", "price"]) {
        const { status, body } = await call("GET", `${path}&sort=${sort}`);
        expect([q, status, body.data, body.meta.total]).toEqual([q, 200, [], 0]);
      }
    }
    expect(await titles("")).toEqual(["Mug"]);
  });
});
