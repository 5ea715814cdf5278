-- +goose Up

-- What the office says of itself on every page: one row.
CREATE TABLE portal_settings (
  id       integer PRIMARY KEY CHECK (id = 1),
  version  integer NOT NULL CHECK (version > 0),
  legal    text    NOT NULL,
  person   text    NOT NULL,
  security text    NOT NULL,
  invented text    NOT NULL,
  changed  bigint  NOT NULL,
  drawn_by text    NOT NULL DEFAULT '' -- which program, under which address, drew the public pages
);
INSERT INTO portal_settings (id, version, legal, person, security, invented, changed)
VALUES (1, 1, '', '', '', '', 0);
