-- +goose Up

-- The audit chain (base/audit): who did what to what, never updated. Names are copied, there are
-- no foreign keys: a line outlives what it speaks of.
CREATE TABLE audit (
  seq       bigint  PRIMARY KEY CHECK (seq > 0),
  at        bigint  NOT NULL CHECK (at > 0),
  person    text    NOT NULL,
  name      text    NOT NULL,
  action    text    NOT NULL,
  kind      text    NOT NULL,
  object    text    NOT NULL,
  label     text    NOT NULL,
  note      text    NOT NULL,
  data      text    NOT NULL,
  prev      text    NOT NULL,
  hash      text    NOT NULL
);
CREATE INDEX audit_object ON audit (kind, object, seq);
CREATE INDEX audit_person ON audit (person, seq);

-- One row: where the chain ends.
CREATE TABLE audit_head (
  id   integer PRIMARY KEY CHECK (id = 1),
  seq  bigint  NOT NULL,
  hash text    NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

-- Facts that capabilities announce (base/event), in the transaction that made them true.
CREATE TABLE event (
  id      text   PRIMARY KEY,
  kind    text   NOT NULL,
  at      bigint NOT NULL CHECK (at > 0),
  person  text   NOT NULL,
  payload text   NOT NULL
);
CREATE INDEX event_at ON event (at);

-- Work to be done (base/jobs). Done jobs are deleted; failed ones stay for the operator.
CREATE TABLE job (
  id         text    PRIMARY KEY,
  kind       text    NOT NULL,
  payload    text    NOT NULL,
  unique_key text,
  state      text    NOT NULL CHECK (state IN ('ready', 'running', 'failed')),
  run_at     bigint  NOT NULL CHECK (run_at >= 0),
  leased     bigint  NOT NULL DEFAULT 0 CHECK (leased >= 0),
  attempts   integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  last_error text    NOT NULL DEFAULT '',
  created_at bigint  NOT NULL CHECK (created_at > 0)
);
CREATE UNIQUE INDEX job_unique ON job (unique_key) WHERE state = 'ready';
CREATE INDEX job_due ON job (state, run_at);

-- Periodic work: one node wins each round.
CREATE TABLE periodic (
  name       text   PRIMARY KEY,
  next_at    bigint NOT NULL CHECK (next_at >= 0),
  last_at    bigint NOT NULL DEFAULT 0,
  last_error text   NOT NULL DEFAULT ''
);

-- Every step of every workflow (base/workflow): who, when, from, to, note.
CREATE TABLE workflow_step (
  id        text    PRIMARY KEY,
  subject   text    NOT NULL,
  subject_id text   NOT NULL,
  version   integer NOT NULL CHECK (version > 0),
  step      text    NOT NULL,
  from_state text   NOT NULL,
  to_state  text    NOT NULL,
  person    text    NOT NULL,
  name      text    NOT NULL,
  note      text    NOT NULL,
  at        bigint  NOT NULL CHECK (at > 0)
);
CREATE UNIQUE INDEX workflow_step_once ON workflow_step (subject, subject_id, version);
