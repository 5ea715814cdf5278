-- +goose Up

-- What the office says of itself on every page: one row.
CREATE TABLE portal_settings (
  id       integer PRIMARY KEY CHECK (id = 1),
  version  integer NOT NULL CHECK (version > 0),
  owner    text    NOT NULL,
  province text    NOT NULL,
  legal    text    NOT NULL,
  person   text    NOT NULL,
  security text    NOT NULL,
  invented text    NOT NULL,
  changed  bigint  NOT NULL
);
INSERT INTO portal_settings (id, version, owner, province, legal, person, security, invented, changed)
VALUES (1, 1, 'Sở Giáo dục và Đào tạo', '', '', '', '', '', 0);
