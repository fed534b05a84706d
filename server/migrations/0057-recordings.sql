-- ── recordings of calls ─────────────────────────────────────────────────────────────────────────────────────
-- Why a client may record: how long each purpose is a reason to keep, who may listen for it, and what an objection does.
CREATE TABLE recording_purpose (
  client_id uuid NOT NULL REFERENCES client ON DELETE CASCADE,
  purpose text NOT NULL CHECK (purpose IN ('quality','agreement','dispute','legal-duty')),
  retention_days int NOT NULL CHECK (retention_days BETWEEN 1 AND 3660),
  -- drop: what was recorded goes; keep: it stays and recording stops; goes-on: the law leaves no choice
  on_objection text NOT NULL CHECK (on_objection IN ('drop','keep','goes-on')),
  -- own: the agents who are heard in it
  listeners text[] NOT NULL CHECK (listeners <@ '{own,team-leader,coach,trainer,administrator,client-representative}'::text[]),
  PRIMARY KEY (client_id, purpose)
);
CALL keep_clients_apart('recording_purpose');

-- What is recorded: of a queue, or (without one) of all other queues of a client. Without a row nothing is.
CREATE TABLE recording_policy (
  client_id uuid NOT NULL REFERENCES client ON DELETE CASCADE,
  queue_id uuid,
  mode text NOT NULL CHECK (mode IN ('always','agent','never')),
  purposes text[] NOT NULL CHECK (purposes <@ '{quality,agreement,dispute,legal-duty}'::text[]),
  -- the prompt that is heard to its end before anything is recorded
  announcement text NOT NULL CHECK (announcement ~* '^[a-z0-9][a-z0-9_-]*$'),
  objection_key text CHECK (objection_key ~ '^[0-9*#]$'),
  agent_may_pause boolean NOT NULL,
  agent_may_stop boolean NOT NULL,
  remind_seconds int NOT NULL CHECK (remind_seconds BETWEEN 10 AND 3600),
  version int NOT NULL DEFAULT 1,
  CHECK (mode = 'never' OR cardinality(purposes) > 0),
  UNIQUE NULLS NOT DISTINCT (client_id, queue_id),
  FOREIGN KEY (client_id, queue_id) REFERENCES queue (client_id, id) ON DELETE CASCADE
);
CALL keep_clients_apart('recording_policy');

ALTER TABLE call
  -- the caller heard to its end that he would be recorded
  ADD COLUMN recording_told_at timestamptz,
  ADD COLUMN recording_objected_at timestamptz;

