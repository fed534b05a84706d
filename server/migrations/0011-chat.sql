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
