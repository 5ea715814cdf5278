-- +goose Up

-- Localities (tỉnh, huyện, xã) carry a validity: districts ended on 30/6/2025 (domain.md 2.6).
-- Days are "2006-01-02"; '' is open. class: public.
CREATE TABLE people_locality (
  id         text    PRIMARY KEY,
  level      text    NOT NULL CHECK (level IN ('province', 'district', 'commune')),
  code       text    NOT NULL,
  parent     text    REFERENCES people_locality (id),
  name       text    NOT NULL CHECK (name <> ''),
  sort       text    NOT NULL,
  valid_from text    NOT NULL,
  valid_to   text    NOT NULL,
  version    integer NOT NULL CHECK (version > 0)
);
CREATE INDEX people_locality_order ON people_locality (level, sort);
CREATE UNIQUE INDEX people_locality_code ON people_locality (level, code, valid_from) WHERE code <> '';

-- Kinds of unit are data: an installation adds its own. class: public.
CREATE TABLE people_unit_kind (
  code     text    PRIMARY KEY CHECK (code <> ''),
  title    text    NOT NULL CHECK (title <> ''),
  external boolean NOT NULL,
  position integer NOT NULL CHECK (position >= 0)
);
INSERT INTO people_unit_kind (code, title, external, position) VALUES
  ('department', 'Sở Giáo dục và Đào tạo', false, 10),
  ('office', 'Phòng, ban của Sở', false, 20),
  ('school', 'Trường trung học phổ thông', false, 30),
  ('centre', 'Trung tâm GDNN-GDTX', false, 40),
  ('subordinate', 'Đơn vị trực thuộc khác', false, 50),
  ('council', 'Hội đồng thi, Ban Chỉ đạo thi', false, 60),
  ('locality_office', 'Phòng Giáo dục, cơ quan địa phương', true, 70),
  ('ministry', 'Bộ và đơn vị thuộc Bộ', true, 80),
  ('provincial', 'Cơ quan của tỉnh', true, 90),
  ('media', 'Cơ quan báo chí, truyền thông', true, 100);

-- Units (đơn vị) as a tree. What a unit is called is in people_unit_name. class: public.
CREATE TABLE people_unit (
  id           text    PRIMARY KEY,
  code         text    NOT NULL UNIQUE CHECK (code <> ''),
  kind         text    NOT NULL REFERENCES people_unit_kind (code),
  parent       text    REFERENCES people_unit (id),
  locality     text    REFERENCES people_locality (id),
  registration boolean NOT NULL,
  address      text    NOT NULL,
  phone        text    NOT NULL,
  email        text    NOT NULL,
  contact      text    NOT NULL,
  valid_from   text    NOT NULL,
  valid_to     text    NOT NULL,
  version      integer NOT NULL CHECK (version > 0)
);
CREATE INDEX people_unit_parent ON people_unit (parent);

-- A name holds from its day until the next name's day; the first holds backwards too.
CREATE TABLE people_unit_name (
  unit       text NOT NULL REFERENCES people_unit (id),
  valid_from text NOT NULL,
  name       text NOT NULL CHECK (name <> ''),
  short      text NOT NULL,
  fold       text NOT NULL,
  sort       text NOT NULL,
  basis      text NOT NULL,
  PRIMARY KEY (unit, valid_from)
);
CREATE INDEX people_unit_name_fold ON people_unit_name (fold);

-- Other spellings people and documents use ("Trung tâm GDTX-GDNN huyện Tam Đường").
CREATE TABLE people_unit_alias (
  unit  text NOT NULL REFERENCES people_unit (id),
  alias text NOT NULL CHECK (alias <> ''),
  fold  text NOT NULL,
  PRIMARY KEY (unit, fold)
);
CREATE INDEX people_unit_alias_fold ON people_unit_alias (fold);

