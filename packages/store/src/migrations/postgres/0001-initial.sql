-- Keys are compared by their bytes, as SQLite does, whatever the locale of the database.
-- One row: where the history of changes stands. Changes up to and including feed_floor are no longer kept.
CREATE TABLE store_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  feed_floor BIGINT NOT NULL
);

CREATE TABLE resource (
  key TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  type TEXT NOT NULL,
  type_key TEXT COLLATE "C" NOT NULL,
  parent_key TEXT COLLATE "C" NOT NULL,
  body TEXT NOT NULL,
  secret_fields TEXT NOT NULL,
  etag TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX resource_by_type ON resource (type_key, key);
CREATE INDEX resource_by_parent ON resource (parent_key, key);

CREATE TABLE change_feed (
  sequence BIGINT PRIMARY KEY NOT NULL,
  batch BIGINT NOT NULL,
  operation TEXT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  type TEXT NOT NULL,
  etag TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE log_head (
  log TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  sequence BIGINT NOT NULL,
  hash TEXT NOT NULL,
  floor BIGINT NOT NULL,
  floor_hash TEXT NOT NULL
);

CREATE TABLE log_entry (
  log TEXT COLLATE "C" NOT NULL,
  sequence BIGINT NOT NULL,
  at BIGINT NOT NULL,
  subject TEXT,
  subject_key TEXT COLLATE "C",
  body TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (log, sequence)
);
CREATE INDEX log_entry_by_subject ON log_entry (log, subject_key, sequence);
CREATE INDEX log_entry_by_time ON log_entry (log, at);

CREATE TABLE data_key (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  key_id TEXT COLLATE "C" NOT NULL,
  wrapped BYTEA NOT NULL
);
CREATE INDEX data_key_by_resource ON data_key (key);
CREATE INDEX data_key_by_key_id ON data_key (key_id);

CREATE TABLE secret (
  key TEXT COLLATE "C" NOT NULL,
  field TEXT COLLATE "C" NOT NULL,
  data_key TEXT COLLATE "C" NOT NULL,
  nonce BYTEA NOT NULL,
  ciphertext BYTEA NOT NULL,
  PRIMARY KEY (key, field)
);
CREATE INDEX secret_by_data_key ON secret (data_key);
