-- The agent's telephone: calls we make, colleagues and numbers that are asked in, calls that are parked.

-- Of a call that we make: whether the other side rings or has answered. A caller of ours is up from the start.
ALTER TABLE call
  ADD phase text NOT NULL DEFAULT 'up' CHECK (phase IN ('dialling','ringing','up')),
  -- told to the engine; the process that listens to it tells, once
  ADD dialled boolean NOT NULL DEFAULT true,
  ADD parked_by uuid REFERENCES person,
  -- when it rings again by itself: nobody is forgotten
  ADD parked_until timestamptz,
  ADD park_note text NOT NULL DEFAULT '' CHECK (length(park_note) <= 500),
  ADD CHECK ((parked_by IS NULL) = (parked_until IS NULL));
CREATE INDEX call_parked ON call (parked_until) WHERE parked_until IS NOT NULL;

ALTER TABLE call_party
  -- transfer: the agent is off the line as soon as it is answered
  ADD purpose text NOT NULL DEFAULT 'consult' CHECK (purpose IN ('consult','transfer')),
  -- why, in the words of the one who asks
  ADD note text NOT NULL DEFAULT '' CHECK (length(note) <= 2000),
  -- who is asked has until then to answer
  ADD until timestamptz,
  -- somebody of this queue was asked for: when one does not answer, the next is asked
  ADD queue_id uuid REFERENCES queue,
  ADD dialled boolean NOT NULL DEFAULT true;
CREATE INDEX call_party_until ON call_party (until) WHERE state = 'ringing' AND until IS NOT NULL;

-- Who is asked into a call, or takes part in it, has his hands full as if it were his own: the same unique index that
-- keeps an agent from two calls keeps him from being asked into one beside them. But a conversation has one agent, so
-- that index now stands on those who hold it.
ALTER TABLE assignment DROP CONSTRAINT assignment_state_check;
ALTER TABLE assignment
  ADD CONSTRAINT assignment_state_check CHECK (state IN ('offered','accepted','beside','declined','missed','withdrawn','ended','left')),
  ADD COLUMN tied boolean NOT NULL GENERATED ALWAYS AS (state IN ('offered','accepted')) STORED,
  ALTER COLUMN live SET EXPRESSION AS (state IN ('offered','accepted','beside'));
DROP INDEX assignment_one_agent;
CREATE UNIQUE INDEX assignment_one_agent ON assignment (conversation_id) WHERE tied;

-- Who talks in somebody else's call is busy.
CREATE POLICY for_owner ON call_party FOR SELECT TO CURRENT_USER USING (true);
CREATE OR REPLACE FUNCTION work_in_hand(agent uuid, OUT handling int, OUT wrap_up int) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT count(*) FILTER (WHERE state = 'handling')::int + (SELECT count(*) FROM call_party WHERE person_id = agent AND kind = 'agent' AND state = 'up')::int,
          count(*) FILTER (WHERE state = 'wrap-up')::int
   FROM conversation WHERE in_hand_of = agent $$;

-- Whether somebody's telephone is in use does not depend on whose customer he speaks with: a look across clients, of that only.
CREATE POLICY for_owner ON assignment FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION on_telephone(agent uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT EXISTS (SELECT FROM assignment WHERE agent_id = agent AND kind = 'call' AND live) $$;
REVOKE ALL ON FUNCTION on_telephone FROM PUBLIC;
GRANT EXECUTE ON FUNCTION on_telephone TO kernlijn_app, kernlijn_system;