-- Which units a unit continues, from which day.
CREATE TABLE people_unit_predecessor (
  unit        text NOT NULL REFERENCES people_unit (id),
  predecessor text NOT NULL REFERENCES people_unit (id) CHECK (predecessor <> unit),
  day         text NOT NULL,
  note        text NOT NULL,
  PRIMARY KEY (unit, predecessor)
);

-- Which unit has which function when: rules bind to functions, not to offices' names.
CREATE TABLE people_function (
  function   text NOT NULL CHECK (function IN ('owner', 'contact', 'hotline', 'exam', 'publishing', 'registry')),
  unit       text NOT NULL REFERENCES people_unit (id),
  valid_from text NOT NULL,
  PRIMARY KEY (function, valid_from)
);

-- Accounts. class: restricted; password and totp are secrets and are never read out.
CREATE TABLE people_account (
  id          text    PRIMARY KEY,
  username    text    NOT NULL UNIQUE CHECK (username <> ''),
  name        text    NOT NULL CHECK (name <> ''),
  sort        text    NOT NULL,
  fold        text    NOT NULL,
  unit        text    REFERENCES people_unit (id),
  email       text    NOT NULL,
  phone       text    NOT NULL,
  password    text    NOT NULL,
  password_at bigint  NOT NULL CHECK (password_at >= 0),
  temporary   boolean NOT NULL,
  totp        text    NOT NULL,
  totp_new    text    NOT NULL,
  totp_step   bigint  NOT NULL CHECK (totp_step >= 0),
  disabled_at bigint  NOT NULL CHECK (disabled_at >= 0),
  disabled_why text   NOT NULL,
  created_at  bigint  NOT NULL CHECK (created_at > 0),
  last_login  bigint  NOT NULL CHECK (last_login >= 0),
  version     integer NOT NULL CHECK (version > 0)
);
CREATE INDEX people_account_order ON people_account (sort, id);

-- Grants: person × role × scope × period. Never deleted: a revoked one says when and by whom.
CREATE TABLE people_grant (
  id         text   PRIMARY KEY,
  account    text   NOT NULL REFERENCES people_account (id),
  role       text   NOT NULL CHECK (role <> ''),
  scope      text   NOT NULL CHECK (scope IN ('department', 'council', 'site', 'unit')),
  scope_id   text   NOT NULL,
  valid_from bigint NOT NULL CHECK (valid_from >= 0),
  valid_until bigint NOT NULL CHECK (valid_until = 0 OR valid_until > valid_from),
  note       text   NOT NULL,
  granted_by text   NOT NULL,
  granted_at bigint NOT NULL CHECK (granted_at > 0),
  revoked_by text   NOT NULL,
  revoked_at bigint NOT NULL CHECK (revoked_at >= 0),
  CHECK ((scope IN ('site', 'unit')) = (scope_id <> ''))
);
CREATE INDEX people_grant_account ON people_grant (account);
CREATE INDEX people_grant_role ON people_grant (role, revoked_at);

-- Sheets of printed one-time codes for exam sites, and the codes as keyed hashes.
CREATE TABLE people_code_sheet (
  id         text   PRIMARY KEY,
  account    text   NOT NULL REFERENCES people_account (id),
  first_day  text   NOT NULL,
  last_day   text   NOT NULL CHECK (last_day >= first_day),
  created_by text   NOT NULL,
  created_at bigint NOT NULL CHECK (created_at > 0),
  revoked_at bigint NOT NULL CHECK (revoked_at >= 0)
);
CREATE INDEX people_code_sheet_account ON people_code_sheet (account);
CREATE TABLE people_code (
  hash    text    PRIMARY KEY,
  sheet   text    NOT NULL REFERENCES people_code_sheet (id),
  number  integer NOT NULL CHECK (number > 0),
  used_at bigint  NOT NULL CHECK (used_at >= 0),
  UNIQUE (sheet, number)
);

