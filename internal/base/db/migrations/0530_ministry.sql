-- +goose Up

-- What the Department tells the Ministry's Office and the others above it, and what it is asked
-- (plan II.4). Sittings, rounds, versions of figures and registered documents are named by their ids in
-- exam_*, report_* and document; names of people are copied. class: internal.

-- The wording of a kind of paper as an office edited it. A kind without rows has the wording that ships
-- with the program. Nothing is overwritten: an edition is a row.
CREATE TABLE ministry_template (
  kind    text    NOT NULL CHECK (kind IN ('quick', 'final')),
  edition integer NOT NULL CHECK (edition > 0),
  source  text    NOT NULL CHECK (source <> ''),
  note    text    NOT NULL, -- what was changed and why
  person  text    NOT NULL,
  name    text    NOT NULL,
  at      bigint  NOT NULL CHECK (at > 0),
  PRIMARY KEY (kind, edition)
);

-- Who gets an exam's reports (domain.md 2.5).
CREATE TABLE ministry_recipient (
  id        text    PRIMARY KEY,
  exam      text    NOT NULL,
  name      text    NOT NULL CHECK (name <> ''),
  role      text    NOT NULL, -- in brackets in "Nơi nhận": "b/c"
  email     text    NOT NULL, -- '' = it is reached another way
  way       text    NOT NULL, -- how, when not by mail: "trục liên thông văn bản"
  principal boolean NOT NULL, -- the paper is addressed to it ("Kính gửi"), and its receipt counts
  active    boolean NOT NULL,
  position  integer NOT NULL CHECK (position >= 0),
  version   integer NOT NULL CHECK (version > 0)
);
CREATE INDEX ministry_recipient_exam ON ministry_recipient (exam, position);

-- A paper made of frozen figures. What it says never changes once it is submitted; a correction is a
-- paper of its own.
CREATE TABLE ministry_paper (
  id           text    PRIMARY KEY,
  state        text    NOT NULL CHECK (state IN ('draft', 'submitted', 'issued', 'sent', 'received', 'replaced', 'dropped')),
  version      integer NOT NULL CHECK (version > 0),
  exam         text    NOT NULL,
  round        text    NOT NULL,
  sitting      text    NOT NULL, -- '' for a paper about the whole round
  kind         text    NOT NULL CHECK (kind IN ('quick', 'final')),
  edition      integer NOT NULL CHECK (edition >= 0), -- of the wording; 0 = as shipped
  source       text    NOT NULL, -- the wording itself
  content      text    NOT NULL, -- JSON: the figures as frozen, by site
  texts        text    NOT NULL, -- JSON: what the office wrote beside them
  recipients   text    NOT NULL, -- JSON
  title        text    NOT NULL, -- what it is about, for lists
  replaces     text    REFERENCES ministry_paper (id),
  document     text    NOT NULL, -- in the register of own documents; '' until it is submitted
  reference    text    NOT NULL, -- number and symbol, "05/BC-SGDĐT"; '' until it is issued
  issued_on    text    NOT NULL,
  correcting   text    NOT NULL, -- a version that waits for approval and will replace what it quotes; '' = none
  outdated_by  text    NOT NULL, -- the version approved in the place of one it quotes; '' = none (V-18)
  outdated_at  bigint  NOT NULL CHECK (outdated_at >= 0),
  changed      text    NOT NULL, -- JSON: the figures that differ, in words
  made_by      text    NOT NULL,
  made_name    text    NOT NULL,
  made_at      bigint  NOT NULL CHECK (made_at > 0),
  changed_name text    NOT NULL, -- who changed it last
  changed_at   bigint  NOT NULL CHECK (changed_at > 0),
  sent_at      bigint  NOT NULL CHECK (sent_at >= 0), -- to the one it is addressed to
  received_at  bigint  NOT NULL CHECK (received_at >= 0)
);
-- Exactly one report of a sitting stands (R-II.4-b), and one is being made at most.
CREATE UNIQUE INDEX ministry_paper_standing ON ministry_paper (kind, round, sitting) WHERE state IN ('issued', 'sent', 'received');
CREATE UNIQUE INDEX ministry_paper_making ON ministry_paper (kind, round, sitting) WHERE state IN ('draft', 'submitted');
CREATE INDEX ministry_paper_exam ON ministry_paper (exam, made_at);

-- Which versions of figures a paper quotes, so that a correction finds it.
CREATE TABLE ministry_quote (
  paper    text NOT NULL REFERENCES ministry_paper (id),
  province text NOT NULL,
  PRIMARY KEY (paper, province)
);
CREATE INDEX ministry_quote_province ON ministry_quote (province);

