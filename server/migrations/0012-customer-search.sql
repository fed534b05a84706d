-- Customer search. Row-level security lets PostgreSQL use an index only through leakproof operators (=, <, >= on text),
-- so everything here is found by equality or by a range of keys, and no function has to step around the policy.

-- A customer under everything it is looked for by, except e-mail and address, which have indexes of their own:
--   "berg johanna", "johanna berg"  every two words of the name, in both orders: a common name is one short range,
--                                   not two long lists to intersect; a single word is the range before it
--   "#10001020..."                  telephone number, backwards: its last digits are a range
--   "=lw10023"                      the client's own customer number
CREATE TABLE customer_search_key (
  client_id uuid NOT NULL,
  key text NOT NULL COLLATE "C",
  customer_id uuid NOT NULL,
  PRIMARY KEY (client_id, key, customer_id),
  FOREIGN KEY (client_id, customer_id) REFERENCES customer (client_id, id) ON DELETE CASCADE
);
CREATE INDEX customer_search_key_customer ON customer_search_key (customer_id);
CALL keep_clients_apart('customer_search_key');

-- The words that occur in the names of a client's customers: what a misspelt word is corrected to.
CREATE TABLE customer_word (
  client_id uuid NOT NULL REFERENCES client,
  word text NOT NULL COLLATE "C",
  customers int NOT NULL CHECK (customers >= 0),
  PRIMARY KEY (client_id, word)
);
CALL keep_clients_apart('customer_word');

-- Each word and its sound, whole and with one letter left out.
CREATE TABLE customer_word_variant (
  client_id uuid NOT NULL,
  variant text NOT NULL COLLATE "C",
  word text NOT NULL COLLATE "C",
  PRIMARY KEY (client_id, variant, word),
  FOREIGN KEY (client_id, word) REFERENCES customer_word ON DELETE CASCADE
);
CREATE INDEX customer_word_variant_word ON customer_word_variant (client_id, word);
CALL keep_clients_apart('customer_word_variant');
