-- +goose Up

-- What the public sees of a sitting's figures beyond the attendance; an exam without a row shows the
-- attendance of the whole province and nothing more. class: internal.
CREATE TABLE report_public_scope (
  exam       text    PRIMARY KEY,
  reasons    boolean NOT NULL, -- why candidates were absent
  violations boolean NOT NULL, -- of candidates, counted
  staff      boolean NOT NULL, -- of staff, counted
  incidents  boolean NOT NULL, -- counted
  sites      boolean NOT NULL, -- which sites are missing, and which held no sitting
  version    integer NOT NULL CHECK (version > 0)
);

-- The address a sitting's figures were first published under stays, wherever the timetable moves the
-- sitting. class: public.
CREATE TABLE report_page (
  sitting text   PRIMARY KEY,
  slug    text   NOT NULL UNIQUE CHECK (slug <> ''),
  since   bigint NOT NULL CHECK (since > 0)
);
