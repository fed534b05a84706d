-- What visitors say is told to other processes after its commit, by the process that keeps it: a NOTIFY within the
-- transaction takes one lock of the whole server until the commit is on disk, so that processes waited for each other's disk.
-- And a message that comes alone, as nearly all do, is kept by plain statements on one row, without what many need.

DROP FUNCTION keep_visitor_messages(text, uuid[], uuid[], text[], text[]);

-- The body of `message.added` of the contract: how the conversation stands, and what its customer said. A single expression,
-- so that it is inlined.
CREATE FUNCTION visitor_message_added(c conversation, message_id uuid, place int, said text, key text, said_iso text)
RETURNS json LANGUAGE sql STABLE AS $$
  SELECT json_build_object(
    'card', json_build_object( -- ConversationCard
      'id', c.id, 'clientId', c.client_id, 'channel', c.channel, 'direction', c.direction, 'state', c.state, 'queueId', c.queue_id,
      'customerId', c.customer_id, 'customerAddress', c.customer_address, 'customerName', c.customer_name, 'subject', c.subject,
      'language', c.language, 'priority', c.priority, 'agentId', c.agent_id, 'round', c.round, 'version', c.version,
      'queuedAt', iso_time(c.queued_at), 'answeredAt', iso_time(c.answered_at), 'endedAt', iso_time(c.ended_at),
      'wrapUpUntil', iso_time(c.wrap_up_until), 'offerExpiresAt', CASE WHEN c.state = 'offered' THEN offer_expiry(c.id) END,
      'lastMessageAt', said_iso, 'lastMessageFrom', 'customer', 'call', NULL),
    'message', json_build_object( -- Message
      'id', message_id, 'conversationId', c.id, 'position', place, 'author', 'customer', 'authorName', c.customer_name,
      'text', said, 'html', NULL, 'externalId', key, 'delivery', 'received', 'deliveryDetail', NULL, 'at', said_iso,
      'automatic', NULL, 'original', false, 'attachments', '[]'::json))
$$;

-- What visitors of many chats said, committed together in one round trip. Each message gets the next position of its
-- conversation, in the order given; a key that is there already keeps its place (and says no more than that); to a chat that
-- is over nothing is added. Everyone hears of it from the events; the visitor's own sockets from the process that called.
-- A look-up must not depend on what the planner believes (few messages a conversation, few conversations that are alive), so
-- each leaves it one index to use: a comparison of rows fits the one that begins with the same column, LIMIT keeps the other
-- conditions out.
CREATE FUNCTION keep_visitor_messages(conversation_ids uuid[], message_ids uuid[], keys text[], texts text[])
RETURNS TABLE (nr bigint, "position" int, name text, at text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  said_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  said_iso text := iso_time(said_at);
  c conversation;
BEGIN
  IF cardinality(conversation_ids) = 1 THEN
    SELECT * INTO c FROM conversation WHERE id = conversation_ids[1] FOR NO KEY UPDATE;
    nr := 1;
    position := (SELECT m.position FROM message m WHERE (m.external_id, m.conversation_id) BETWEEN (keys[1], c.id) AND (keys[1], c.id));
    IF position IS NOT NULL THEN
      RETURN NEXT;
    ELSIF c.state IN ('waiting','offered','handling','parked') THEN
      position := (SELECT coalesce(max(m.position), 0) + 1 FROM message m WHERE m.conversation_id = c.id);
      name := c.customer_name;
      at := said_iso;
      WITH added AS (
        INSERT INTO message (id, client_id, conversation_id, position, author, text, external_id, at)
        VALUES (message_ids[1], c.client_id, c.id, keep_visitor_messages.position, 'customer', texts[1], keys[1], said_at)
      )
      INSERT INTO event (client_id, type, body)
      VALUES (c.client_id, 'message.added', visitor_message_added(c, message_ids[1], keep_visitor_messages.position, texts[1], keys[1], said_iso));
      RETURN NEXT;
    END IF;
    RETURN;
  END IF;
  -- First the locks, all in one order; the next statement then sees what others committed before we had them.
  PERFORM FROM conversation WHERE id = ANY (conversation_ids) ORDER BY id FOR NO KEY UPDATE;
  RETURN QUERY
  WITH said AS MATERIALIZED (
    SELECT s.nr, s.id AS message_id, s.key, s.text, c.c, s.conversation_id,
           (SELECT m.position FROM message m WHERE (m.external_id, m.conversation_id) BETWEEN (s.key, s.conversation_id) AND (s.key, s.conversation_id)) AS known
    FROM unnest(conversation_ids, message_ids, keys, texts) WITH ORDINALITY AS s (conversation_id, id, key, text, nr)
    CROSS JOIN LATERAL (SELECT c FROM conversation c WHERE id = s.conversation_id LIMIT 1) c
  ), placed AS MATERIALIZED (
    SELECT nr, message_id, key, text, c, conversation_id,
           (SELECT coalesce(max(m.position), 0) FROM message m WHERE m.conversation_id = s.conversation_id) + row_number() OVER (PARTITION BY conversation_id ORDER BY nr)::int AS position
    FROM said s WHERE known IS NULL AND (s.c).state IN ('waiting','offered','handling','parked')
  ), added AS (
    INSERT INTO message (id, client_id, conversation_id, position, author, text, external_id, at)
    SELECT message_id, (p.c).client_id, conversation_id, position, 'customer', text, key, said_at FROM placed p
  ), told AS (
    INSERT INTO event (client_id, type, body)
    SELECT (p.c).client_id, 'message.added', visitor_message_added(c, message_id, position, text, key, said_iso) FROM placed p
  )
  SELECT nr, position, (p.c).customer_name, said_iso FROM placed p
  UNION ALL
  SELECT nr, known, NULL, NULL FROM said WHERE known IS NOT NULL;
END $$;
