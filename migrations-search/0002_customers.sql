-- Customers are found by words too.
INSERT INTO index_state (kind, generation, through, filled) VALUES ('customers', 1, 0, 0);
--> statement-breakpoint
-- What of each customer the index has: `seq` and `version` are the customer's own. Of one who is gone it has the last
-- version there is, so that nothing that comes late writes them back; the next filling takes that out.
CREATE TABLE indexed_customers (
  seq INTEGER PRIMARY KEY,
  customer_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  generation INTEGER NOT NULL
) STRICT;
--> statement-breakpoint
-- Their words, by `seq`, newest last. The words come ready, as those of products do; names have no stems.
CREATE VIRTUAL TABLE customer_words USING fts5(words, tokenize = 'ascii', prefix = '1 2 3');
--> statement-breakpoint
-- Whoever is forgotten is to be nowhere: what is deleted is written over at once, and not only hidden until the parts of
-- the index are merged. It takes the words themselves to find it, so they are kept. https://www.sqlite.org/fts5.html#the_secure_delete_configuration_option
INSERT INTO customer_words (customer_words, rank) VALUES ('secure-delete', 1);
