-- Events are written once. Their numbers stand beside them, so that giving one touches neither the event nor its index.
CREATE TABLE event_number (
  seq bigint PRIMARY KEY,
  -- No foreign key: the publisher, who alone writes here, has just read the event.
  event_id bigint NOT NULL
);
GRANT SELECT, INSERT, DELETE ON event_number TO kernlijn_system;

-- Where the publisher is. An id is given out before its transaction commits, and some never do: `open` are the ids whose
-- event may still come.
CREATE TABLE event_publisher (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq bigint NOT NULL,
  open int8multirange NOT NULL
) WITH (fillfactor = 50);
GRANT SELECT, UPDATE ON event_publisher TO kernlijn_system;

INSERT INTO event_number SELECT seq, id FROM event WHERE seq IS NOT NULL ORDER BY seq;
INSERT INTO event_publisher (seq, open)
  SELECT coalesce(max(seq), 0), int8multirange(int8range(1, NULL)) - coalesce(range_agg(int8range(event_id, event_id, '[]')), '{}') FROM event_number;

DROP INDEX event_unpublished;
ALTER TABLE event DROP COLUMN seq;
-- Nothing asks into a body: as text it is neither taken apart when written nor put together when read.
ALTER TABLE event ALTER COLUMN body TYPE json USING body::json;
