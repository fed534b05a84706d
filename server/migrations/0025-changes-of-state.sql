-- A contact changes its state half a dozen times in a few minutes. Where no index holds a value that changes, PostgreSQL
-- keeps the change within the page and writes no index at all; a column in the condition of a partial index counts as held.
-- So conditions here stand on columns that stay equal while the state moves on, and pages keep room for the next version.
ALTER TABLE conversation
  -- everything on a board or in routing reads these, never the whole table
  ADD COLUMN live boolean NOT NULL GENERATED ALWAYS AS (state NOT IN ('closed','abandoned','turned-away')) STORED,
  -- whose work it is, from the moment it is accepted; an offer stands in its assignment
  ADD COLUMN in_hand_of uuid GENERATED ALWAYS AS (CASE WHEN state IN ('handling','wrap-up','parked') THEN agent_id END) STORED,
  -- An agent comes to a conversation by an assignment, and that one refers to both: the same check twice at each offer.
  DROP CONSTRAINT conversation_agent_id_fkey,
  SET (fillfactor = 80);
DROP INDEX conversation_live, conversation_wrap_up_due, conversation_of_agent;
CREATE INDEX conversation_live ON conversation (client_id, queue_id, queued_at) WHERE live;
CREATE INDEX conversation_wrap_up_due ON conversation (wrap_up_until) WHERE wrap_up_until IS NOT NULL;
CREATE INDEX conversation_in_hand ON conversation (in_hand_of) WHERE in_hand_of IS NOT NULL;
-- Nothing asks these; reports read `contact`.
DROP INDEX conversation_of_address, conversation_by_queue_day;

-- One contact with one agent, here too: an answer to an offer changes no index.
ALTER TABLE assignment
  ADD COLUMN live boolean NOT NULL GENERATED ALWAYS AS (state IN ('offered','accepted')) STORED,
  ADD COLUMN missed_at timestamptz GENERATED ALWAYS AS (CASE WHEN state = 'missed' THEN decided_at END) STORED,
  SET (fillfactor = 80);
DROP INDEX assignment_one_agent, assignment_one_contact, assignment_missed, assignment_of_conversation;
CREATE UNIQUE INDEX assignment_one_agent ON assignment (conversation_id) WHERE live;
CREATE UNIQUE INDEX assignment_one_contact ON assignment (agent_id, kind, slot) WHERE live;
-- ids rise with time, so one index is the key and the history of a conversation
ALTER TABLE assignment DROP CONSTRAINT assignment_pkey, ADD PRIMARY KEY (conversation_id, id);
CREATE INDEX assignment_missed ON assignment (agent_id, missed_at) WHERE missed_at IS NOT NULL;
