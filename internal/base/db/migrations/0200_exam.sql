-- +goose Up

-- The graduation exam of a year (kỳ thi). Everything below hangs on one exam, nothing is shared
-- between years: what 2021 was called, timed and seated stays (domain.md 2.6, P-18). class: public,
-- except where a column says otherwise.
CREATE TABLE exam (
  id            text    PRIMARY KEY,
  year          integer NOT NULL UNIQUE CHECK (year BETWEEN 2000 AND 2200),
  name          text    NOT NULL CHECK (name <> ''),
  council_code  text    NOT NULL CHECK (council_code = '' OR length(council_code) = 2),
  council_name  text    NOT NULL,
  is_public     boolean NOT NULL, -- a copy is prepared unseen before it is made public
  is_current    boolean NOT NULL,
  window_from   text    NOT NULL,
  window_until  text    NOT NULL,
  override      text    NOT NULL CHECK (override IN ('', 'before', 'during', 'after')),
  override_note text    NOT NULL, -- class: internal
  source        text    NOT NULL, -- class: internal
  shown         text    NOT NULL, -- what the public pages last said of now (jobs.go)
  phase_shown   text    NOT NULL CHECK (phase_shown IN ('', 'before', 'during', 'after')),
  version       integer NOT NULL CHECK (version > 0),
  CHECK (window_from = '' OR window_until = '' OR window_from <= window_until),
  CHECK (is_public OR NOT is_current)
);
CREATE UNIQUE INDEX exam_current ON exam (is_current) WHERE is_current;

-- School programmes examined (chương trình 2006, 2018).
CREATE TABLE exam_scheme (
  id       text    PRIMARY KEY,
  exam     text    NOT NULL REFERENCES exam (id),
  code     text    NOT NULL CHECK (code <> ''),
  name     text    NOT NULL CHECK (name <> ''),
  note     text    NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  UNIQUE (exam, code)
);

CREATE TABLE exam_subject (
  exam     text    NOT NULL REFERENCES exam (id),
  code     text    NOT NULL CHECK (code <> ''),
  name     text    NOT NULL CHECK (name <> ''),
  form     text    NOT NULL CHECK (form IN ('essay', 'choice')),
  position integer NOT NULL CHECK (position >= 0),
  PRIMARY KEY (exam, code)
);

CREATE TABLE exam_language (
  exam     text    NOT NULL REFERENCES exam (id),
  code     text    NOT NULL CHECK (code <> ''),
  name     text    NOT NULL CHECK (name <> ''),
  position integer NOT NULL CHECK (position >= 0),
  PRIMARY KEY (exam, code)
);

-- Papers (bài thi) and their components (môn thi thành phần): one component for all but the
-- combined papers.
CREATE TABLE exam_paper (
  id       text    PRIMARY KEY,
  exam     text    NOT NULL REFERENCES exam (id),
  scheme   text    NOT NULL REFERENCES exam_scheme (id),
  code     text    NOT NULL CHECK (code <> ''),
  name     text    NOT NULL CHECK (name <> ''),
  kind     text    NOT NULL CHECK (kind IN ('single', 'combined', 'elective')),
  position integer NOT NULL CHECK (position >= 0),
  version  integer NOT NULL CHECK (version > 0),
  UNIQUE (scheme, code)
);

CREATE TABLE exam_component (
  id           text    PRIMARY KEY,
  exam         text    NOT NULL,
  paper        text    NOT NULL REFERENCES exam_paper (id),
  subject      text    NOT NULL,
  minutes      integer NOT NULL CHECK (minutes BETWEEN 1 AND 300),
  general_only boolean NOT NULL, -- V-11: never sat by continuing-education candidates
  position     integer NOT NULL CHECK (position >= 0),
  UNIQUE (paper, subject),
  FOREIGN KEY (exam, subject) REFERENCES exam_subject (exam, code)
);

-- Rounds (đợt thi), each with its own sittings and sites (domain.md 3.3).
CREATE TABLE exam_round (
  id        text    PRIMARY KEY,
  exam      text    NOT NULL REFERENCES exam (id),
  number    integer NOT NULL CHECK (number BETWEEN 1 AND 9),
  name      text    NOT NULL CHECK (name <> ''),
  note      text    NOT NULL,
  spare_day text    NOT NULL,
  version   integer NOT NULL CHECK (version > 0),
  UNIQUE (exam, number)
);

-- Sittings (buổi thi). Instants are milliseconds UTC.
CREATE TABLE exam_sitting (
  id            text    PRIMARY KEY,
  round         text    NOT NULL REFERENCES exam_round (id),
  day           text    NOT NULL CHECK (length(day) = 10),
  half          text    NOT NULL CHECK (half IN ('am', 'pm')),
  kind          text    NOT NULL CHECK (kind IN ('papers', 'procedure')),
  name          text    NOT NULL,
  note          text    NOT NULL,
  call_in_at    bigint  NOT NULL CHECK (call_in_at > 0),
  end_at        bigint  NOT NULL CHECK (end_at >= 0),
  confirmed     text    NOT NULL CHECK (confirmed IN ('plan', 'day', 'full')),
  source        text    NOT NULL, -- class: internal
  cancelled_for text    NOT NULL,
  sequence      integer NOT NULL CHECK (sequence >= 0), -- SEQUENCE and DTSTAMP of RFC 5545
  changed_at    bigint  NOT NULL CHECK (changed_at > 0),
  version       integer NOT NULL CHECK (version > 0),
  UNIQUE (round, day, half)
);