-- The files of an issued paper, in the file store.
CREATE TABLE ministry_file (
  paper text    NOT NULL REFERENCES ministry_paper (id),
  kind  text    NOT NULL CHECK (kind IN ('signed', 'docx', 'xlsx')),
  hash  text    NOT NULL CHECK (length(hash) = 64),
  size  bigint  NOT NULL CHECK (size > 0),
  name  text    NOT NULL,
  pages integer NOT NULL CHECK (pages >= 0),
  PRIMARY KEY (paper, kind)
);

-- One row for each recipient of an issued paper: there is never a second mail beside it.
CREATE TABLE ministry_delivery (
  id          text    PRIMARY KEY,
  version     integer NOT NULL CHECK (version > 0),
  paper       text    NOT NULL REFERENCES ministry_paper (id),
  recipient   text    NOT NULL,
  name        text    NOT NULL,
  role        text    NOT NULL,
  principal   boolean NOT NULL,
  position    integer NOT NULL CHECK (position >= 0), -- as the paper names them
  email       text    NOT NULL,
  state       text    NOT NULL CHECK (state IN ('planned', 'queued', 'trying', 'sent', 'bounced', 'failed', 'cancelled')),
  way         text    NOT NULL, -- how it went, when not by mail
  message_id  text    NOT NULL,
  attempts    integer NOT NULL CHECK (attempts >= 0),
  first_at    bigint  NOT NULL CHECK (first_at >= 0), -- first try
  tried_at    bigint  NOT NULL CHECK (tried_at >= 0), -- last try
  next_at     bigint  NOT NULL CHECK (next_at >= 0),  -- next try
  said        text    NOT NULL, -- what the mail server said last
  sent_at     bigint  NOT NULL CHECK (sent_at >= 0),
  sent_by     text    NOT NULL,
  received_at bigint  NOT NULL CHECK (received_at >= 0),
  received_by text    NOT NULL, -- who there has it
  received_how text   NOT NULL,
  UNIQUE (paper, recipient),
  CHECK (state <> 'sent' OR sent_at > 0),
  CHECK (received_at = 0 OR state = 'sent')
);

-- Who got a paper whose figures were corrected, and whether they were told (V-18).
CREATE TABLE ministry_erratum (
  delivery   text   PRIMARY KEY REFERENCES ministry_delivery (id),
  paper      text   NOT NULL REFERENCES ministry_paper (id), -- the outdated one
  opened_at  bigint NOT NULL CHECK (opened_at > 0),
  settled_at bigint NOT NULL CHECK (settled_at >= 0), -- 0 while the recipient has not been told
  settled_by text   NOT NULL, -- the paper that told, or a person's name
  note       text   NOT NULL
);
CREATE INDEX ministry_erratum_paper ON ministry_erratum (paper);

-- What the clock has told once.
CREATE TABLE ministry_alarm (
  kind     text   NOT NULL CHECK (kind IN ('quick', 'final')),
  round    text   NOT NULL,
  sitting  text   NOT NULL,
  due_at   bigint NOT NULL CHECK (due_at > 0),
  fired_at bigint NOT NULL CHECK (fired_at > 0),
  PRIMARY KEY (kind, round, sitting)
);

-- What the Ministry's Office asks, and what it was answered (R-II.4-c).
CREATE TABLE ministry_request (
  id            text    PRIMARY KEY,
  state         text    NOT NULL CHECK (state IN ('open', 'assigned', 'advised', 'answered', 'closed')),
  version       integer NOT NULL CHECK (version > 0),
  exam          text    NOT NULL,
  received_at   bigint  NOT NULL CHECK (received_at > 0),
  way           text    NOT NULL CHECK (way <> ''),
  asked_by      text    NOT NULL CHECK (asked_by <> ''),
  subject       text    NOT NULL CHECK (subject <> ''),
  body          text    NOT NULL,
  due_at        bigint  NOT NULL CHECK (due_at >= 0), -- 0 = no deadline was given
  entered_by    text    NOT NULL,
  entered_name  text    NOT NULL,
  entered_at    bigint  NOT NULL CHECK (entered_at > 0),
  assigned      text    NOT NULL, -- the role whose office advises; '' = the Office itself
  instruction   text    NOT NULL,
  advice        text    NOT NULL,
  advised_name  text    NOT NULL,
  advised_at    bigint  NOT NULL CHECK (advised_at >= 0),
  answer        text    NOT NULL,
  answered_way  text    NOT NULL,
  answered_name text    NOT NULL,
  answered_at   bigint  NOT NULL CHECK (answered_at >= 0),
  CHECK (state <> 'answered' OR (answer <> '' AND answered_way <> '' AND answered_at > 0))
);
CREATE INDEX ministry_request_exam ON ministry_request (exam, received_at);
