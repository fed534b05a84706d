-- ── e-mail ──────────────────────────────────────────────────────────────────────────────────────────────────
-- Mailboxes are found without regard to case (RFC 5321 §2.4 leaves the local part to its host: us).
CREATE INDEX contact_point_mailbox ON contact_point (lower(address)) WHERE channel = 'email';

-- Every mail that was taken in: the same one, delivered again because our 250 got lost, is known by its fingerprint.
CREATE TABLE received_mail (
  contact_point_id uuid NOT NULL REFERENCES contact_point,
  -- SHA-256 over Message-ID and content
  fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
  client_id uuid NOT NULL,
  message_id uuid NOT NULL,
  -- the mail as it came, byte for byte
  original_id uuid NOT NULL REFERENCES file DEFERRABLE INITIALLY DEFERRED,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (contact_point_id, fingerprint),
  -- the fingerprint is claimed first, so that a second delivery at the same moment waits for the outcome of this one
  FOREIGN KEY (client_id, message_id) REFERENCES message (client_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX received_mail_message ON received_mail (message_id);
CALL keep_clients_apart('received_mail');
REVOKE INSERT, UPDATE, DELETE ON received_mail FROM kernlijn_app;

-- Replies that still have to leave. A row goes away with the outcome; until then it is tried again when due.
CREATE TABLE outgoing_mail (
  message_id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  -- also how a sender holds a row: due again later, should it die with the mail in its hands
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_answer text,
  FOREIGN KEY (client_id, message_id) REFERENCES message (client_id, id) ON DELETE CASCADE
);
CREATE INDEX outgoing_mail_due ON outgoing_mail (due_at);
CALL keep_clients_apart('outgoing_mail');
REVOKE UPDATE, DELETE ON outgoing_mail FROM kernlijn_app;

-- Demo: what would have left, when no relay is configured.
CREATE TABLE outbox_mail (
  message_id uuid PRIMARY KEY,
  client_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sender text NOT NULL,
  recipient text NOT NULL,
  subject text NOT NULL,
  text text NOT NULL,
  raw text NOT NULL,
  FOREIGN KEY (client_id, message_id) REFERENCES message (client_id, id) ON DELETE CASCADE
);
CREATE INDEX outbox_mail_newest ON outbox_mail (client_id, at DESC);
CALL keep_clients_apart('outbox_mail');
REVOKE INSERT, UPDATE, DELETE ON outbox_mail FROM kernlijn_app;
