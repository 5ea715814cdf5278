-- +goose Up

-- A database with a row here holds the demonstration province (internal/demo) and nobody's work: only
-- such a one may be emptied and filled anew. filled tells that the filling came to its end. class: internal.
CREATE TABLE demonstration (
  id     integer PRIMARY KEY CHECK (id = 1),
  filled boolean NOT NULL,
  begun  bigint  NOT NULL CHECK (begun > 0)
);
