-- Roles. `kernlijn_app` serves people and sees only the clients named in the transaction;
-- `kernlijn_system` serves intake, routing and reporting, for all clients. Neither owns a table.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'kernlijn_app') THEN
    CREATE ROLE kernlijn_app NOLOGIN NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'kernlijn_system') THEN
    CREATE ROLE kernlijn_system NOLOGIN NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this server migrates at once
END $$;
GRANT kernlijn_app, kernlijn_system TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO kernlijn_app, kernlijn_system;

-- The clients of the person behind this transaction: set by the server, never by a request.
CREATE FUNCTION scope_client_ids() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[] $$;

-- Row-level security for a table with a client_id.
CREATE PROCEDURE keep_clients_apart(tab regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tab);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tab);
  EXECUTE format('CREATE POLICY own_clients ON %s TO kernlijn_app USING (client_id = ANY ((SELECT scope_client_ids())::uuid[])) WITH CHECK (client_id = ANY ((SELECT scope_client_ids())::uuid[]))', tab);
  EXECUTE format('CREATE POLICY every_client ON %s TO kernlijn_system USING (true) WITH CHECK (true)', tab);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO kernlijn_app, kernlijn_system', tab);
END $$;

-- ── platform ────────────────────────────────────────────────────────────────────────────────────────────────
-- Appended in the transaction that makes it true; `seq` is stamped after commit, gapless, by one publisher.
CREATE TABLE event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  seq bigint UNIQUE,
  client_id uuid,
  type text NOT NULL,
  body jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX event_unpublished ON event (id) WHERE seq IS NULL;
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
ALTER TABLE event FORCE ROW LEVEL SECURITY;
CREATE POLICY own_clients ON event TO kernlijn_app
  USING (client_id IS NULL OR client_id = ANY ((SELECT scope_client_ids())::uuid[]))
  WITH CHECK (client_id IS NULL OR client_id = ANY ((SELECT scope_client_ids())::uuid[]));
CREATE POLICY every_client ON event TO kernlijn_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON event TO kernlijn_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON event TO kernlijn_system;

-- How far each durable subscriber has read.
CREATE TABLE subscriber (name text PRIMARY KEY, seq bigint NOT NULL DEFAULT 0);
GRANT SELECT, INSERT, UPDATE ON subscriber TO kernlijn_system;

-- One holder of each name at a time; the epoch fences off a holder that lost it without noticing.
CREATE TABLE lease (name text PRIMARY KEY, epoch bigint NOT NULL DEFAULT 0, holder text NOT NULL DEFAULT '');
GRANT SELECT, INSERT, UPDATE ON lease TO kernlijn_system;

-- Bytes live on disk by their hash; this row says what they are.
CREATE TABLE file (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  size bigint NOT NULL CHECK (size >= 0),
  media_type text NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (client_id, id)
);
CALL keep_clients_apart('file');

-- ── access ──────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE client (
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9-]{2,40}$'),
  name text NOT NULL,
  colour text NOT NULL CHECK (colour ~ '^#[0-9a-f]{6}$'),
  language text NOT NULL DEFAULT 'nl',
  timezone text NOT NULL DEFAULT 'Europe/Amsterdam',
  created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE client ENABLE ROW LEVEL SECURITY;
ALTER TABLE client FORCE ROW LEVEL SECURITY;
CREATE POLICY own_clients ON client TO kernlijn_app USING (id = ANY ((SELECT scope_client_ids())::uuid[])) WITH CHECK (id = ANY ((SELECT scope_client_ids())::uuid[]));
CREATE POLICY every_client ON client TO kernlijn_system USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON client TO kernlijn_app;
GRANT SELECT, INSERT, UPDATE ON client TO kernlijn_system;