-- Recovery codes for people who lost their authenticator.
CREATE TABLE people_recovery (
  hash    text   PRIMARY KEY,
  account text   NOT NULL REFERENCES people_account (id),
  used_at bigint NOT NULL CHECK (used_at >= 0)
);
CREATE INDEX people_recovery_account ON people_recovery (account);

-- Sessions. proof: which second factor was shown; what is still due follows from it, the account and
-- its grants at every request.
CREATE TABLE people_session (
  hash       text   PRIMARY KEY,
  id         text   NOT NULL UNIQUE,
  account    text   NOT NULL REFERENCES people_account (id),
  created_at bigint NOT NULL CHECK (created_at > 0),
  seen_at    bigint NOT NULL CHECK (seen_at > 0),
  idle       bigint NOT NULL CHECK (idle > 0),
  expires_at bigint NOT NULL CHECK (expires_at > 0),
  address    text   NOT NULL,
  agent      text   NOT NULL,
  device     text   NOT NULL,
  proof      text   NOT NULL CHECK (proof IN ('', 'totp', 'recovery', 'printed'))
);
CREATE INDEX people_session_account ON people_session (account);
CREATE INDEX people_session_end ON people_session (expires_at);

-- Browsers that an account has logged in from before (keyed hash of the device cookie).
CREATE TABLE people_device (
  device   text   NOT NULL,
  account  text   NOT NULL REFERENCES people_account (id),
  first_at bigint NOT NULL CHECK (first_at > 0),
  last_at  bigint NOT NULL CHECK (last_at > 0),
  PRIMARY KEY (device, account)
);

-- Counters that slow down guessing. Keys are keyed hashes: neither addresses nor what was typed
-- as a username can be read from them.
CREATE TABLE people_throttle (
  key      text    PRIMARY KEY,
  failures integer NOT NULL CHECK (failures >= 0),
  last_at  bigint  NOT NULL CHECK (last_at > 0)
);
CREATE INDEX people_throttle_age ON people_throttle (last_at);
-- Which accounts were tried from which address: a school is told from an attacker by who gets in.
CREATE TABLE people_throttle_address (
  address   text   NOT NULL,
  account   text   NOT NULL,
  failed_at bigint NOT NULL CHECK (failed_at >= 0),
  ok_at     bigint NOT NULL CHECK (ok_at >= 0),
  PRIMARY KEY (address, account)
);

-- One-time links: the first administrator's, and those that let a person set a password.
CREATE TABLE people_link (
  hash       text   PRIMARY KEY,
  kind       text   NOT NULL CHECK (kind IN ('first', 'password')),
  account    text   REFERENCES people_account (id),
  created_by text   NOT NULL,
  created_at bigint NOT NULL CHECK (created_at > 0),
  expires_at bigint NOT NULL CHECK (expires_at > 0),
  used_at    bigint NOT NULL CHECK (used_at >= 0),
  CHECK ((kind = 'password') = (account IS NOT NULL))
);

-- Bearer tokens of the machine interface.
CREATE TABLE people_token (
  id         text   PRIMARY KEY,
  hash       text   NOT NULL UNIQUE,
  account    text   NOT NULL REFERENCES people_account (id),
  name       text   NOT NULL,
  scopes     text   NOT NULL,
  created_at bigint NOT NULL CHECK (created_at > 0),
  expires_at bigint NOT NULL CHECK (expires_at >= 0),
  last_used  bigint NOT NULL CHECK (last_used >= 0),
  revoked_at bigint NOT NULL CHECK (revoked_at >= 0)
);
CREATE INDEX people_token_account ON people_token (account);

-- Uploaded spreadsheets that wait for somebody to accept them.
CREATE TABLE people_import (
  id         text   PRIMARY KEY,
  account    text   NOT NULL,
  filename   text   NOT NULL,
  content    text   NOT NULL, -- the file in base64
  created_at bigint NOT NULL CHECK (created_at > 0)
);
