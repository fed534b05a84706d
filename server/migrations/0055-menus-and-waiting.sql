-- What a number does before a queue, what is said while waiting, callbacks that keep the place, voicemail, and a client's own prompts.

-- ── the menu of a number; null: straight into its queue ──
ALTER TABLE contact_point ADD flow jsonb, ADD flow_version int NOT NULL DEFAULT 1;

-- A caller who is in a menu: no conversation yet, for it is not known yet where it will wait. One row a call, so that a
-- restart goes on where it stopped; the flow as it was when the call came in.
CREATE TABLE menu_call (
  leg_id text PRIMARY KEY,
  client_id uuid NOT NULL,
  contact_point_id uuid NOT NULL,
  -- of the number: where a call goes when the menu leads nowhere
  queue_id uuid NOT NULL,
  flow jsonb NOT NULL,
  state jsonb NOT NULL,
  customer_id uuid,
  customer_address text NOT NULL,
  customer_name text NOT NULL DEFAULT '',
  begun_at timestamptz NOT NULL,
  -- when the menu goes on by itself
  due_at timestamptz,
  -- the outside number that is being called for it
  outside_leg_id text UNIQUE,
  FOREIGN KEY (client_id, contact_point_id) REFERENCES contact_point (client_id, id) ON DELETE CASCADE,
  FOREIGN KEY (client_id, queue_id) REFERENCES queue (client_id, id),
  FOREIGN KEY (client_id, customer_id) REFERENCES customer (client_id, id) ON DELETE SET NULL (customer_id)
);
CALL keep_clients_apart('menu_call');

-- ── while a call waits; null: music and nothing else ──
ALTER TABLE queue ADD waiting jsonb;
-- A skill that the caller chose in the menu.
ALTER TABLE conversation ADD skill_id uuid REFERENCES skill;
ALTER TABLE call
  -- where the announcements are, and when they go on by themselves
  ADD wait jsonb,
  ADD wait_due_at timestamptz,
  -- waiting: keeps the place, nobody on the line. dialling: an agent has taken it. resting: until the next try.
  ADD callback_state text CHECK (callback_state IN ('waiting','dialling','resting','kept','not-reached','cancelled')),
  ADD callback_number text,
  ADD callback_attempts int NOT NULL DEFAULT 0,
  ADD callback_asked_at timestamptz,
  ADD callback_next_at timestamptz,
  ADD CHECK ((callback_state IS NULL) = (callback_number IS NULL));
CREATE INDEX call_callback_of_number ON call (client_id, callback_number) WHERE callback_state IN ('waiting','dialling','resting');
CREATE INDEX call_wait_due ON call (wait_due_at) WHERE wait_due_at IS NOT NULL;

-- ── calls that end without having waited ──
ALTER TABLE conversation DROP CONSTRAINT conversation_state_check;
ALTER TABLE conversation ADD CONSTRAINT conversation_state_check
  CHECK (state IN ('waiting','offered','handling','wrap-up','parked','closed','abandoned','turned-away','left-menu','forwarded')) NOT VALID;
ALTER TABLE conversation VALIDATE CONSTRAINT conversation_state_check;
DROP INDEX conversation_live;
ALTER TABLE conversation DROP COLUMN live;
ALTER TABLE conversation ADD COLUMN live boolean NOT NULL
  GENERATED ALWAYS AS (state NOT IN ('closed','abandoned','turned-away','left-menu','forwarded')) STORED;
CREATE INDEX conversation_live ON conversation (client_id, queue_id, queued_at) WHERE live;

-- ── voicemail: spoken, answered like what is written ──
ALTER TABLE conversation DROP CONSTRAINT conversation_channel_check;
ALTER TABLE conversation ADD CONSTRAINT conversation_channel_check CHECK (channel IN ('call','email','chat','message','voicemail')) NOT VALID;
ALTER TABLE conversation VALIDATE CONSTRAINT conversation_channel_check;
DO $$
DECLARE name text;
BEGIN
  SELECT conname INTO STRICT name FROM pg_constraint
  WHERE conrelid = 'queue'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%answer_within%';
  EXECUTE format('ALTER TABLE queue DROP CONSTRAINT %I', name);
END $$;
UPDATE queue SET answer_within = answer_within || jsonb_build_object('voicemail', answer_within->'message');
ALTER TABLE queue ALTER answer_within SET DEFAULT '{"call":20,"chat":60,"email":28800,"message":28800,"voicemail":28800}';
ALTER TABLE queue ADD CONSTRAINT queue_answer_within_check CHECK (
  answer_within ?& ARRAY['call','chat','email','message','voicemail']
  AND (answer_within->>'call')::int BETWEEN 1 AND 2592000 AND (answer_within->>'chat')::int BETWEEN 1 AND 2592000
  AND (answer_within->>'email')::int BETWEEN 1 AND 2592000 AND (answer_within->>'message')::int BETWEEN 1 AND 2592000
  AND (answer_within->>'voicemail')::int BETWEEN 1 AND 2592000);

-- A message that is being left, until its recording is kept: a crash loses neither. Who was sent here from a queue is
-- still in it until then.
CREATE TABLE voicemail (
  leg_id text PRIMARY KEY,
  client_id uuid NOT NULL,
  recording_id text NOT NULL UNIQUE,
  -- the call that waited before; null when the menu led here
  conversation_id uuid UNIQUE,
  contact_point_id uuid,
  queue_id uuid NOT NULL,
  customer_id uuid,
  customer_address text NOT NULL,
  customer_name text NOT NULL DEFAULT '',
  subject text NOT NULL DEFAULT '',
  language text NOT NULL,
  -- greeting: hears what to do; recording; keeping: the file is being fetched
  state text NOT NULL CHECK (state IN ('greeting','recording','keeping')),
  begun_at timestamptz NOT NULL,
  due_at timestamptz,
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE,
  FOREIGN KEY (client_id, contact_point_id) REFERENCES contact_point (client_id, id) ON DELETE SET NULL (contact_point_id),
  FOREIGN KEY (client_id, queue_id) REFERENCES queue (client_id, id),
  FOREIGN KEY (client_id, customer_id) REFERENCES customer (client_id, id) ON DELETE SET NULL (customer_id)
);
CALL keep_clients_apart('voicemail');

-- ── a client's own prompts: WAV files in the folder of prompts, named `p-<id>` ──
CREATE TABLE prompt (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES client,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  language text NOT NULL CHECK (language IN ('nl','en')),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  milliseconds int NOT NULL CHECK (milliseconds > 0),
  made_by uuid REFERENCES person,
  made_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (client_id, name, language)
);
CALL keep_clients_apart('prompt');
