-- Calls from a browser on a client's site. The browser proves itself with a token; the conversation begins when it is heard.
CREATE TABLE web_call (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  contact_point_id uuid NOT NULL REFERENCES contact_point,
  token_hash bytea NOT NULL UNIQUE,
  -- the visitor's own key, so that the same press twice is one call
  start_key uuid NOT NULL,
  conversation_id uuid,
  -- the chat of the same visitor, when there was one
  chat_id uuid,
  name text NOT NULL CHECK (length(name) <= 80),
  -- E.164, or ''
  number text NOT NULL CHECK (length(number) <= 20),
  email text NOT NULL CHECK (length(email) <= 200),
  question text NOT NULL CHECK (length(question) <= 500),
  page text NOT NULL CHECK (length(page) <= 500),
  language text NOT NULL,
  created_at timestamptz NOT NULL,
  -- since when its browser is not heard; null while it is
  lost_at timestamptz,
  -- it hung up, or was given up
  over_at timestamptz,
  UNIQUE (client_id, start_key),
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE,
  FOREIGN KEY (client_id, chat_id) REFERENCES conversation (client_id, id)
);
CREATE UNIQUE INDEX web_call_of_conversation ON web_call (conversation_id);
CREATE INDEX web_call_standing ON web_call (client_id, created_at) WHERE over_at IS NULL;
CALL keep_clients_apart('web_call');

-- How well each leg was received during a call, from the engine's figures every five seconds.
CREATE TABLE call_quality (
  conversation_id uuid NOT NULL,
  client_id uuid NOT NULL,
  leg_id text NOT NULL,
  party text NOT NULL CHECK (party IN ('customer','agent','other')),
  person_id uuid REFERENCES person,
  samples int NOT NULL,
  -- samples that were fair, and bad
  fair int NOT NULL,
  bad int NOT NULL,
  packets_received bigint NOT NULL,
  packets_lost bigint NOT NULL,
  most_jitter_ms double precision NOT NULL,
  most_round_trip_ms double precision,
  least_mos double precision NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (conversation_id, leg_id),
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE
);
CALL keep_clients_apart('call_quality');

-- How the line is now, in the words of the desk.
ALTER TABLE call
  ADD customer_line text CHECK (customer_line IN ('good','fair','bad')),
  ADD agent_line text CHECK (agent_line IN ('good','fair','bad'));
