-- A message that comes alone, as nearly all do, is kept by plain statements on one row, without what many need.

DROP FUNCTION keep_visitor_messages(text, uuid[], uuid[], text[], text[]);

-- ConversationCard and Message of the contract, after the visitor spoke. Single expressions, so that they are inlined.
CREATE FUNCTION card_after_visitor(c conversation, said_iso text) RETURNS json LANGUAGE sql STABLE AS $$
  SELECT json_build_object(
    'id', c.id, 'clientId', c.client_id, 'channel', c.channel, 'direction', c.direction, 'state', c.state, 'queueId', c.queue_id,
    'customerId', c.customer_id, 'customerAddress', c.customer_address, 'customerName', c.customer_name, 'subject', c.subject,
    'language', c.language, 'priority', c.priority, 'agentId', c.agent_id, 'round', c.round, 'version', c.version,
    'queuedAt', iso_time(c.queued_at), 'answeredAt', iso_time(c.answered_at), 'endedAt', iso_time(c.ended_at),
    'wrapUpUntil', iso_time(c.wrap_up_until), 'offerExpiresAt', CASE WHEN c.state = 'offered' THEN offer_expiry(c.id) END,
    'lastMessageAt', said_iso, 'lastMessageFrom', 'customer', 'call', NULL)
$$;
CREATE FUNCTION message_of_visitor(message_id uuid, conversation_id uuid, place int, name text, said text, key text, said_iso text)
RETURNS json LANGUAGE sql STABLE AS $$
  SELECT json_build_object(
    'id', message_id, 'conversationId', conversation_id, 'position', place, 'author', 'customer', 'authorName', name,
    'text', said, 'html', NULL, 'externalId', key, 'delivery', 'received', 'deliveryDetail', NULL, 'at', said_iso,
    'automatic', NULL, 'original', false, 'attachments', '[]'::json)
$$;
-- What the visitor's own sockets in other processes hear, after who sends it.
CREATE FUNCTION said_by_visitor(sender text, conversation_id uuid, place int, name text, said text, key text, said_iso text)
RETURNS text LANGUAGE sql STABLE AS $$
  SELECT sender || ' ' || json_build_object('conversationId', conversation_id, 'message',
    json_build_object('position', place, 'author', 'customer', 'authorName', name, 'text', said, 'key', key, 'at', said_iso))
$$;

-- What visitors of many chats said, committed together in one round trip. Each message gets the next position of its
-- conversation, in the order given; a key that is there already keeps its place (and says no more than that); to a chat that
-- is over nothing is added. Everyone hears of it from the events; the sockets of the visitor himself, in whatever process,
-- hear at once over `chat_said`, for which the eight kilobytes of a notification are nearly always enough. `sender` goes
-- ahead of it: that process knows.
-- A look-up must not depend on what the planner believes (few messages a conversation, few conversations that are alive), so
-- each leaves it one index to use: a comparison of rows fits the one that begins with the same column, LIMIT keeps the other
-- conditions out.
CREATE FUNCTION keep_visitor_messages(sender text, conversation_ids uuid[], message_ids uuid[], keys text[], texts text[])
RETURNS TABLE (nr bigint, "position" int, name text, at text, told text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  said_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  said_iso text := iso_time(said_at);
  c conversation;
  place int;
BEGIN
  IF cardinality(conversation_ids) = 1 THEN
    SELECT * INTO c FROM conversation WHERE id = conversation_ids[1] FOR NO KEY UPDATE;
    place := (SELECT m.position FROM message m WHERE (m.external_id, m.conversation_id) BETWEEN (keys[1], c.id) AND (keys[1], c.id));
    IF place IS NOT NULL THEN
      RETURN QUERY SELECT 1::bigint, place, NULL, NULL, NULL;
    ELSIF c.state IN ('waiting','offered','handling','parked') THEN
      place := (SELECT coalesce(max(m.position), 0) + 1 FROM message m WHERE m.conversation_id = c.id);
      WITH added AS (
        INSERT INTO message (id, client_id, conversation_id, position, author, text, external_id, at)
        VALUES (message_ids[1], c.client_id, c.id, place, 'customer', texts[1], keys[1], said_at)
      )
      INSERT INTO event (client_id, type, body) VALUES (c.client_id, 'message.added', json_build_object(
        'card', card_after_visitor(c, said_iso),
        'message', message_of_visitor(message_ids[1], c.id, place, c.customer_name, texts[1], keys[1], said_iso)));
      told := said_by_visitor(sender, c.id, place, c.customer_name, texts[1], keys[1], said_iso);
      IF octet_length(told) < 7900 THEN PERFORM pg_notify('chat_said', told); END IF;
      nr := 1;
      position := place;
      name := c.customer_name;
      at := said_iso;
      RETURN NEXT;
    END IF;
    RETURN;
  END IF;
  -- First the locks, all in one order; the next statement then sees what others committed before we had them.
  PERFORM FROM conversation WHERE id = ANY (conversation_ids) ORDER BY id FOR NO KEY UPDATE;
  RETURN QUERY
  WITH said AS MATERIALIZED (
    SELECT s.nr, s.id AS message_id, s.key, s.text, s.conversation_id, c.*,
           (SELECT m.position FROM message m WHERE (m.external_id, m.conversation_id) BETWEEN (s.key, s.conversation_id) AND (s.key, s.conversation_id)) AS known
    FROM unnest(conversation_ids, message_ids, keys, texts) WITH ORDINALITY AS s (conversation_id, id, key, text, nr)
    CROSS JOIN LATERAL (
      SELECT client_id, customer_name, state, card_after_visitor(c, said_iso) AS card FROM conversation c WHERE id = s.conversation_id LIMIT 1) c
  ), placed AS MATERIALIZED (
    SELECT nr, message_id, key, text, conversation_id, client_id, customer_name, card,
           (SELECT coalesce(max(m.position), 0) FROM message m WHERE m.conversation_id = s.conversation_id) + row_number() OVER (PARTITION BY conversation_id ORDER BY nr)::int AS position
    FROM said s WHERE known IS NULL AND state IN ('waiting','offered','handling','parked')
  ), added AS (
    INSERT INTO message (id, client_id, conversation_id, position, author, text, external_id, at)
    SELECT message_id, client_id, conversation_id, position, 'customer', text, key, said_at FROM placed
  ), told AS (
    INSERT INTO event (client_id, type, body)
    SELECT client_id, 'message.added', json_build_object(
      'card', card, 'message', message_of_visitor(message_id, conversation_id, position, customer_name, text, key, said_iso)) FROM placed
  )
  SELECT nr, position, customer_name, said_iso, CASE WHEN octet_length(word) < 7900 THEN pg_notify('chat_said', word)::text END
  FROM placed CROSS JOIN LATERAL (SELECT said_by_visitor(sender, conversation_id, position, customer_name, text, key, said_iso) AS word OFFSET 0) w
  UNION ALL
  SELECT nr, known, NULL, NULL, NULL FROM said WHERE known IS NOT NULL;
END $$;
