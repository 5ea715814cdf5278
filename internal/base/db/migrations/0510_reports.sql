-- +goose Up

-- What exam sites say of each sitting (báo cáo buổi thi). Sites, sittings and exams are named by their
-- ids in exam_*; names of people are copied, as in every history. class: internal, but for the approved
-- figures that report_province marks as published.

-- Deadlines and limits of an exam's reports; sitting '' is every sitting without a row of its own. An
-- exam without rows has the defaults of domain.md 3.7.
CREATE TABLE report_setting (
  exam           text    NOT NULL,
  sitting        text    NOT NULL,
  attendance_min integer NOT NULL CHECK (attendance_min BETWEEN 15 AND 600),  -- after the first start
  closing_min    integer NOT NULL CHECK (closing_min BETWEEN 0 AND 1440),     -- after the last end
  incident_min   integer NOT NULL CHECK (incident_min BETWEEN 0 AND 1440),    -- until a severe incident is typed
  province_am    text    NOT NULL CHECK (length(province_am) = 5),
  province_pm    text    NOT NULL CHECK (length(province_pm) = 5),
  final_at       text    NOT NULL CHECK (length(final_at) = 5),               -- on the day of the last sitting
  remind_min     integer NOT NULL CHECK (remind_min BETWEEN 0 AND 240),       -- before a site's deadline
  sheet_min      integer NOT NULL CHECK (sheet_min BETWEEN 0 AND 240),        -- before it: the call sheet
  chair_min      integer NOT NULL CHECK (chair_min BETWEEN 0 AND 1440),       -- after it: the Council's chair is told
  rise           integer NOT NULL CHECK (rise BETWEEN 0 AND 1000),            -- x of V-12 in per mille
  source         text    NOT NULL,
  version        integer NOT NULL CHECK (version > 0),
  PRIMARY KEY (exam, sitting)
);

-- Words that change with the years: reasons of absence, kinds of staff violation, categories of
-- incidents. An exam without rows of a kind has the words of domain.md 3.5.
CREATE TABLE report_word (
  exam     text    NOT NULL,
  kind     text    NOT NULL CHECK (kind IN ('absence', 'staff', 'incident')),
  code     text    NOT NULL CHECK (code <> ''),
  name     text    NOT NULL CHECK (name <> ''),
  position integer NOT NULL CHECK (position >= 0),
  PRIMARY KEY (exam, kind, code)
);

-- Who is called when a site is silent, beside its head (exam_site). class: internal.
CREATE TABLE report_contact (
  site         text    PRIMARY KEY,
  deputy_name  text    NOT NULL,
  deputy_phone text    NOT NULL,
  guard_name   text    NOT NULL,
  guard_phone  text    NOT NULL,
  version      integer NOT NULL CHECK (version > 0)
);

-- One row for each report that can be due: whoever changes something of it holds this row, so that of
-- many at once each sees what the one before left.
CREATE TABLE report_slot (
  sitting text    NOT NULL,
  site    text    NOT NULL,
  part    integer NOT NULL CHECK (part IN (1, 2)),
  touched bigint  NOT NULL CHECK (touched > 0),
  PRIMARY KEY (sitting, site, part)
);

-- A report as it was sent, never changed afterwards: an amendment or a correction is a row of its own.
CREATE TABLE report_site (
  id            text    PRIMARY KEY,
  state         text    NOT NULL CHECK (state IN ('submitted', 'confirmed', 'accepted', 'returned', 'replaced', 'duplicate', 'disputed', 'set_aside')),
  version       integer NOT NULL CHECK (version > 0),
  exam          text    NOT NULL,
  round         text    NOT NULL,
  sitting       text    NOT NULL,
  site          text    NOT NULL,
  part          integer NOT NULL CHECK (part IN (1, 2)),
  edition       integer NOT NULL CHECK (edition > 0), -- counts what was said of the slot, from 1
  client_id     text    NOT NULL CHECK (client_id <> ''),
  content_hash  text    NOT NULL CHECK (length(content_hash) = 64), -- of all that was said, the sender's clock apart
  figures_hash  text    NOT NULL CHECK (length(figures_hash) = 64), -- of the figures alone, whoever sent them
  content       text    NOT NULL, -- JSON of rules.Report
  form          text    NOT NULL,
  channel       text    NOT NULL CHECK (channel IN ('web', 'api', 'phone', 'desk')),
  not_held      text    NOT NULL,
  entered_by    text    NOT NULL,
  entered_name  text    NOT NULL,
  behalf        boolean NOT NULL, -- typed by the Council for the site
  received_at   bigint  NOT NULL CHECK (received_at > 0),
  filled_at     bigint  NOT NULL, -- by the sender's clock; never used
  receipt       text    NOT NULL UNIQUE,
  amends        text    REFERENCES report_site (id), -- the report it is to take the place of
  duplicate_of  text    REFERENCES report_site (id),
  warnings      integer NOT NULL CHECK (warnings >= 0),
  findings      text    NOT NULL, -- JSON: the warnings with the reasons typed for them
  severe_open   boolean NOT NULL,
  aside         boolean NOT NULL, -- it stands beside another, as duplicate or disputed, and does not wait itself
  dictated_by   text    NOT NULL, -- who spoke, and in which post; '' unless dictated
  dictated_at   bigint  NOT NULL CHECK (dictated_at >= 0), -- when the call was
  read_back     boolean NOT NULL,
  confirmed_by  text    NOT NULL,
  confirmed_at  bigint  NOT NULL CHECK (confirmed_at >= 0),
  accepted_by   text    NOT NULL,
  accepted_name text    NOT NULL,
  accepted_at   bigint  NOT NULL CHECK (accepted_at >= 0),
  locked        text    NOT NULL, -- the approved provincial version it stands in; '' = not locked
  note          text    NOT NULL, -- why it was returned, corrected or set aside
  CHECK (channel <> 'phone' OR (dictated_by <> '' AND dictated_at > 0 AND read_back)),
  CHECK (state <> 'duplicate' OR duplicate_of IS NOT NULL)
);
-- Never two accepted reports for one site, sitting and part; one waits to be accepted at most.
CREATE UNIQUE INDEX report_site_accepted ON report_site (sitting, part, site) WHERE state = 'accepted';
CREATE UNIQUE INDEX report_site_pending ON report_site (sitting, part, site) WHERE state IN ('submitted', 'confirmed') AND NOT aside;
CREATE UNIQUE INDEX report_site_once ON report_site (site, client_id, content_hash);
CREATE INDEX report_site_slot ON report_site (sitting, site, part, edition);
CREATE INDEX report_site_round ON report_site (site, round, state);