CREATE TABLE recording (
  -- also what the engine calls it
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  queue_id uuid NOT NULL,
  leg_id text NOT NULL,
  purposes text[] NOT NULL,
  -- announcing: the caller hears the announcement; ending: the engine has yet to say that the file is complete;
  -- ended: to be fetched; lost: there is nothing to be fetched
  state text NOT NULL CHECK (state IN ('announcing','running','paused','ending','ended','stored','deleted','lost')),
  live boolean NOT NULL GENERATED ALWAYS AS (state IN ('announcing','running','paused')) STORED,
  made_at timestamptz NOT NULL,
  state_since timestamptz NOT NULL,
  paused_for text CHECK (paused_for IN ('agent','payment')),
  started_at timestamptz,
  ended_at timestamptz,
  milliseconds int,
  -- [{"from":ms,"to":ms}], silent in the file
  pauses jsonb NOT NULL DEFAULT '[]',
  -- its end is missing: the engine or the disk failed
  incomplete boolean NOT NULL DEFAULT false,
  -- of the stored file
  size bigint, sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'), format text,
  -- smallest and largest sample of each stretch as two signed bytes, channel after channel
  peaks bytea, peak_ms float8,
  -- fetching it
  due_at timestamptz, attempts int NOT NULL DEFAULT 0, trouble text,
  -- bytes that are still to be taken away when they are no longer wanted
  at_engine boolean NOT NULL DEFAULT false,
  on_disk boolean NOT NULL DEFAULT false,
  delete_after timestamptz,
  held_at timestamptz, held_by uuid REFERENCES person, hold_reason text,
  deleted_at timestamptz, deleted_by uuid REFERENCES person,
  deleted_why text CHECK (deleted_why IN ('retention','objection','request')), deletion_reason text,
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id),
  FOREIGN KEY (client_id, queue_id) REFERENCES queue (client_id, id),
  UNIQUE (client_id, id),
  CHECK ((state = 'paused') = (paused_for IS NOT NULL)),
  CHECK ((state = 'deleted') = (deleted_at IS NOT NULL)),
  CHECK (state <> 'deleted' OR held_at IS NULL),
  CHECK (state <> 'stored' OR (on_disk AND size IS NOT NULL AND sha256 IS NOT NULL AND milliseconds IS NOT NULL AND delete_after IS NOT NULL))
);
-- A call has one recording at a time.
CREATE UNIQUE INDEX recording_live ON recording (conversation_id) WHERE live;
CREATE INDEX recording_of_conversation ON recording (conversation_id, made_at);
CREATE INDEX recording_newest ON recording (made_at DESC, id DESC) WHERE state IN ('ended','stored');
CREATE INDEX recording_of_queue ON recording (queue_id, made_at DESC, id DESC) WHERE state IN ('ended','stored');
CREATE INDEX recording_due ON recording (due_at) WHERE state = 'ended';
CREATE INDEX recording_open ON recording (id) WHERE state IN ('announcing','running','paused','ending');
CREATE INDEX recording_over ON recording (delete_after) WHERE state IN ('ended','stored') AND held_at IS NULL;
CREATE INDEX recording_leftover ON recording (id) WHERE state IN ('stored','deleted','lost') AND at_engine OR state = 'deleted' AND on_disk;
CALL keep_clients_apart('recording');

-- Who is heard in it on our side.
CREATE TABLE recording_agent (
  recording_id uuid NOT NULL,
  agent_id uuid NOT NULL REFERENCES agent,
  client_id uuid NOT NULL,
  -- of the recording
  made_at timestamptz NOT NULL,
  PRIMARY KEY (recording_id, agent_id),
  FOREIGN KEY (client_id, recording_id) REFERENCES recording (client_id, id)
);
CREATE INDEX recording_agent_newest ON recording_agent (agent_id, made_at DESC, recording_id DESC);
CALL keep_clients_apart('recording_agent');

-- What happened along it, also what is not heard.
CREATE TABLE recording_mark (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  client_id uuid NOT NULL,
  recording_id uuid NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('announced','started','paused','resumed','stopped','objected','incomplete','hold','unhold','aside','unaside','joined','left','agent')),
  person_id uuid REFERENCES person,
  -- of a pause: payment or agent; of a party: its number
  detail text NOT NULL DEFAULT '',
  FOREIGN KEY (client_id, recording_id) REFERENCES recording (client_id, id)
);
CREATE INDEX recording_mark_of ON recording_mark (recording_id, at, id);
CALL keep_clients_apart('recording_mark');
REVOKE UPDATE, DELETE ON recording_mark FROM kernlijn_app;

-- Each time somebody listened or took a copy. Nobody gets a byte of sound without a row here.
CREATE TABLE recording_listening (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  recording_id uuid NOT NULL,
  person_id uuid NOT NULL REFERENCES person,
  at timestamptz NOT NULL,
  -- which parts the player says it played, and how far was sent at all: [{"from":ms,"to":ms}]
  heard jsonb NOT NULL DEFAULT '[]',
  sent jsonb NOT NULL DEFAULT '[]',
  -- why a copy was taken; null when it was listened to
  copy_reason text CHECK (length(copy_reason) BETWEEN 1 AND 500),
  FOREIGN KEY (client_id, recording_id) REFERENCES recording (client_id, id)
);
CREATE INDEX recording_listening_of ON recording_listening (recording_id, at);
CALL keep_clients_apart('recording_listening');
REVOKE DELETE ON recording_listening FROM kernlijn_app;
