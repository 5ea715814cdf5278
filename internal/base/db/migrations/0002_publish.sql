-- +goose Up

-- What must be rendered anew (base/publish), written in the transaction that changed the facts. A
-- further touch of a waiting key changes its stamp, so that a publish that began before does not
-- count for it. Key '*' of source '*' means everything.
CREATE TABLE publish_touch (
  source text   NOT NULL,
  key    text   NOT NULL,
  stamp  text   NOT NULL,
  at     bigint NOT NULL CHECK (at > 0),
  PRIMARY KEY (source, key)
);
CREATE INDEX publish_touch_at ON publish_touch (at, source, key);

-- One row: the newest published snapshot. Two nodes that publish at once meet here.
CREATE TABLE publish_head (
  id         integer PRIMARY KEY CHECK (id = 1),
  generation bigint  NOT NULL CHECK (generation >= 0),
  manifest   text    NOT NULL,
  previous   text    NOT NULL,
  at         bigint  NOT NULL CHECK (at >= 0)
);
INSERT INTO publish_head (id, generation, manifest, previous, at) VALUES (1, 0, '', '', 0);
