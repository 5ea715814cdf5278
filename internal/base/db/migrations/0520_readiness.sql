-- +goose Up

-- How ready units and exam sites are, and what stands in their way (báo cáo chuẩn bị, vướng mắc).
-- Units, sites and exams are named by their ids elsewhere; names are copied, as in every history.
-- class: internal.

-- The checklist of a kind of unit; a kind without a row has the shipped one. Kind "site" is exam sites,
-- the others are kinds of units.
CREATE TABLE readiness_template (
  exam    text    NOT NULL,
  kind    text    NOT NULL CHECK (kind <> ''),
  items   text    NOT NULL, -- JSON of []Item
  version integer NOT NULL CHECK (version > 0),
  PRIMARY KEY (exam, kind)
);

-- A dated point at which units report. Its checklists stay as they were when it was opened.
CREATE TABLE readiness_call (
  id          text    PRIMARY KEY,
  exam        text    NOT NULL,
  round       text    NOT NULL, -- whose sites report
  title       text    NOT NULL CHECK (title <> ''),
  note        text    NOT NULL,
  due_at      bigint  NOT NULL CHECK (due_at > 0),
  checklists  text    NOT NULL, -- JSON: kind → []Item
  opened_by   text    NOT NULL,
  opened_name text    NOT NULL,
  opened_at   bigint  NOT NULL CHECK (opened_at > 0),
  closed_at   bigint  NOT NULL CHECK (closed_at >= 0), -- 0 while units may report
  version     integer NOT NULL CHECK (version > 0)
);
CREATE INDEX readiness_call_exam ON readiness_call (exam, opened_at);

-- What one unit or site says. Who owes a report and has no row yet is known from the units and sites.
CREATE TABLE readiness_report (
  id             text    PRIMARY KEY,
  state          text    NOT NULL CHECK (state IN ('due', 'drafted', 'submitted', 'reviewed', 'gap_open', 'gap_fixed', 'ready', 'not_ready')),
  version        integer NOT NULL CHECK (version > 0),
  call           text    NOT NULL REFERENCES readiness_call (id),
  subject        text    NOT NULL, -- "unit:ID" or "site:ID"
  kind           text    NOT NULL,
  name           text    NOT NULL,
  submitted_at   bigint  NOT NULL CHECK (submitted_at >= 0),
  submitted_name text    NOT NULL,
  decided_at     bigint  NOT NULL CHECK (decided_at >= 0),
  decided_name   text    NOT NULL,
  UNIQUE (call, subject)
);

CREATE TABLE readiness_answer (
  report  text    NOT NULL REFERENCES readiness_report (id),
  code    text    NOT NULL,
  answer  text    NOT NULL CHECK (answer IN ('met', 'unmet', 'na')),
  says    text    NOT NULL, -- evidence in words, or why it does not apply
  due_on  text    NOT NULL, -- of what is not met: by when
  person  text    NOT NULL, -- who sees to it
  by_name text    NOT NULL,
  at      bigint  NOT NULL CHECK (at > 0),
  version integer NOT NULL CHECK (version > 0),
  PRIMARY KEY (report, code),
  CHECK (answer <> 'unmet' OR (due_on <> '' AND person <> ''))
);

-- Something that is wanting (tồn tại). Closed only by who reviews.
CREATE TABLE readiness_gap (
  id          text    PRIMARY KEY,
  report      text    NOT NULL REFERENCES readiness_report (id),
  code        text    NOT NULL,
  what        text    NOT NULL CHECK (what <> ''),
  critical    boolean NOT NULL,
  due_on      text    NOT NULL CHECK (due_on <> ''),
  person      text    NOT NULL,
  state       text    NOT NULL CHECK (state IN ('open', 'fixed', 'closed')),
  opened_name text    NOT NULL,
  opened_at   bigint  NOT NULL CHECK (opened_at > 0),
  fixed_says  text    NOT NULL,
  fixed_by    text    NOT NULL,
  fixed_name  text    NOT NULL,
  fixed_at    bigint  NOT NULL CHECK (fixed_at >= 0),
  closed_name text    NOT NULL,
  closed_at   bigint  NOT NULL CHECK (closed_at >= 0),
  reopened    integer NOT NULL CHECK (reopened >= 0),
  note        text    NOT NULL, -- why it was opened again
  version     integer NOT NULL CHECK (version > 0),
  CHECK (state = 'open' OR fixed_at > 0)
);
CREATE INDEX readiness_gap_report ON readiness_gap (report, state);

-- Evidence: photographs, lists, minutes.
CREATE TABLE readiness_file (
  id       text   PRIMARY KEY,
  report   text   NOT NULL REFERENCES readiness_report (id),
  code     text   NOT NULL,
  gap      text   NOT NULL, -- the gap it shows to be fixed, or ''
  name     text   NOT NULL,
  media    text   NOT NULL,
  size     bigint NOT NULL CHECK (size > 0),
  hash     text   NOT NULL CHECK (length(hash) = 64),
  warnings text   NOT NULL, -- JSON
  by_name  text   NOT NULL,
  at       bigint NOT NULL CHECK (at > 0)
);
CREATE INDEX readiness_file_report ON readiness_file (report, code);
CREATE INDEX readiness_file_hash ON readiness_file (hash);

-- The province's readiness at an instant, frozen; it names who did not report.
CREATE TABLE readiness_rollup (
  id            text    PRIMARY KEY,
  state         text    NOT NULL CHECK (state IN ('compiled', 'approved', 'sent', 'replaced')),
  version       integer NOT NULL CHECK (version > 0),
  call          text    NOT NULL REFERENCES readiness_call (id),
  number        integer NOT NULL CHECK (number > 0),
  figures       text    NOT NULL, -- JSON of RollUp
  silent        integer NOT NULL CHECK (silent >= 0),
  compiled_name text    NOT NULL,
  compiled_at   bigint  NOT NULL CHECK (compiled_at > 0),
  approved_name text    NOT NULL,
  approved_at   bigint  NOT NULL CHECK (approved_at >= 0),
  sent_at       bigint  NOT NULL CHECK (sent_at >= 0),
  sent_to       text    NOT NULL,
  UNIQUE (call, number)
);
CREATE UNIQUE INDEX readiness_rollup_pending ON readiness_rollup (call) WHERE state = 'compiled';

-- What a unit cannot solve by itself (vướng mắc); the Department owes an answer.
CREATE TABLE readiness_difficulty (
  id            text    PRIMARY KEY,
  state         text    NOT NULL CHECK (state IN ('open', 'answered', 'closed')),
  version       integer NOT NULL CHECK (version > 0),
  exam          text    NOT NULL,
  subject       text    NOT NULL,
  kind          text    NOT NULL,
  name          text    NOT NULL,
  title         text    NOT NULL CHECK (title <> ''),
  says          text    NOT NULL,
  urgent        boolean NOT NULL,
  due_on        text    NOT NULL CHECK (due_on <> ''), -- by when the Department answers
  raised_name   text    NOT NULL,
  raised_at     bigint  NOT NULL CHECK (raised_at > 0),
  answer        text    NOT NULL,
  answered_name text    NOT NULL,
  answered_at   bigint  NOT NULL CHECK (answered_at >= 0),
  reopened      integer NOT NULL CHECK (reopened >= 0),
  CHECK (state <> 'answered' OR answered_at > 0)
);
CREATE INDEX readiness_difficulty_exam ON readiness_difficulty (exam, state, due_on);