-- The counts of a report, for sums. A count that nobody typed has no row: it is not zero.
CREATE TABLE report_line (
  report      text    NOT NULL REFERENCES report_site (id),
  line        text    NOT NULL,
  registered  integer NOT NULL CHECK (registered >= 0),
  present     integer NOT NULL CHECK (present >= 0),
  absent      integer NOT NULL CHECK (absent >= 0),
  rooms       integer NOT NULL CHECK (rooms >= 0),
  sheets      integer CHECK (sheets >= 0), -- NULL: not counted
  reprimanded integer CHECK (reprimanded >= 0), -- these three NULL: not asked, as in part 1
  warned      integer CHECK (warned >= 0),
  suspended   integer CHECK (suspended >= 0),
  PRIMARY KEY (report, line),
  CHECK (present + absent = registered)
);
CREATE TABLE report_absence (
  report text    NOT NULL REFERENCES report_site (id),
  line   text    NOT NULL,
  reason text    NOT NULL,
  n      integer NOT NULL CHECK (n > 0),
  PRIMARY KEY (report, line, reason)
);
CREATE TABLE report_staff (
  report text    NOT NULL REFERENCES report_site (id),
  kind   text    NOT NULL,
  n      integer NOT NULL CHECK (n > 0),
  PRIMARY KEY (report, kind)
);

-- Two reports that cannot both be right. The Council's secretary decides.
CREATE TABLE report_conflict (
  id         text   PRIMARY KEY,
  sitting    text   NOT NULL,
  site       text   NOT NULL,
  part       integer NOT NULL CHECK (part IN (1, 2)),
  kind       text   NOT NULL CHECK (kind IN ('same_id', 'two_reports', 'dictated')),
  report     text   NOT NULL UNIQUE REFERENCES report_site (id), -- the later one
  against    text   NOT NULL REFERENCES report_site (id),
  opened_at  bigint NOT NULL CHECK (opened_at > 0),
  settled_at bigint NOT NULL CHECK (settled_at >= 0), -- 0 while it is open
  settled_by text   NOT NULL,
  kept       text   NOT NULL, -- the report that stays
  note       text   NOT NULL,
  version    integer NOT NULL CHECK (version > 0)
);
CREATE INDEX report_conflict_open ON report_conflict (sitting, settled_at);

-- Incidents (sự cố) at sites, from reports and entered by themselves.
CREATE TABLE report_incident (
  id           text    PRIMARY KEY,
  exam         text    NOT NULL,
  sitting      text    NOT NULL,
  site         text    NOT NULL,
  category     text    NOT NULL CHECK (category <> ''),
  severity     text    NOT NULL CHECK (severity IN ('minor', 'major', 'severe')),
  happened     text    NOT NULL, -- "08:10"
  what         text    NOT NULL,
  action       text    NOT NULL,
  open         boolean NOT NULL,
  identity     text    NOT NULL, -- of category, time and words, so that a part repeated is one incident
  report       text    NOT NULL, -- the report it came with, or ''
  entered_by   text    NOT NULL,
  entered_name text    NOT NULL,
  entered_at   bigint  NOT NULL CHECK (entered_at > 0),
  settled_name text    NOT NULL,
  settled_at   bigint  NOT NULL CHECK (settled_at >= 0),
  settled_note text    NOT NULL,
  version      integer NOT NULL CHECK (version > 0),
  UNIQUE (sitting, site, identity)
);
CREATE INDEX report_incident_open ON report_incident (sitting, open);

