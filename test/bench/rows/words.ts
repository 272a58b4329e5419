import { DatabaseSync } from "node:sqlite";
import { indexText } from "../../../src/platform/search/words.ts";

const A_LINE = 20_000;

/** Fills the index of words in this file with all products, as the shop's cron would. Nothing may run on it. */
export function fillWords(file: string, shop: DatabaseSync, say: (line: string) => void): void {
  const index = new DatabaseSync(file);
  try {
    index.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN");
    index.exec("DELETE FROM product_words; DELETE FROM indexed_products");
    const known = index.prepare("INSERT INTO indexed_products VALUES (?, ?, ?, 1)");
    const words = index.prepare(
      "INSERT INTO product_words (rowid, words, stems, status) VALUES (?, ?, ?, ?)",
    );
    const products = shop.prepare(
      "SELECT seq, id, version, status, title || char(10) || description AS text FROM products ORDER BY seq",
    );
    let done = 0;
    for (const row of products.iterate()) {
      const [seq, version] = [Number(row["seq"]), Number(row["version"])];
      const { words: all, stems } = indexText(String(row["text"]));
      known.run(seq, String(row["id"]), version);
      words.run(seq, all, stems, String(row["status"]));
      done += 1;
      if (done % A_LINE === 0) say(`words of products ${done.toLocaleString("en-US")}`);
    }
    index.exec("UPDATE index_state SET generation = 1, filled = 1; COMMIT");
    index.exec("PRAGMA journal_mode = WAL");
  } finally {
    index.close();
  }
}
