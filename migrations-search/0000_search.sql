-- What people find by words: made from the shop's database, which alone decides what is shown, and made anew from it at
-- any time. It is a database of its own because D1 exports none that has a virtual table.

-- Which filling of the index this is. `through` is the last product that it has come to, `filled` the last one that came
-- to its end: 0 until there is one, and nothing is found before that.
CREATE TABLE index_state (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  generation INTEGER NOT NULL,
  through INTEGER NOT NULL,
  filled INTEGER NOT NULL CHECK (filled <= generation)
) STRICT;
--> statement-breakpoint
INSERT INTO index_state (only, generation, through, filled) VALUES (1, 1, 0, 0);
--> statement-breakpoint
-- What of each product the index has: `seq` and `version` are the product's own.
CREATE TABLE indexed_products (
  seq INTEGER PRIMARY KEY,
  product_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  generation INTEGER NOT NULL
) STRICT;
--> statement-breakpoint
-- Its words, by `seq`, newest last. The words come ready (src/platform/search/words.ts), so all that is not ASCII is a
-- letter; the text itself is not kept.
CREATE VIRTUAL TABLE product_words USING fts5(
  words, stems, status, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1 2 3'
);
