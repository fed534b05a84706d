-- Who calls while a queue is closed hears so and is sent away: it happened, so it is kept, and asks for nothing more.
ALTER TABLE conversation DROP CONSTRAINT conversation_state_check;
ALTER TABLE conversation ADD CONSTRAINT conversation_state_check
  CHECK (state IN ('waiting','offered','handling','wrap-up','parked','closed','abandoned','turned-away')) NOT VALID;
ALTER TABLE conversation VALIDATE CONSTRAINT conversation_state_check;
-- Counted apart: neither offered nor abandoned.
ALTER TABLE contact ADD COLUMN turned_away_at timestamptz;
ALTER TABLE queue_hour ADD COLUMN turned_away int NOT NULL DEFAULT 0;
