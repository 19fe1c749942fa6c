-- One row: where the history of changes stands. Changes up to and including feed_floor are no longer kept.
CREATE TABLE store_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  feed_floor INTEGER NOT NULL
) STRICT;

CREATE TABLE resource (
  key TEXT PRIMARY KEY NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  type_key TEXT NOT NULL,
  parent_key TEXT NOT NULL,
  body TEXT NOT NULL,
  secret_fields TEXT NOT NULL,
  etag TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX resource_by_type ON resource (type_key, key);
CREATE INDEX resource_by_parent ON resource (parent_key, key);

CREATE TABLE change_feed (
  sequence INTEGER PRIMARY KEY NOT NULL,
  batch INTEGER NOT NULL,
  operation TEXT NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  etag TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE log_head (
  log TEXT PRIMARY KEY NOT NULL,
  sequence INTEGER NOT NULL,
  hash TEXT NOT NULL,
  floor INTEGER NOT NULL,
  floor_hash TEXT NOT NULL
) STRICT;

CREATE TABLE log_entry (
  log TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  subject TEXT,
  subject_key TEXT,
  body TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (log, sequence)
) STRICT;
CREATE INDEX log_entry_by_subject ON log_entry (log, subject_key, sequence);
CREATE INDEX log_entry_by_time ON log_entry (log, at);

CREATE TABLE data_key (
  id TEXT PRIMARY KEY NOT NULL,
  key TEXT NOT NULL,
  key_id TEXT NOT NULL,
  wrapped BLOB NOT NULL
) STRICT;
CREATE INDEX data_key_by_resource ON data_key (key);
CREATE INDEX data_key_by_key_id ON data_key (key_id);

CREATE TABLE secret (
  key TEXT NOT NULL,
  field TEXT NOT NULL,
  data_key TEXT NOT NULL,
  nonce BLOB NOT NULL,
  ciphertext BLOB NOT NULL,
  PRIMARY KEY (key, field)
) STRICT;
CREATE INDEX secret_by_data_key ON secret (data_key);
