-- As `keep_visitor_messages` of 0021, with less to set up for each call: narrow rows between its parts, each message told by
-- itself (so nothing is grouped or sorted), the offer looked up only when there is one. And the publisher of events is not
-- called by it: the process that keeps messages does that, once for many.

-- A function, so that it costs nothing where it is not called.
CREATE FUNCTION offer_expiry(conversation uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT iso_time(a.expires_at) FROM assignment a WHERE a.conversation_id = conversation AND a.live AND a.state = 'offered');
END $$;

DROP FUNCTION keep_visitor_messages(text, uuid[], uuid[], text[], text[]);

-- What visitors of many chats said, committed together in one round trip. Each message gets the next position of its
-- conversation, in the order given; a key that is there already keeps its place (and says no more than that); to a chat that
-- is over nothing is added (position null). Everyone hears of it from the events; the sockets of the visitor himself, in
-- whatever process, hear at once over `chat_said`, for which the eight kilobytes of a notification are nearly always enough.
-- `sender` goes ahead of it: that process knows.
-- A look-up must not depend on what the planner believes (few messages a conversation, few conversations that are alive), so
-- each leaves it one index to use: a comparison of rows fits the one that begins with the same column, LIMIT keeps the other
-- conditions out.
CREATE FUNCTION keep_visitor_messages(sender text, conversation_ids uuid[], message_ids uuid[], keys text[], texts text[])
RETURNS TABLE (nr bigint, "position" int, name text, at text, told text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  said_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  said_iso text := iso_time(said_at);
BEGIN
  -- First the locks, all in one order; the next statement then sees what others committed before we had them.
  PERFORM FROM conversation WHERE id = ANY (conversation_ids) ORDER BY id FOR NO KEY UPDATE;
  RETURN QUERY
  WITH said AS MATERIALIZED (
    SELECT s.nr, s.id AS message_id, s.key, s.text, c.id, c.client_id, c.customer_name, c.state, row_to_json(card) AS card,
           (SELECT m.position FROM message m WHERE (m.external_id, m.conversation_id) BETWEEN (s.key, c.id) AND (s.key, c.id)) AS known
    FROM unnest(conversation_ids, message_ids, keys, texts) WITH ORDINALITY AS s (conversation_id, id, key, text, nr)
    LEFT JOIN LATERAL (SELECT * FROM conversation WHERE id = s.conversation_id LIMIT 1) c ON true
    CROSS JOIN LATERAL (SELECT -- ConversationCard of the contract
      c.id, c.client_id AS "clientId", c.channel, c.direction, c.state, c.queue_id AS "queueId",
      c.customer_id AS "customerId", c.customer_address AS "customerAddress", c.customer_name AS "customerName", c.subject,
      c.language, c.priority, c.agent_id AS "agentId", c.round, c.version,
      iso_time(c.queued_at) AS "queuedAt", iso_time(c.answered_at) AS "answeredAt", iso_time(c.ended_at) AS "endedAt",
      iso_time(c.wrap_up_until) AS "wrapUpUntil", CASE WHEN c.state = 'offered' THEN offer_expiry(c.id) END AS "offerExpiresAt",
      said_iso AS "lastMessageAt", 'customer' AS "lastMessageFrom", NULL AS call) card
  ), placed AS MATERIALIZED (
    SELECT nr, message_id, key, text, id, client_id, customer_name, card,
           (SELECT coalesce(max(m.position), 0) FROM message m WHERE m.conversation_id = s.id) + row_number() OVER (PARTITION BY id ORDER BY nr)::int AS position
    FROM said s WHERE known IS NULL AND state IN ('waiting','offered','handling','parked')
  ), added AS (
    INSERT INTO message (id, client_id, conversation_id, position, author, text, external_id, at)
    SELECT message_id, client_id, id, position, 'customer', text, key, said_at FROM placed
  ), told AS (
    INSERT INTO event (client_id, type, body)
    SELECT client_id, 'message.added', json_build_object('card', card, 'message', row_to_json(message))
    FROM placed CROSS JOIN LATERAL (SELECT
      message_id AS id, id AS "conversationId", position, 'customer' AS author, customer_name AS "authorName", text, NULL AS html,
      key AS "externalId", 'received' AS delivery, NULL AS "deliveryDetail", said_iso AS at,
      NULL AS automatic, false AS original, '[]'::json AS attachments) message
  )
  SELECT nr, position, customer_name, said_iso, CASE WHEN octet_length(payload) < 7900 THEN pg_notify('chat_said', payload)::text END
  FROM placed CROSS JOIN LATERAL (SELECT sender || ' ' || json_build_object('conversationId', id, 'message',
    json_build_object('position', position, 'author', 'customer', 'authorName', customer_name, 'text', text, 'key', key, 'at', said_iso)) AS payload OFFSET 0) n
  UNION ALL
  SELECT nr, known, NULL, NULL, NULL FROM said WHERE known IS NOT NULL;
END $$;