-- Which reports told of an incident: a sum counts it by those that were accepted.
CREATE TABLE report_told (
  report   text NOT NULL REFERENCES report_site (id),
  incident text NOT NULL REFERENCES report_incident (id),
  PRIMARY KEY (report, incident)
);
CREATE INDEX report_told_incident ON report_told (incident);

-- The last sign of life of a site before its report: who opened the form, whose draft was kept.
CREATE TABLE report_life (
  sitting text   NOT NULL,
  site    text   NOT NULL,
  part    integer NOT NULL CHECK (part IN (1, 2)),
  sign    text   NOT NULL CHECK (sign IN ('opened', 'draft', 'offline')),
  at      bigint NOT NULL CHECK (at > 0),
  name    text   NOT NULL,
  PRIMARY KEY (sitting, site, part)
);

-- Who is on the telephone with a silent site; calls that ended stay as the call's record.
CREATE TABLE report_call (
  id       text   PRIMARY KEY,
  sitting  text   NOT NULL,
  site     text   NOT NULL,
  part     integer NOT NULL CHECK (part IN (1, 2)),
  person   text   NOT NULL,
  name     text   NOT NULL,
  began_at bigint NOT NULL CHECK (began_at > 0),
  ended_at bigint NOT NULL CHECK (ended_at >= 0),
  outcome  text   NOT NULL
);
CREATE UNIQUE INDEX report_call_running ON report_call (sitting, site, part) WHERE ended_at = 0;

-- The provincial report of a sitting: a version of frozen sums over accepted reports (V-16 … V-18).
CREATE TABLE report_province (
  id            text    PRIMARY KEY,
  state         text    NOT NULL CHECK (state IN ('open', 'complete', 'provisional', 'approved', 'sent', 'receipt_confirmed', 'replaced')),
  version       integer NOT NULL CHECK (version > 0),
  exam          text    NOT NULL,
  round         text    NOT NULL,
  sitting       text    NOT NULL,
  part          integer NOT NULL CHECK (part IN (1, 2)),
  number        integer NOT NULL CHECK (number > 0), -- "bản số 2"
  figures       text    NOT NULL, -- JSON of Figures
  missing       integer NOT NULL CHECK (missing >= 0),
  compiled_by   text    NOT NULL,
  compiled_name text    NOT NULL,
  compiled_at   bigint  NOT NULL CHECK (compiled_at > 0),
  approved_by   text    NOT NULL,
  approved_name text    NOT NULL,
  approved_at   bigint  NOT NULL CHECK (approved_at >= 0),
  sent_at       bigint  NOT NULL CHECK (sent_at >= 0),
  sent_to       text    NOT NULL,
  received_at   bigint  NOT NULL CHECK (received_at >= 0),
  published_at  bigint  NOT NULL CHECK (published_at >= 0),
  replaces      text    REFERENCES report_province (id),
  replaced_by   text    REFERENCES report_province (id),
  note          text    NOT NULL,
  UNIQUE (sitting, part, number),
  CHECK (state <> 'provisional' OR missing > 0),
  CHECK (state <> 'complete' OR missing = 0),
  CHECK (state IN ('open', 'complete', 'provisional') OR approved_by <> '')
);
-- One version stands approved at a time, and one waits for approval at most.
CREATE UNIQUE INDEX report_province_standing ON report_province (sitting, part) WHERE state IN ('approved', 'sent', 'receipt_confirmed');
CREATE UNIQUE INDEX report_province_pending ON report_province (sitting, part) WHERE state IN ('open', 'complete', 'provisional');

-- The site reports a version is the sum of.
CREATE TABLE report_province_item (
  province text NOT NULL REFERENCES report_province (id),
  report   text NOT NULL REFERENCES report_site (id),
  PRIMARY KEY (province, report)
);
CREATE INDEX report_province_item_report ON report_province_item (report);

-- What the clock did, each thing once: a deadline moved is another deadline.
CREATE TABLE report_timer (
  sitting  text   NOT NULL,
  part     integer NOT NULL CHECK (part IN (0, 1, 2)), -- 0: the provincial report
  kind     text   NOT NULL CHECK (kind IN ('remind', 'sheet', 'due', 'chair', 'province')),
  due_at   bigint NOT NULL CHECK (due_at > 0),
  fired_at bigint NOT NULL CHECK (fired_at > 0),
  silent   integer NOT NULL CHECK (silent >= 0), -- sites it was about
  PRIMARY KEY (sitting, part, kind, due_at)
);

-- Counts the changes of a sitting's board, so that a page that shows it knows when it is old.
CREATE TABLE report_tick (
  sitting text   PRIMARY KEY,
  tick    bigint NOT NULL CHECK (tick > 0)
);

-- Every report asks whether the sites of its round are as they were when they were last read; the
-- answer lies in this index alone.
CREATE INDEX exam_site_stamp ON exam_site (round, version);
