import { DatabaseSync, type StatementSync } from "node:sqlite";
import { indexText } from "../../../src/platform/search/words.ts";

const A_LINE = 20_000;

type Say = (line: string) => void;

/** Fills the index of words in this file with all products, orders and customers, as the shop's cron would. Nothing may run on it. */
export function fillWords(file: string, shop: DatabaseSync, say: Say): void {
  const index = new DatabaseSync(file);
  try {
    index.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN");
    fillProducts(index, shop, say);
    fillOrders(index, shop, say);
    fillCustomers(index, shop, say);
    index.exec("UPDATE index_state SET generation = 1, filled = 1; COMMIT");
    index.exec("PRAGMA journal_mode = WAL");
  } finally {
    index.close();
  }
}

function fillProducts(index: DatabaseSync, shop: DatabaseSync, say: Say): void {
  index.exec("DELETE FROM product_words; DELETE FROM indexed_products");
  const known = index.prepare("INSERT INTO indexed_products VALUES (?, ?, ?, 1)");
  const words = index.prepare(
    "INSERT INTO product_words (rowid, words, stems, status) VALUES (?, ?, ?, ?)",
  );
  const products = shop.prepare(
    "SELECT seq, id, version, status, title || char(10) || description AS text FROM products ORDER BY seq",
  );
  eachOf(products, { words: "words of products", say }, (row) => {
    const seq = Number(row["seq"]);
    const { words: all, stems } = indexText(String(row["text"]));
    known.run(seq, String(row["id"]), Number(row["version"]));
    words.run(seq, all, stems, String(row["status"]));
  });
}

/** Those whose money has come, as the shop has them. */
function fillOrders(index: DatabaseSync, shop: DatabaseSync, say: Say): void {
  index.exec("DELETE FROM order_words; DELETE FROM indexed_orders");
  const known = index.prepare("INSERT INTO indexed_orders VALUES (?, ?, ?, 1)");
  const words = index.prepare("INSERT INTO order_words (rowid, words, stems) VALUES (?, ?, ?)");
  const orders = shop.prepare(
    `SELECT number, id, version, concat_ws(char(10), number, email, shipping_address ->> 'name',
       (SELECT group_concat(tracking_number, char(10)) FROM fulfillments WHERE order_id = o.id),
       (SELECT group_concat(concat_ws(char(10), sku, title, variant_title), char(10)) FROM order_lines WHERE order_id = o.id)) AS text
     FROM orders o WHERE payment_status NOT IN ('unpaid', 'processing', 'failed') ORDER BY number`,
  );
  eachOf(orders, { words: "words of orders", say }, (row) => {
    const seq = Number(row["number"]);
    const { words: all, stems } = indexText(String(row["text"]));
    known.run(seq, String(row["id"]), Number(row["version"]));
    words.run(seq, all, stems);
  });
}

function fillCustomers(index: DatabaseSync, shop: DatabaseSync, say: Say): void {
  index.exec("DELETE FROM customer_words; DELETE FROM indexed_customers");
  const known = index.prepare("INSERT INTO indexed_customers VALUES (?, ?, ?, 1)");
  const words = index.prepare("INSERT INTO customer_words (rowid, words) VALUES (?, ?)");
  const customers = shop.prepare(
    "SELECT seq, id, version, concat_ws(char(10), name, email) AS text FROM customers ORDER BY seq",
  );
  eachOf(customers, { words: "words of customers", say }, (row) => {
    const seq = Number(row["seq"]);
    known.run(seq, String(row["id"]), Number(row["version"]));
    words.run(seq, indexText(String(row["text"])).words);
  });
}

function eachOf(
  statement: StatementSync,
  { words, say }: { readonly words: string; readonly say: Say },
  write: (row: Record<string, unknown>) => void,
): void {
  let done = 0;
  for (const row of statement.iterate()) {
    write(row);
    done += 1;
    if (done % A_LINE === 0) say(`${words} ${done.toLocaleString("en-US")}`);
  }
}