-- Stretches of working time inside a sitting, and what is written in each.
CREATE TABLE exam_slot (
  id         text    PRIMARY KEY,
  sitting    text    NOT NULL REFERENCES exam_sitting (id),
  turn       integer NOT NULL CHECK (turn BETWEEN 0 AND 4),
  handout_at bigint  NOT NULL CHECK (handout_at > 0),
  start_at   bigint  NOT NULL CHECK (start_at > handout_at),
  minutes    integer NOT NULL CHECK (minutes BETWEEN 1 AND 300)
);
CREATE INDEX exam_slot_sitting ON exam_slot (sitting, start_at);

CREATE TABLE exam_slot_component (
  slot      text NOT NULL REFERENCES exam_slot (id),
  component text NOT NULL REFERENCES exam_component (id),
  PRIMARY KEY (slot, component)
);

-- Exam sites (điểm thi) of a round. The locality's name is copied, so that a site keeps the name
-- its district had that year; locality points to people_locality when it is known there.
CREATE TABLE exam_site (
  id            text    PRIMARY KEY,
  round         text    NOT NULL REFERENCES exam_round (id),
  code          text    NOT NULL CHECK (code <> ''),
  slug          text    NOT NULL CHECK (slug <> ''),
  name          text    NOT NULL CHECK (name <> ''),
  fold          text    NOT NULL,
  sort          text    NOT NULL,
  address       text    NOT NULL,
  locality      text    NOT NULL,
  locality_name text    NOT NULL CHECK (locality_name <> ''),
  locality_sort text    NOT NULL,
  unit          text    NOT NULL, -- the host school in people_unit, or ''
  phone         text    NOT NULL, -- the duty room's or the host school's number
  head_name     text    NOT NULL, -- class: internal
  head_phone    text    NOT NULL, -- class: internal
  has_place     boolean NOT NULL, -- whether the next two are known
  lat_e6        integer NOT NULL CHECK (lat_e6 BETWEEN -90000000 AND 90000000),    -- millionths of a degree
  lon_e6        integer NOT NULL CHECK (lon_e6 BETWEEN -180000000 AND 180000000),
  note          text    NOT NULL,
  status        text    NOT NULL CHECK (status IN ('open', 'halted', 'merged', 'moved')),
  status_note   text    NOT NULL,
  status_at     bigint  NOT NULL CHECK (status_at >= 0),
  successor     text    REFERENCES exam_site (id) CHECK (successor <> id),
  changed_at    bigint  NOT NULL CHECK (changed_at > 0),
  version       integer NOT NULL CHECK (version > 0),
  UNIQUE (round, code),
  UNIQUE (round, slug),
  CHECK (status = 'open' OR status_note <> '')
);
CREATE INDEX exam_site_order ON exam_site (round, locality_sort, sort);

-- Rooms (phòng thi) hold at most 24 candidates [TT15 Điều 9.2b]; they are numbered through the
-- whole Council, hence by round.
CREATE TABLE exam_room (
  id       text    PRIMARY KEY,
  round    text    NOT NULL REFERENCES exam_round (id),
  site     text    NOT NULL REFERENCES exam_site (id),
  number   integer NOT NULL CHECK (number BETWEEN 1 AND 99999),
  capacity integer NOT NULL CHECK (capacity BETWEEN 1 AND 24),
  note     text    NOT NULL,
  UNIQUE (round, number)
);
CREATE INDEX exam_room_site ON exam_room (site, number);

-- Rosters: how many are registered at a site for a paper or one of its components (component ''
-- is the paper as a whole). Counts only, never names. turn is the turn of an elective, else 0.
-- class: internal until a report publishes its sums.
CREATE TABLE exam_roster (
  site       text    NOT NULL REFERENCES exam_site (id),
  paper      text    NOT NULL REFERENCES exam_paper (id),
  component  text    NOT NULL,
  turn       integer NOT NULL CHECK (turn BETWEEN 0 AND 4),
  registered integer NOT NULL CHECK (registered BETWEEN 0 AND 100000),
  continuing integer NOT NULL CHECK (continuing >= 0), -- of them GDTX candidates
  PRIMARY KEY (site, paper, component, turn),
  CHECK (continuing <= registered)
);

-- What is new this year (điểm mới), beside how it was the year before.
CREATE TABLE exam_news (
  id       text    PRIMARY KEY,
  exam     text    NOT NULL REFERENCES exam (id),
  title    text    NOT NULL CHECK (title <> ''),
  before   text    NOT NULL,
  now      text    NOT NULL CHECK (now <> ''),
  source   text    NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  changed_at bigint NOT NULL CHECK (changed_at > 0),
  version  integer NOT NULL CHECK (version > 0)
);
CREATE INDEX exam_news_order ON exam_news (exam, position);
