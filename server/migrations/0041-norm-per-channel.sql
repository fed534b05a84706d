-- A caller waits seconds where a mail may wait hours: a queue has a norm for each channel it serves, in seconds.
ALTER TABLE queue ADD COLUMN answer_within jsonb NOT NULL DEFAULT '{"call":20,"chat":60,"email":28800,"message":28800}';
-- What was set was meant for the quickest channel that leads to the queue; a queue of one channel had it for that one.
UPDATE queue q SET answer_within = q.answer_within || jsonb_build_object(
  coalesce((SELECT p.channel FROM contact_point p WHERE p.queue_id = q.id AND p.active
            ORDER BY array_position(ARRAY['call','chat','email','message'], p.channel) LIMIT 1), 'call'),
  greatest(1, q.answer_within_seconds));
ALTER TABLE queue DROP COLUMN answer_within_seconds;
ALTER TABLE queue ADD CHECK (
  answer_within ?& ARRAY['call','chat','email','message']
  AND (answer_within->>'call')::int BETWEEN 1 AND 2592000 AND (answer_within->>'chat')::int BETWEEN 1 AND 2592000
  AND (answer_within->>'email')::int BETWEEN 1 AND 2592000 AND (answer_within->>'message')::int BETWEEN 1 AND 2592000);
