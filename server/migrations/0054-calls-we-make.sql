-- What we call is counted apart from what calls us.
ALTER TABLE queue_hour ADD called int NOT NULL DEFAULT 0, ADD reached int NOT NULL DEFAULT 0;

-- A moment that was promised to a customer: with the one who promised it, or with everybody who serves the client.
ALTER TABLE registration ADD call_back boolean NOT NULL DEFAULT false;
CREATE TABLE callback (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  -- what it was promised in
  conversation_id uuid NOT NULL,
  round int NOT NULL,
  customer_id uuid,
  number text NOT NULL COLLATE "C",
  queue_id uuid NOT NULL,
  -- who promised it
  agent_id uuid REFERENCES agent,
  due_at timestamptz NOT NULL,
  note text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open','called','dropped')),
  -- when it was called or dropped, by whom, and the call that was made
  settled_at timestamptz,
  settled_by uuid REFERENCES person,
  called_in uuid,
  created_at timestamptz NOT NULL,
  UNIQUE (conversation_id, round),
  CHECK ((state = 'open') = (settled_at IS NULL)),
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE,
  FOREIGN KEY (client_id, called_in) REFERENCES conversation (client_id, id),
  FOREIGN KEY (client_id, customer_id) REFERENCES customer (client_id, id),
  FOREIGN KEY (client_id, queue_id) REFERENCES queue (client_id, id)
);
CREATE INDEX callback_open ON callback (client_id, due_at) WHERE state = 'open';
CALL keep_clients_apart('callback');

-- Numbers outside that an agent may need: the supplier, the emergency service of the net.
CREATE TABLE outside_number (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES client,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  number text NOT NULL COLLATE "C",
  note text NOT NULL DEFAULT '' CHECK (length(note) <= 300),
  UNIQUE (client_id, number),
  UNIQUE (client_id, id)
);
CALL keep_clients_apart('outside_number');
