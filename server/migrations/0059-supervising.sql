-- Listening in on calls is watching staff: off for a client until the works council's decision is recorded (WOR art. 27).
CREATE TABLE supervising_policy (
  client_id uuid PRIMARY KEY REFERENCES client,
  -- where the decision can be found; '' is none
  decision text NOT NULL CHECK (length(decision) <= 200),
  changed_by uuid REFERENCES person,
  changed_at timestamptz NOT NULL
);
CALL keep_clients_apart('supervising_policy');

-- An agent asks for help in a call or chat. It is open as long as the contact is in that agent's hands and nobody ended
-- it: that need not be written down when the contact ends.
CREATE TABLE help_request (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  agent_id uuid NOT NULL REFERENCES agent,
  word text NOT NULL DEFAULT '' CHECK (length(word) <= 200),
  asked_at timestamptz NOT NULL,
  taken_by uuid REFERENCES person,
  taken_at timestamptz,
  withdrawn_at timestamptz,
  CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX help_request_standing ON help_request (conversation_id, agent_id) WHERE withdrawn_at IS NULL;
CALL keep_clients_apart('help_request');

-- Who takes part in a call of somebody else has his line in use: routing looks at him again.
CREATE FUNCTION tell_routing_of_party() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('routing', 'agent ' || NEW.person_id);
  RETURN NULL;
END $$;
CREATE TRIGGER party_takes_line AFTER INSERT OR UPDATE OF state ON call_party
  FOR EACH ROW WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION tell_routing_of_party();
