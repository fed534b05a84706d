-- Networks we call through and are called from. They serve every client of the installation, so they are no client's rows:
-- only the system reads them, and who may see them is asked there.
CREATE TABLE trunk (
  id uuid PRIMARY KEY,
  version int NOT NULL DEFAULT 1,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  host text NOT NULL CHECK (length(host) BETWEEN 1 AND 255),
  port int CHECK (port BETWEEN 1 AND 65535),
  transport text NOT NULL CHECK (transport IN ('udp', 'tcp', 'tls')),
  srtp text NOT NULL CHECK (srtp IN ('off', 'offered', 'required')),
  user_name text CHECK (length(user_name) BETWEEN 1 AND 120),
  registers boolean NOT NULL,
  allow text[] NOT NULL,
  number_format text NOT NULL CHECK (number_format IN ('plus', 'digits', 'national')),
  country text NOT NULL CHECK (country ~ '^\d{1,3}$'),
  priority int NOT NULL CHECK (priority BETWEEN 1 AND 100),
  CHECK (NOT registers OR user_name IS NOT NULL)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON trunk TO kernlijn_system;
-- Digest wants the password itself. It stands apart so that nothing that lists trunks can show it.
CREATE TABLE trunk_secret (
  trunk_id uuid PRIMARY KEY REFERENCES trunk ON DELETE CASCADE,
  password text NOT NULL CHECK (length(password) BETWEEN 1 AND 200)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON trunk_secret TO kernlijn_system;
-- The account of a person's SIP desk phone: hashes of `user:realm:password` (RFC 8760), never the password.
CREATE TABLE desk_phone (
  person_id uuid PRIMARY KEY REFERENCES person ON DELETE CASCADE,
  user_name text NOT NULL UNIQUE CHECK (user_name ~ '^[a-z0-9._-]{1,64}$'),
  ha1_md5 text NOT NULL CHECK (length(ha1_md5) = 32),
  ha1_sha256 text NOT NULL CHECK (length(ha1_sha256) = 64)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON desk_phone TO kernlijn_system;
-- What an agent talks with: the browser, or the desk phone when there is one.
ALTER TABLE agent ADD COLUMN line text NOT NULL DEFAULT 'browser' CHECK (line IN ('browser', 'phone'));
