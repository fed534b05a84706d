-- An agent's part of a contact that another goes on with: who, from where to where, and what the next one should know.
CREATE TABLE hand_over (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  round int NOT NULL,
  at timestamptz NOT NULL,
  -- whose hands it left, and who moved it: somebody else when a supervisor did
  agent_id uuid REFERENCES agent,
  by_id uuid NOT NULL REFERENCES person,
  from_queue_id uuid NOT NULL,
  to_queue_id uuid NOT NULL,
  -- given to somebody in person
  to_agent_id uuid REFERENCES agent,
  reason_id uuid,
  note text NOT NULL DEFAULT '' CHECK (length(note) <= 2000),
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE,
  FOREIGN KEY (client_id, from_queue_id) REFERENCES queue (client_id, id),
  FOREIGN KEY (client_id, to_queue_id) REFERENCES queue (client_id, id),
  FOREIGN KEY (from_queue_id, reason_id) REFERENCES reason (queue_id, id)
);
CREATE INDEX hand_over_of_conversation ON hand_over (conversation_id, at);
CALL keep_clients_apart('hand_over');
