-- Who takes part in a call beside the customer and the agent: those who are consulted, a conference, supervisors.
-- What everyone hears is derived from these rows (channels/voice/arrangement.ts); nothing else decides it.
CREATE TABLE call_party (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  -- agent, outside: asked in by the agent; supervisor: came by himself
  kind text NOT NULL CHECK (kind IN ('agent','outside','supervisor')),
  person_id uuid REFERENCES person,
  -- of an outside party: the number that was called
  address text NOT NULL DEFAULT '',
  -- the engine's; of a person it may be his standing line
  leg_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('ringing','up','over')),
  -- main: with the customer; aside: with the agent apart; hold: hears music
  room text NOT NULL CHECK (room IN ('main','aside','hold')),
  -- listen: heard by nobody; whisper: heard by the agent only
  voice text NOT NULL DEFAULT 'all' CHECK (voice IN ('all','listen','whisper')),
  invited_by uuid REFERENCES person,
  begun_at timestamptz NOT NULL,
  answered_at timestamptz,
  over_at timestamptz,
  -- why it is over: the engine's reason, or ours (declined, taken-back, transferred)
  over_reason text,
  CHECK ((kind = 'outside') = (person_id IS NULL)),
  CHECK ((state = 'over') = (over_at IS NOT NULL)),
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE
);
CREATE INDEX call_party_of_conversation ON call_party (conversation_id);
CREATE INDEX call_party_live_leg ON call_party (leg_id) WHERE state <> 'over';
-- A person has one telephone.
CREATE UNIQUE INDEX call_party_one_person ON call_party (person_id) WHERE state <> 'over';
CALL keep_clients_apart('call_party');

-- The agent talks apart with those in `aside`, while the customer hears music or those who are left in `main`.
ALTER TABLE call ADD aside boolean NOT NULL DEFAULT false;
