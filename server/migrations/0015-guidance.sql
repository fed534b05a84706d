-- Knowledge and assortment of each client, searched by words. The match operator of full text search is not leakproof,
-- so under row-level security it would never use the index: the functions below step around the policy and apply the
-- same rule themselves.

CREATE TABLE article (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES client,
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  body text NOT NULL CHECK (length(body) <= 100000),
  language text NOT NULL DEFAULT 'nl',
  updated_at timestamptz NOT NULL DEFAULT now(),
  words tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector(CASE language WHEN 'en' THEN 'english'::regconfig ELSE 'dutch'::regconfig END, title), 'A') ||
    setweight(to_tsvector(CASE language WHEN 'en' THEN 'english'::regconfig ELSE 'dutch'::regconfig END, body), 'C')
  ) STORED
);
CREATE INDEX article_words ON article USING gin (words);
CREATE INDEX article_of_client ON article (client_id, title);
CALL keep_clients_apart('article');
CREATE POLICY for_owner ON article FOR SELECT TO CURRENT_USER USING (true);

CREATE TABLE product (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES client,
  code text NOT NULL CHECK (code <> ''),
  name text NOT NULL CHECK (name <> ''),
  description text NOT NULL DEFAULT '',
  price_cents int CHECK (price_cents >= 0),
  unit text NOT NULL DEFAULT '',
  active boolean NOT NULL DEFAULT true,
  words tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', translate(code, '-_./', '    ')), 'A') -- else the 200 of L-200 would be a negative number
    || setweight(to_tsvector('dutch', name), 'A') || setweight(to_tsvector('dutch', description), 'C')
  ) STORED,
  UNIQUE (client_id, code)
);
CREATE INDEX product_words ON product USING gin (words);
CREATE INDEX product_of_client ON product (client_id, name) WHERE active;
CALL keep_clients_apart('product');
CREATE POLICY for_owner ON product FOR SELECT TO CURRENT_USER USING (true);

-- Articles of one client that match, best first. `query` is in the notation of to_tsquery, words not yet stemmed.
CREATE FUNCTION find_articles(client uuid, query text, most int)
RETURNS TABLE (id uuid, title text, language text, excerpt text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog AS $$
  WITH best AS (
    SELECT a.*, CASE a.language WHEN 'en' THEN to_tsquery('english', query) ELSE to_tsquery('dutch', query) END AS asked
    FROM article a
    WHERE a.client_id = client AND client = ANY (scope_client_ids())
      AND ((a.language <> 'en' AND a.words @@ to_tsquery('dutch', query)) OR (a.language = 'en' AND a.words @@ to_tsquery('english', query)))
    ORDER BY ts_rank_cd(a.words, CASE a.language WHEN 'en' THEN to_tsquery('english', query) ELSE to_tsquery('dutch', query) END) DESC, a.title
    LIMIT most
  )
  SELECT b.id, b.title, b.language,
         ts_headline(CASE b.language WHEN 'en' THEN 'english'::regconfig ELSE 'dutch'::regconfig END, b.body, b.asked, 'StartSel="", StopSel="", MaxWords=28, MinWords=18')
  FROM best b ORDER BY ts_rank_cd(b.words, b.asked) DESC, b.title
$$;

CREATE FUNCTION find_products(client uuid, query text, most int) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog AS $$
  SELECT p.id FROM product p
  WHERE p.client_id = client AND client = ANY (scope_client_ids()) AND p.active
    AND (p.words @@ to_tsquery('dutch', query) OR p.words @@ to_tsquery('simple', query))
  ORDER BY ts_rank_cd(p.words, to_tsquery('dutch', query)) DESC, p.name
  LIMIT most
$$;
REVOKE ALL ON FUNCTION find_articles, find_products FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_articles, find_products TO kernlijn_app;
