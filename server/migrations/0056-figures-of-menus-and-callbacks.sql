-- Counted apart, like those who were turned away: who left in the menu, was put through from it, or asked to be called back
-- has not waited in a queue to be answered within its norm.
ALTER TABLE contact DROP CONSTRAINT contact_channel_check;
ALTER TABLE contact ADD CONSTRAINT contact_channel_check CHECK (channel IN ('call','email','chat','message','voicemail'));
ALTER TABLE contact ADD left_menu_at timestamptz, ADD forwarded_at timestamptz, ADD callback_at timestamptz, ADD callback_kept_at timestamptz;
ALTER TABLE queue_hour
  ADD left_menu int NOT NULL DEFAULT 0, ADD forwarded int NOT NULL DEFAULT 0,
  ADD callbacks int NOT NULL DEFAULT 0, ADD callbacks_kept int NOT NULL DEFAULT 0;