-- People who sign in (columns as better-auth expects them, in snake case).
CREATE TABLE person (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  email_verified boolean NOT NULL DEFAULT false,
  image text,
  role text NOT NULL CHECK (role IN ('agent','senior-agent','team-leader','coach','trainer','planner','administrator','client-representative')),
  locale text NOT NULL DEFAULT 'nl' CHECK (locale IN ('nl','en')),
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE sign_in_session (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
  token text NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL,
  ip_address text,
  user_agent text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_session_user ON sign_in_session (user_id);
CREATE TABLE sign_in_account (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
  account_id text NOT NULL,
  provider_id text NOT NULL,
  access_token text, refresh_token text, id_token text,
  access_token_expires_at timestamptz, refresh_token_expires_at timestamptz,
  scope text, password text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_account_user ON sign_in_account (user_id);
CREATE TABLE sign_in_verification (
  id uuid PRIMARY KEY, identifier text NOT NULL, value text NOT NULL, expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_verification_identifier ON sign_in_verification (identifier);
GRANT SELECT, INSERT, UPDATE, DELETE ON person, sign_in_session, sign_in_account, sign_in_verification TO kernlijn_system;
GRANT SELECT (id, name, email, role, locale, active) ON person TO kernlijn_app;
GRANT UPDATE (locale, updated_at) ON person TO kernlijn_app;

-- Which clients a person works for.
CREATE TABLE person_client (
  person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
  client_id uuid NOT NULL REFERENCES client ON DELETE CASCADE,
  PRIMARY KEY (person_id, client_id)
);
CREATE INDEX person_client_client ON person_client (client_id);
CALL keep_clients_apart('person_client');
REVOKE INSERT, UPDATE, DELETE ON person_client FROM kernlijn_app;
-- Whom news of an agent concerns does not depend on who made it: the one look across clients, of ids only.
CREATE POLICY for_owner ON person_client TO CURRENT_USER USING (true);
CREATE FUNCTION clients_of_person(person uuid) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT coalesce(array_agg(client_id), '{}') FROM person_client WHERE person_id = person $$;
REVOKE ALL ON FUNCTION clients_of_person FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clients_of_person TO kernlijn_app, kernlijn_system;

CREATE TABLE audit_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  client_id uuid,
  person_id uuid,
  action text NOT NULL,
  subject text NOT NULL DEFAULT '',
  facts jsonb NOT NULL DEFAULT '{}',
  ip text
);
CREATE INDEX audit_entry_by_client ON audit_entry (client_id, id);
CREATE INDEX audit_entry_by_person ON audit_entry (person_id, id);
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY own_clients ON audit_entry FOR SELECT TO kernlijn_app USING (client_id = ANY ((SELECT scope_client_ids())::uuid[]));
CREATE POLICY append ON audit_entry FOR INSERT TO kernlijn_app WITH CHECK (client_id IS NULL OR client_id = ANY ((SELECT scope_client_ids())::uuid[]));
CREATE POLICY every_client ON audit_entry TO kernlijn_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON audit_entry TO kernlijn_app, kernlijn_system;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ── agents ──────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE skill (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('language','topic')),
  name_nl text NOT NULL, name_en text NOT NULL
);
CREATE TABLE pause_reason (
  code text PRIMARY KEY, name_nl text NOT NULL, name_en text NOT NULL, position int NOT NULL
);
CREATE TABLE agent (
  person_id uuid PRIMARY KEY REFERENCES person ON DELETE CASCADE,
  state text NOT NULL DEFAULT 'offline' CHECK (state IN ('ready','busy','wrap-up','paused','offline')),
  pause_reason text REFERENCES pause_reason,
  state_since timestamptz NOT NULL DEFAULT now(),
  -- what the agent asked to become when the present contact is done
  next_state text CHECK (next_state IN ('ready','paused','offline')),
  next_pause_reason text REFERENCES pause_reason,
  -- since when nothing was handled: the longest idle is offered work first
  idle_since timestamptz NOT NULL DEFAULT now(),
  missed_in_row int NOT NULL DEFAULT 0,
  call_capacity int NOT NULL DEFAULT 1 CHECK (call_capacity BETWEEN 0 AND 1),
  chat_capacity int NOT NULL DEFAULT 3 CHECK (chat_capacity BETWEEN 0 AND 10),
  written_capacity int NOT NULL DEFAULT 1 CHECK (written_capacity BETWEEN 0 AND 10),
  last_seen_at timestamptz,
  CHECK ((state = 'paused') = (pause_reason IS NOT NULL)),
  CHECK ((next_state = 'paused') IS NOT DISTINCT FROM (next_pause_reason IS NOT NULL) OR next_state IS NULL)
);
CREATE TABLE agent_skill (
  person_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  skill_id uuid NOT NULL REFERENCES skill,
  level int NOT NULL CHECK (level BETWEEN 1 AND 5),
  PRIMARY KEY (person_id, skill_id)
);
CREATE TABLE agent_state_span (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  state text NOT NULL, pause_reason text,
  started_at timestamptz NOT NULL, ended_at timestamptz
);
CREATE UNIQUE INDEX agent_state_span_open ON agent_state_span (person_id) WHERE ended_at IS NULL;
CREATE INDEX agent_state_span_day ON agent_state_span (person_id, started_at);
GRANT SELECT ON skill, pause_reason TO kernlijn_app, kernlijn_system;
GRANT INSERT, UPDATE ON skill, pause_reason TO kernlijn_app, kernlijn_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON agent, agent_skill, agent_state_span TO kernlijn_app, kernlijn_system;

-- ── customers ───────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE customer (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES client,
  kind text NOT NULL CHECK (kind IN ('person','business')),
  title text CHECK (title IN ('mr','mrs','mx')),
  given_name text NOT NULL DEFAULT '',
  -- tussenvoegsel: "van der"; not part of the sorting name
  prefix text NOT NULL DEFAULT '',
  family_name text NOT NULL DEFAULT '',
  company text NOT NULL DEFAULT '',
  language text NOT NULL DEFAULT 'nl',
  reference text NOT NULL DEFAULT '',
  customer_since date,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (client_id, id),
  CHECK (family_name <> '' OR company <> '' OR given_name <> '')
);
CREATE TABLE customer_identifier (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('phone','email','handle')),
  -- E.164 for telephone numbers, lower case for e-mail
  value text NOT NULL COLLATE "C",
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (client_id, customer_id) REFERENCES customer (client_id, id) ON DELETE CASCADE,
  UNIQUE (customer_id, kind, value)
);
CREATE INDEX customer_identifier_value ON customer_identifier (client_id, kind, value);
CREATE TABLE customer_address (
  customer_id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  street text NOT NULL DEFAULT '',
  house_number int,
  suffix text NOT NULL DEFAULT '',
  -- "1234AB", without the space
  postcode text NOT NULL DEFAULT '' COLLATE "C",
  city text NOT NULL DEFAULT '',
  country text NOT NULL DEFAULT 'NL',
  FOREIGN KEY (client_id, customer_id) REFERENCES customer (client_id, id) ON DELETE CASCADE
);
CREATE INDEX customer_address_postcode ON customer_address (client_id, postcode, house_number);
CREATE TABLE customer_note (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  author_id uuid NOT NULL REFERENCES person,
  text text NOT NULL CHECK (length(text) BETWEEN 1 AND 10000),
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (client_id, customer_id) REFERENCES customer (client_id, id) ON DELETE CASCADE
);
CREATE INDEX customer_note_customer ON customer_note (customer_id, created_at DESC);
CALL keep_clients_apart('customer');
CALL keep_clients_apart('customer_identifier');
CALL keep_clients_apart('customer_address');
CALL keep_clients_apart('customer_note');

-- ── conversations ───────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE opening_hours (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES client,
  name text NOT NULL,
  timezone text NOT NULL DEFAULT 'Europe/Amsterdam',
  -- [{"weekday":1..7,"from":"08:00","to":"21:00"}], Monday is 1
  periods jsonb NOT NULL,
  -- [{"date":"2026-12-25","name":"Eerste kerstdag","from":null,"to":null}]; null means closed all day
  exceptions jsonb NOT NULL DEFAULT '[]',
  UNIQUE (client_id, id)
);
CALL keep_clients_apart('opening_hours');

CREATE TABLE queue (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES client,
  name_nl text NOT NULL, name_en text NOT NULL,
  -- 1 is most urgent
  priority int NOT NULL DEFAULT 5 CHECK (priority BETWEEN 1 AND 9),
  opening_hours_id uuid,
  -- [{"skill":"<skill id>","kind":"required"|"preferred","level":1..5,"untilSeconds":null|n}]
  -- a demand holds while the contact has waited less than untilSeconds; null never relaxes
  demands jsonb NOT NULL DEFAULT '[]',
  offer_seconds int NOT NULL DEFAULT 20 CHECK (offer_seconds BETWEEN 5 AND 300),
  max_missed int NOT NULL DEFAULT 2 CHECK (max_missed BETWEEN 1 AND 10),
  answer_within_seconds int NOT NULL DEFAULT 20,
  wrap_up text NOT NULL DEFAULT 'required' CHECK (wrap_up IN ('optional','required','timed')),
  wrap_up_seconds int CHECK (wrap_up_seconds BETWEEN 5 AND 3600),
  default_reason_id uuid, default_outcome_id uuid,
  overflow_queue_id uuid,
  overflow_after_seconds int,
  greeting text, music text NOT NULL DEFAULT 'hold-music', closed_message text,
  UNIQUE (client_id, id),
  FOREIGN KEY (client_id, opening_hours_id) REFERENCES opening_hours (client_id, id),
  FOREIGN KEY (client_id, overflow_queue_id) REFERENCES queue (client_id, id),
  CHECK (wrap_up = 'required' OR (default_reason_id IS NOT NULL AND default_outcome_id IS NOT NULL)),
  CHECK (wrap_up <> 'timed' OR wrap_up_seconds IS NOT NULL),
  CHECK ((overflow_queue_id IS NULL) = (overflow_after_seconds IS NULL)),
  CHECK (overflow_queue_id <> id)
);
CALL keep_clients_apart('queue');

-- A telephone number, mailbox or chat entrance of a client.
CREATE TABLE contact_point (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  channel text NOT NULL CHECK (channel IN ('call','email','chat','message')),
  address text NOT NULL COLLATE "C",
  name text NOT NULL,
  queue_id uuid NOT NULL,
  language text NOT NULL DEFAULT 'nl',
  active boolean NOT NULL DEFAULT true,
  settings jsonb NOT NULL DEFAULT '{}',
  UNIQUE (channel, address),
  UNIQUE (client_id, id),
  FOREIGN KEY (client_id, queue_id) REFERENCES queue (client_id, id)
);
CALL keep_clients_apart('contact_point');

CREATE TABLE reason (
  id uuid PRIMARY KEY, client_id uuid NOT NULL, queue_id uuid NOT NULL,
  code text NOT NULL, name_nl text NOT NULL, name_en text NOT NULL,
  position int NOT NULL CHECK (position BETWEEN 1 AND 15), active boolean NOT NULL DEFAULT true,
  FOREIGN KEY (client_id, queue_id) REFERENCES queue (client_id, id),
  UNIQUE (queue_id, position), UNIQUE (queue_id, id), UNIQUE (queue_id, code)
);
CREATE TABLE outcome (LIKE reason INCLUDING ALL);
ALTER TABLE outcome ADD FOREIGN KEY (client_id, queue_id) REFERENCES queue (client_id, id);
ALTER TABLE queue ADD FOREIGN KEY (id, default_reason_id) REFERENCES reason (queue_id, id),
                  ADD FOREIGN KEY (id, default_outcome_id) REFERENCES outcome (queue_id, id);
CALL keep_clients_apart('reason');
CALL keep_clients_apart('outcome');

CREATE TABLE conversation (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  channel text NOT NULL CHECK (channel IN ('call','email','chat','message')),
  direction text NOT NULL CHECK (direction IN ('in','out')),
  state text NOT NULL CHECK (state IN ('waiting','offered','handling','wrap-up','parked','closed','abandoned')),
  queue_id uuid NOT NULL,
  contact_point_id uuid,
  customer_id uuid,
  -- the other side's number, address or visitor id, and how it calls itself
  customer_address text NOT NULL COLLATE "C",
  customer_name text NOT NULL DEFAULT '',
  subject text NOT NULL DEFAULT '',
  language text NOT NULL DEFAULT 'nl',
  priority int NOT NULL CHECK (priority BETWEEN 1 AND 9),
  agent_id uuid REFERENCES agent,
  -- who handled it last and should have it back when the customer answers
  preferred_agent_id uuid REFERENCES agent,
  -- a thread that is answered after it was closed comes back: each round ends in a registration of its own
  round int NOT NULL DEFAULT 1,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- when it first came into a queue: what "oldest first" sorts by; a refused offer does not change it
  queued_at timestamptz NOT NULL,
  first_offered_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  wrap_up_until timestamptz,
  registered_at timestamptz,
  last_message_at timestamptz,
  last_message_from text CHECK (last_message_from IN ('customer','agent','system')),
  FOREIGN KEY (client_id, queue_id) REFERENCES queue (client_id, id),
  FOREIGN KEY (client_id, customer_id) REFERENCES customer (client_id, id),
  FOREIGN KEY (client_id, contact_point_id) REFERENCES contact_point (client_id, id),
  UNIQUE (client_id, id),
  CHECK (state NOT IN ('offered','handling','wrap-up') OR agent_id IS NOT NULL),
  CHECK (state <> 'waiting' OR agent_id IS NULL),
  CHECK (state <> 'closed' OR registered_at IS NOT NULL)
);
-- The live set: everything on a board or in routing reads these, never the whole table.
CREATE INDEX conversation_live ON conversation (client_id, queue_id, queued_at) WHERE state IN ('waiting','offered','handling','wrap-up','parked');
CREATE INDEX conversation_wrap_up_due ON conversation (wrap_up_until) WHERE state = 'wrap-up' AND wrap_up_until IS NOT NULL;
CREATE INDEX conversation_of_agent ON conversation (agent_id) WHERE state IN ('offered','handling','wrap-up','parked');
CREATE INDEX conversation_of_customer ON conversation (customer_id, created_at DESC);
CREATE INDEX conversation_of_address ON conversation (client_id, customer_address, created_at DESC);
CREATE INDEX conversation_by_queue_day ON conversation (client_id, queue_id, queued_at);
CALL keep_clients_apart('conversation');

CREATE TABLE message (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  -- 1, 2, 3 … within the conversation, without gaps: what a reconnecting reader resumes from
  position int NOT NULL CHECK (position > 0),
  author text NOT NULL CHECK (author IN ('customer','agent','system')),
  author_id uuid REFERENCES person,
  text text NOT NULL,
  html text,
  -- Message-ID of a mail, client-made id of a chat message: the same one is never stored twice
  external_id text NOT NULL COLLATE "C",
  headers jsonb NOT NULL DEFAULT '{}',
  delivery text NOT NULL DEFAULT 'received' CHECK (delivery IN ('received','pending','sent','failed')),
  delivery_detail text,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE,
  UNIQUE (conversation_id, position),
  UNIQUE (conversation_id, external_id),
  UNIQUE (client_id, id)
);
CREATE INDEX message_by_external_id ON message (client_id, external_id);
CALL keep_clients_apart('message');

CREATE TABLE attachment (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  message_id uuid NOT NULL,
  file_id uuid NOT NULL,
  content_id text,
  inline boolean NOT NULL DEFAULT false,
  FOREIGN KEY (client_id, file_id) REFERENCES file (client_id, id),
  FOREIGN KEY (client_id, message_id) REFERENCES message (client_id, id) ON DELETE CASCADE
);
CREATE INDEX attachment_message ON attachment (message_id);
CALL keep_clients_apart('attachment');

CREATE TABLE registration (
  conversation_id uuid NOT NULL,
  round int NOT NULL,
  client_id uuid NOT NULL,
  queue_id uuid NOT NULL,
  reason_id uuid NOT NULL,
  outcome_id uuid NOT NULL,
  summary text NOT NULL DEFAULT '' CHECK (length(summary) <= 10000),
  follow_up text NOT NULL DEFAULT '' CHECK (length(follow_up) <= 2000),
  follow_up_at timestamptz,
  registered_by uuid REFERENCES person,
  -- the wrap-up time ran out and the queue's default was used
  by_default boolean NOT NULL DEFAULT false,
  registered_at timestamptz NOT NULL,
  PRIMARY KEY (conversation_id, round),
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE,
  FOREIGN KEY (queue_id, reason_id) REFERENCES reason (queue_id, id),
  FOREIGN KEY (queue_id, outcome_id) REFERENCES outcome (queue_id, id)
);
CALL keep_clients_apart('registration');

-- What an agent is typing, kept on the server: a switch, reload or crash loses nothing.
CREATE TABLE draft (
  conversation_id uuid NOT NULL,
  client_id uuid NOT NULL,
  person_id uuid NOT NULL REFERENCES person,
  kind text NOT NULL CHECK (kind IN ('reply','registration')),
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (conversation_id, person_id, kind),
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE
);
CALL keep_clients_apart('draft');

-- The telephone side of a conversation.
CREATE TABLE call (
  conversation_id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  leg_id text NOT NULL UNIQUE,
  held boolean NOT NULL DEFAULT false,
  muted boolean NOT NULL DEFAULT false,
  -- the caller's line still exists
  live boolean NOT NULL DEFAULT true,
  ended_reason text, ended_by text,
  quality jsonb,
  held_seconds int NOT NULL DEFAULT 0,
  held_since timestamptz,
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE
);
CREATE INDEX call_live ON call (leg_id) WHERE live;
CALL keep_clients_apart('call');

-- ── routing ─────────────────────────────────────────────────────────────────────────────────────────────────
-- One contact with one agent. The two unique indexes are the truth that no race can bend:
-- a contact is with one agent at a time, and an agent's slot of a channel holds one contact.
CREATE TABLE assignment (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  agent_id uuid NOT NULL REFERENCES agent,
  kind text NOT NULL CHECK (kind IN ('call','chat','written')),
  slot int NOT NULL CHECK (slot BETWEEN 1 AND 10),
  state text NOT NULL CHECK (state IN ('offered','accepted','declined','missed','withdrawn','ended')),
  offered_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  decided_at timestamptz,
  ended_at timestamptz,
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX assignment_one_agent ON assignment (conversation_id) WHERE state IN ('offered','accepted');
CREATE UNIQUE INDEX assignment_one_contact ON assignment (agent_id, kind, slot) WHERE state IN ('offered','accepted');
CREATE INDEX assignment_of_conversation ON assignment (conversation_id, offered_at);
CALL keep_clients_apart('assignment');
