-- +goose Up

-- One row: a keyed check value of the installation's secret, by which another secret is noticed before
-- it locks people out; '' until the first start. Nothing can be told from it about the secret. class: internal.
CREATE TABLE people_secret (
  id          integer PRIMARY KEY CHECK (id = 1),
  fingerprint text    NOT NULL
);
INSERT INTO people_secret (id, fingerprint) VALUES (1, '');
