-- How far a person has read a conversation he has in hand: right on every screen of his, and after a reload. Gone with its registration.
CREATE TABLE seen (
  person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
  conversation_id uuid NOT NULL,
  client_id uuid NOT NULL,
  -- of the last message that was in sight
  position int NOT NULL CHECK (position > 0),
  PRIMARY KEY (conversation_id, person_id),
  FOREIGN KEY (client_id, conversation_id) REFERENCES conversation (client_id, id) ON DELETE CASCADE
);
CALL keep_clients_apart('seen');
