-- Who is behind a chat: known by a token that only that browser has.
CREATE TABLE chat_visitor (
  conversation_id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  -- SHA-256 of the token; the token itself is kept nowhere
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  -- the key of the form that started it: pressed twice, it is one chat
  start_key uuid NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  page text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- when the token was first used: from then on a repeated start cannot get another
  joined_at timestamptz,
  -- the last time a server process held a socket of this visitor
  last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- left, or away for longer than the grace time
  left_at timestamptz,
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE,
  UNIQUE (client_id, start_key)
);
CREATE INDEX chat_visitor_here ON chat_visitor (last_seen_at) WHERE left_at IS NULL;
CALL keep_clients_apart('chat_visitor');

-- What visitors of many chats said, in one statement, for a server that commits them together. Each conversation's
-- messages get its next positions in the order given; a key that is there already keeps its place; to a chat that is
-- over nothing is added (position null).
CREATE FUNCTION add_visitor_messages(conversation_ids uuid[], message_ids uuid[], keys text[], texts text[], said_at timestamptz)
RETURNS TABLE ("position" int, is_new boolean) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  -- First the locks, all in one order; the next statement then sees what others committed before we had them.
  PERFORM FROM conversation c WHERE c.id = ANY (conversation_ids) ORDER BY c.id FOR NO KEY UPDATE;
  RETURN QUERY
  WITH said AS (
    SELECT * FROM unnest(conversation_ids, message_ids, keys, texts) WITH ORDINALITY AS s (conversation_id, id, key, text, nr)
  ), fresh AS (
    SELECT DISTINCT ON (s.conversation_id, s.key) s.*, c.client_id FROM said s JOIN conversation c ON c.id = s.conversation_id
    WHERE c.state IN ('waiting','offered','handling','parked')
      AND NOT EXISTS (SELECT FROM message m WHERE m.conversation_id = s.conversation_id AND m.external_id = s.key)
    ORDER BY s.conversation_id, s.key, s.nr
  ), added AS (
    INSERT INTO message (id, client_id, conversation_id, position, author, text, external_id, at)
    SELECT f.id, f.client_id, f.conversation_id,
           (SELECT coalesce(max(m.position), 0) FROM message m WHERE m.conversation_id = f.conversation_id) + row_number() OVER (PARTITION BY f.conversation_id ORDER BY f.nr),
           'customer', f.text, f.key, said_at
    FROM fresh f
    RETURNING id, conversation_id, external_id, position
  ), touched AS (
    UPDATE conversation SET last_message_at = said_at, last_message_from = 'customer' WHERE id IN (SELECT conversation_id FROM added)
  )
  SELECT coalesce(a.position, m.position), a.id IS NOT DISTINCT FROM s.id
  FROM said s
  LEFT JOIN added a ON a.conversation_id = s.conversation_id AND a.external_id = s.key
  LEFT JOIN message m ON m.conversation_id = s.conversation_id AND m.external_id = s.key
  ORDER BY s.nr;
END $$;
