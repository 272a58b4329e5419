-- Orders are found by words too. Each kind of thing has a filling of its own, so that one is found while another is filled.
ALTER TABLE index_state RENAME TO index_state_of_products;
--> statement-breakpoint
-- `through` is the last one of the kind that its filling has come to, `filled` the last filling that came to its end: 0
-- until there is one, and nothing of the kind is found before that.
CREATE TABLE index_state (
  kind TEXT PRIMARY KEY,
  generation INTEGER NOT NULL,
  through INTEGER NOT NULL,
  filled INTEGER NOT NULL CHECK (filled <= generation)
) STRICT;
--> statement-breakpoint
INSERT INTO index_state (kind, generation, through, filled)
SELECT 'products', generation, through, filled FROM index_state_of_products UNION ALL SELECT 'orders', 1, 0, 0;
--> statement-breakpoint
DROP TABLE index_state_of_products;
--> statement-breakpoint
-- What of each order the index has: `seq` is the order's number, `version` its own.
CREATE TABLE indexed_orders (
  seq INTEGER PRIMARY KEY,
  order_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  generation INTEGER NOT NULL
) STRICT;
--> statement-breakpoint
-- Its words, by `seq`, newest last; as those of products.
CREATE VIRTUAL TABLE order_words USING fts5(
  words, stems, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1 2 3'
);
