-- +goose Up

-- Forms that were sent (base/web once.go), so that a second click does not save a second time.
CREATE TABLE web_once (
  token    text   PRIMARY KEY,
  at       bigint NOT NULL CHECK (at > 0),
  state    text   NOT NULL CHECK (state IN ('running', 'done')),
  location text   NOT NULL
);
CREATE INDEX web_once_at ON web_once (at);
