-- One index for both: no message twice in a conversation, and found by its Message-ID or key.
ALTER TABLE message ADD UNIQUE (external_id, conversation_id);
ALTER TABLE message DROP CONSTRAINT message_conversation_id_external_id_key;
DROP INDEX message_by_external_id;

-- The last message is the one at the last position: every message wrote it a second time, into the row with most indexes and
-- checks of all.
ALTER TABLE conversation DROP COLUMN last_message_at, DROP COLUMN last_message_from;

DROP FUNCTION keep_visitor_messages(uuid[], uuid[], text[], text[]);

-- What visitors of many chats said, committed together in one round trip. Each message gets the next position of its
-- conversation, in the order given; a key that is there already keeps its place (and says no more than that); to a chat that
-- is over nothing is added (position null). Everyone hears of it from the events; the sockets of the visitor himself, in
-- whatever process, hear at once over `chat_said`, some at a time, for which the eight kilobytes of a notification are
-- nearly always enough. `sender` goes ahead of it: that process knows.
-- A look-up must not depend on what the planner believes (few messages a conversation, few conversations that are alive), so
-- each leaves it one index to use: a comparison of rows fits the one that begins with the same column, LIMIT keeps the other
-- conditions out.
CREATE FUNCTION keep_visitor_messages(sender text, conversation_ids uuid[], message_ids uuid[], keys text[], texts text[])
RETURNS TABLE ("position" int, name text, at text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  said_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  said_iso text := iso_time(said_at);
BEGIN
  -- First the locks, all in one order; the next statement then sees what others committed before we had them.
  PERFORM FROM conversation WHERE id = ANY (conversation_ids) ORDER BY id FOR NO KEY UPDATE;
  RETURN QUERY
  WITH said AS MATERIALIZED (
    SELECT s.nr, s.id AS message_id, s.key, s.text, c.*,
           (SELECT m.position FROM message m WHERE (m.external_id, m.conversation_id) BETWEEN (s.key, c.id) AND (s.key, c.id)) AS known
    FROM unnest(conversation_ids, message_ids, keys, texts) WITH ORDINALITY AS s (conversation_id, id, key, text, nr)
    LEFT JOIN LATERAL (SELECT * FROM conversation WHERE id = s.conversation_id LIMIT 1) c ON true
  ), placed AS MATERIALIZED (
    SELECT *, (SELECT coalesce(max(m.position), 0) FROM message m WHERE m.conversation_id = s.id) + row_number() OVER (PARTITION BY id ORDER BY nr)::int AS position
    FROM said s WHERE known IS NULL AND state IN ('waiting','offered','handling','parked')
  ), added AS (
    INSERT INTO message (id, client_id, conversation_id, position, author, text, external_id, at)
    SELECT message_id, client_id, id, position, 'customer', text, key, said_at FROM placed
  ), told AS (
    INSERT INTO event (client_id, type, body)
    SELECT client_id, 'message.added', json_build_object(
      'card', json_build_object( -- ConversationCard of the contract
        'id', id, 'clientId', client_id, 'channel', channel, 'direction', direction, 'state', state, 'queueId', queue_id,
        'customerId', customer_id, 'customerAddress', customer_address, 'customerName', customer_name, 'subject', subject,
        'language', language, 'priority', priority, 'agentId', agent_id, 'round', round, 'version', version,
        'queuedAt', iso_time(queued_at), 'answeredAt', iso_time(answered_at), 'endedAt', iso_time(ended_at), 'wrapUpUntil', iso_time(wrap_up_until),
        'offerExpiresAt', CASE WHEN state = 'offered' THEN (SELECT iso_time(a.expires_at) FROM assignment a WHERE a.conversation_id = placed.id AND a.live AND a.state = 'offered') END,
        'lastMessageAt', said_iso, 'lastMessageFrom', 'customer', 'call', NULL),
      'message', json_build_object(
        'id', message_id, 'conversationId', id, 'position', position, 'author', 'customer', 'authorName', customer_name, 'text', text, 'html', NULL,
        'externalId', key, 'delivery', 'received', 'deliveryDetail', NULL, 'at', said_iso,
        'automatic', NULL, 'original', false, 'attachments', '[]'::json))
    FROM placed ORDER BY nr
  ), called AS MATERIALIZED (
    SELECT count(CASE WHEN octet_length(n.payload) < 7900 THEN pg_notify('chat_said', n.payload) END)
    FROM (SELECT sender || ' ' || json_agg(json_build_object('conversationId', id, 'message', json_build_object('position', position, 'author', 'customer',
                   'authorName', customer_name, 'text', text, 'key', key, 'at', said_iso)) ORDER BY nr) AS payload
          FROM placed GROUP BY (nr - 1) / 16) n
  )
  SELECT coalesce(s.known, p.position), p.customer_name, CASE WHEN p.nr IS NOT NULL THEN said_iso END
  FROM called, said s LEFT JOIN placed p ON p.nr = s.nr
  ORDER BY s.nr;
  PERFORM pg_notify('event_appended', '');
END $$;
