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

-- As JavaScript writes it: 2026-11-23T14:05:00.000Z. STABLE, so that it is inlined.
CREATE FUNCTION iso_time(t timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

-- What visitors of many chats said, committed together in one round trip. Each message gets the next position of its
-- conversation, in the order given; a key that is there already keeps its place; to a chat that is over nothing is added
-- (position null). Everyone hears of it from the events; the sockets of the visitor himself, in whatever process, hear
-- at once over `chat_said`, some at a time, for which the eight kilobytes of a notification are nearly always enough.
-- Look-ups stand in the select list or under LIMIT: so they use the indexes, also before the tables were ever analysed.
CREATE FUNCTION keep_visitor_messages(conversation_ids uuid[], message_ids uuid[], keys text[], texts text[])
RETURNS SETOF int LANGUAGE plpgsql AS $$
DECLARE
  said_at timestamptz := date_trunc('milliseconds', clock_timestamp());
BEGIN
  -- First the locks, all in one order; the next statement then sees what others committed before we had them.
  PERFORM FROM conversation WHERE id = ANY (conversation_ids) ORDER BY id FOR NO KEY UPDATE;
  RETURN QUERY
  WITH said AS MATERIALIZED (
    SELECT s.*, (SELECT m.position FROM message m WHERE m.conversation_id = s.conversation_id AND m.external_id = s.key) AS known
    FROM unnest(conversation_ids, message_ids, keys, texts) WITH ORDINALITY AS s (conversation_id, id, key, text, nr)
  ), fresh AS MATERIALIZED (
    SELECT DISTINCT ON (conversation_id, key) * FROM said WHERE known IS NULL ORDER BY conversation_id, key, nr
  ), placed AS MATERIALIZED (
    SELECT f.id, f.key, f.text, f.nr, c.id AS conversation_id, c.client_id, c.customer_name,
           (SELECT coalesce(max(m.position), 0) FROM message m WHERE m.conversation_id = c.id) + row_number() OVER (PARTITION BY c.id ORDER BY f.nr)::int AS position,
           -- ConversationCard of the contract
           jsonb_build_object(
             'id', c.id, 'clientId', c.client_id, 'channel', c.channel, 'direction', c.direction, 'state', c.state, 'queueId', c.queue_id,
             'customerId', c.customer_id, 'customerAddress', c.customer_address, 'customerName', c.customer_name, 'subject', c.subject,
             'language', c.language, 'priority', c.priority, 'agentId', c.agent_id, 'round', c.round, 'version', c.version,
             'queuedAt', iso_time(c.queued_at), 'answeredAt', iso_time(c.answered_at), 'endedAt', iso_time(c.ended_at),
             'wrapUpUntil', iso_time(c.wrap_up_until),
             'offerExpiresAt', CASE WHEN c.state = 'offered' THEN (SELECT iso_time(a.expires_at) FROM assignment a WHERE a.conversation_id = c.id AND a.state = 'offered') END,
             'lastMessageAt', iso_time(said_at), 'lastMessageFrom', 'customer', 'call', NULL) AS card
    FROM fresh f
    CROSS JOIN LATERAL (SELECT * FROM conversation c WHERE c.id = f.conversation_id AND c.state IN ('waiting','offered','handling','parked') LIMIT 1) c
  ), added AS (
    INSERT INTO message (id, client_id, conversation_id, position, author, text, external_id, at)
    SELECT id, client_id, conversation_id, position, 'customer', text, key, said_at FROM placed
  ), touched AS (
    UPDATE conversation SET last_message_at = said_at, last_message_from = 'customer' WHERE id = ANY (ARRAY(SELECT conversation_id FROM placed))
  ), told AS (
    INSERT INTO event (client_id, type, body)
    SELECT client_id, 'message.added', jsonb_build_object('card', card, 'message', jsonb_build_object(
      'id', id, 'conversationId', conversation_id, 'position', position, 'author', 'customer', 'authorName', customer_name, 'text', text, 'html', NULL,
      'externalId', key, 'delivery', 'received', 'deliveryDetail', NULL, 'at', iso_time(said_at), 'attachments', '[]'::jsonb))
    FROM placed ORDER BY nr
  ), called AS MATERIALIZED (
    SELECT count(CASE WHEN octet_length(n.payload) < 7900 THEN pg_notify('chat_said', n.payload) END)
    FROM (SELECT json_agg(json_build_object('conversationId', conversation_id, 'message', json_build_object('position', position, 'author', 'customer',
                   'authorName', customer_name, 'text', text, 'key', key, 'at', iso_time(said_at))) ORDER BY nr)::text AS payload
          FROM placed GROUP BY (nr - 1) / 16 ORDER BY (nr - 1) / 16) n
  )
  SELECT coalesce(s.known, (SELECT p.position FROM placed p WHERE p.conversation_id = s.conversation_id AND p.key = s.key))
  FROM said s, called
  ORDER BY s.nr;
  PERFORM pg_notify('event_appended', '');
END $$;
