-- Read models of reporting, fed only by events. Raw facts first: every figure can be opened to its rows.

-- One round of a conversation: from entering a queue to its registration.
CREATE TABLE contact (
  conversation_id uuid NOT NULL,
  round int NOT NULL,
  client_id uuid NOT NULL,
  -- the queue it entered first in this round: where it counts
  queue_id uuid NOT NULL,
  channel text NOT NULL CHECK (channel IN ('call','email','chat','message')),
  direction text NOT NULL CHECK (direction IN ('in','out')),
  agent_id uuid,
  queued_at timestamptz NOT NULL,
  -- the day in the client's time zone, and the hour, of entering the queue: every figure of a contact counts there
  day date NOT NULL,
  hour timestamptz NOT NULL,
  -- the norm at that time, in seconds
  answer_within int NOT NULL,
  answered_at timestamptz,
  abandoned_at timestamptz,
  ended_at timestamptz,
  registered_at timestamptz,
  by_default boolean NOT NULL DEFAULT false,
  PRIMARY KEY (conversation_id, round)
);
CREATE INDEX contact_by_day ON contact (client_id, day, queue_id, queued_at);
CREATE INDEX contact_in_order ON contact (client_id, day, queued_at, conversation_id);
CALL keep_clients_apart('contact');

CREATE TABLE queue_hour (
  client_id uuid NOT NULL,
  queue_id uuid NOT NULL,
  channel text NOT NULL,
  hour timestamptz NOT NULL,
  offered int NOT NULL DEFAULT 0,
  answered int NOT NULL DEFAULT 0,
  answered_in_time int NOT NULL DEFAULT 0,
  abandoned int NOT NULL DEFAULT 0,
  -- abandoned within 5 seconds: switchable out of the service level
  abandoned_short int NOT NULL DEFAULT 0,
  answered_wait_seconds double precision NOT NULL DEFAULT 0,
  registered int NOT NULL DEFAULT 0,
  registered_by_default int NOT NULL DEFAULT 0,
  PRIMARY KEY (client_id, hour, queue_id, channel)
);
CALL keep_clients_apart('queue_hour');
