-- +goose Up

-- Who issues documents (cơ quan ban hành) is data: the plan's four stand first (R-II.1-c). slug is
-- the part of a public address and never changes. class: public.
CREATE TABLE document_issuer (
  id       text    PRIMARY KEY CHECK (id <> ''),
  slug     text    NOT NULL UNIQUE CHECK (slug <> ''),
  code     text    NOT NULL,
  own      boolean NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  version  integer NOT NULL CHECK (version > 0)
);

-- A name holds from its day until the next name's day; the first holds backwards too (domain.md 2.6).
CREATE TABLE document_issuer_name (
  issuer     text NOT NULL REFERENCES document_issuer (id),
  valid_from text NOT NULL,
  name       text NOT NULL CHECK (name <> ''),
  fold       text NOT NULL,
  sort       text NOT NULL,
  PRIMARY KEY (issuer, valid_from)
);
CREATE INDEX document_issuer_name_fold ON document_issuer_name (fold);

-- Other spellings that documents and spreadsheets use ("Chủ tịch UBND tỉnh").
CREATE TABLE document_issuer_alias (
  fold   text PRIMARY KEY CHECK (fold <> ''),
  issuer text NOT NULL REFERENCES document_issuer (id),
  alias  text NOT NULL
);

INSERT INTO document_issuer (id, slug, code, own, position, version) VALUES
  ('bo-gddt', 'bo-gddt', 'BGDĐT', false, 10, 1),
  ('ubnd-tinh', 'ubnd-tinh', 'UBND', false, 20, 1),
  ('ban-chi-dao-thi', 'ban-chi-dao-thi', 'BCĐ', false, 30, 1),
  ('so-gddt', 'so-gddt', 'SGDĐT', true, 40, 1),
  ('hoi-dong-thi', 'hoi-dong-thi', 'HĐT', true, 50, 1),
  ('chinh-phu', 'chinh-phu', 'CP', false, 60, 1),
  ('thu-tuong', 'thu-tuong', 'TTg', false, 70, 1),
  ('quoc-hoi', 'quoc-hoi', 'QH', false, 80, 1);
INSERT INTO document_issuer_name (issuer, valid_from, name, fold, sort) VALUES
  ('bo-gddt', '', 'Bộ Giáo dục và Đào tạo', 'bo giao duc va dao tao', '10'),
  ('ubnd-tinh', '', 'UBND tỉnh', 'ubnd tinh', '20'),
  ('ban-chi-dao-thi', '', 'Ban Chỉ đạo thi cấp tỉnh', 'ban chi dao thi cap tinh', '30'),
  ('so-gddt', '', 'Sở Giáo dục và Đào tạo', 'so giao duc va dao tao', '40'),
  ('hoi-dong-thi', '', 'Hội đồng thi', 'hoi dong thi', '50'),
  ('chinh-phu', '', 'Chính phủ', 'chinh phu', '60'),
  ('thu-tuong', '', 'Thủ tướng Chính phủ', 'thu tuong chinh phu', '70'),
  ('quoc-hoi', '', 'Quốc hội', 'quoc hoi', '80');
INSERT INTO document_issuer_alias (fold, issuer, alias) VALUES
  ('bo gddt', 'bo-gddt', 'Bộ GDĐT'), ('bo gd&dt', 'bo-gddt', 'Bộ GD&ĐT'), ('bo gd-dt', 'bo-gddt', 'Bộ GD-ĐT'),
  ('uy ban nhan dan tinh', 'ubnd-tinh', 'Ủy ban nhân dân tỉnh'), ('chu tich ubnd tinh', 'ubnd-tinh', 'Chủ tịch UBND tỉnh'),
  ('chu tich uy ban nhan dan tinh', 'ubnd-tinh', 'Chủ tịch Ủy ban nhân dân tỉnh'),
  ('ban chi dao thi', 'ban-chi-dao-thi', 'Ban Chỉ đạo thi'), ('ban chi dao cap tinh', 'ban-chi-dao-thi', 'Ban Chỉ đạo cấp tỉnh'),
  ('so gddt', 'so-gddt', 'Sở GDĐT'), ('so gd&dt', 'so-gddt', 'Sở GD&ĐT'), ('so gd-dt', 'so-gddt', 'Sở GD-ĐT');

-- Kinds of document (thể loại, Decree 30/2020 annex III) are data. code is the symbol's group, ''
-- when the kind has none (công văn, luật). class: public.
CREATE TABLE document_type (
  id       text    PRIMARY KEY CHECK (id <> ''),
  code     text    NOT NULL,
  name     text    NOT NULL CHECK (name <> ''),
  fold     text    NOT NULL UNIQUE,
  position integer NOT NULL CHECK (position >= 0)
);
INSERT INTO document_type (id, code, name, fold, position) VALUES
  ('luat', '', 'Luật', 'luat', 10),
  ('phap-lenh', 'PL', 'Pháp lệnh', 'phap lenh', 20),
  ('nghi-quyet', 'NQ', 'Nghị quyết', 'nghi quyet', 30),
  ('nghi-dinh', 'NĐ', 'Nghị định', 'nghi dinh', 40),
  ('quyet-dinh', 'QĐ', 'Quyết định', 'quyet dinh', 50),
  ('chi-thi', 'CT', 'Chỉ thị', 'chi thi', 60),
  ('thong-tu', 'TT', 'Thông tư', 'thong tu', 70),
  ('thong-tu-lien-tich', 'TTLT', 'Thông tư liên tịch', 'thong tu lien tich', 80),
  ('quy-chuan', 'QCVN', 'Quy chuẩn kỹ thuật', 'quy chuan ky thuat', 90),
  ('van-ban-hop-nhat', 'VBHN', 'Văn bản hợp nhất', 'van ban hop nhat', 100),
  ('quy-che', 'QC', 'Quy chế', 'quy che', 110),
  ('quy-dinh', 'QyĐ', 'Quy định', 'quy dinh', 120),
  ('ke-hoach', 'KH', 'Kế hoạch', 'ke hoach', 130),
  ('huong-dan', 'HD', 'Hướng dẫn', 'huong dan', 140),
  ('cong-van', '', 'Công văn', 'cong van', 150),
  ('cong-dien', 'CĐ', 'Công điện', 'cong dien', 160),
  ('thong-bao', 'TB', 'Thông báo', 'thong bao', 170),
  ('thong-cao', 'TC', 'Thông cáo', 'thong cao', 180),
  ('bao-cao', 'BC', 'Báo cáo', 'bao cao', 190),
  ('to-trinh', 'TTr', 'Tờ trình', 'to trinh', 200),
  ('bien-ban', 'BB', 'Biên bản', 'bien ban', 210),
  ('giay-moi', 'GM', 'Giấy mời', 'giay moi', 220),
  ('chuong-trinh', 'CTr', 'Chương trình', 'chuong trinh', 230),
  ('phuong-an', 'PA', 'Phương án', 'phuong an', 240),
  ('de-an', 'ĐA', 'Đề án', 'de an', 250),
  ('du-an', 'DA', 'Dự án', 'du an', 260),
  ('hop-dong', 'HĐ', 'Hợp đồng', 'hop dong', 270),
  ('ban-ghi-nho', 'BGN', 'Bản ghi nhớ', 'ban ghi nho', 280),
  ('ban-thoa-thuan', 'BTT', 'Bản thỏa thuận', 'ban thoa thuan', 290),
  ('giay-uy-quyen', 'GUQ', 'Giấy ủy quyền', 'giay uy quyen', 300),
  ('giay-gioi-thieu', 'GGT', 'Giấy giới thiệu', 'giay gioi thieu', 310),
  ('giay-nghi-phep', 'GNP', 'Giấy nghỉ phép', 'giay nghi phep', 320),
  ('phieu-gui', 'PG', 'Phiếu gửi', 'phieu gui', 330),
  ('phieu-chuyen', 'PC', 'Phiếu chuyển', 'phieu chuyen', 340),
  ('phieu-bao', 'PB', 'Phiếu báo', 'phieu bao', 350);

-- Fields (lĩnh vực) are a tree. class: public.
CREATE TABLE document_field (
  id       text    PRIMARY KEY CHECK (id <> ''),
  parent   text    REFERENCES document_field (id),
  name     text    NOT NULL CHECK (name <> ''),
  fold     text    NOT NULL UNIQUE,
  position integer NOT NULL CHECK (position >= 0)
);
INSERT INTO document_field (id, parent, name, fold, position) VALUES
  ('thi-va-tuyen-sinh', NULL, 'Thi và tuyển sinh', 'thi va tuyen sinh', 10),
  ('thi-tot-nghiep-thpt', 'thi-va-tuyen-sinh', 'Thi tốt nghiệp THPT', 'thi tot nghiep thpt', 11),
  ('tuyen-sinh-dai-hoc', 'thi-va-tuyen-sinh', 'Tuyển sinh đại học', 'tuyen sinh dai hoc', 12),
  ('day-va-hoc', NULL, 'Dạy và học', 'day va hoc', 20),
  ('truong-hoc', NULL, 'Trường học', 'truong hoc', 30),
  ('ho-tro-hoc-sinh', NULL, 'Hỗ trợ học sinh', 'ho tro hoc sinh', 40),
  ('thong-tin-truyen-thong', NULL, 'Thông tin, truyền thông', 'thong tin, truyen thong', 50),
  ('bao-chi', 'thong-tin-truyen-thong', 'Báo chí', 'bao chi', 51),
  ('cong-khai-thong-tin', 'thong-tin-truyen-thong', 'Công khai, thông tin', 'cong khai, thong tin', 52),
  ('quy-dinh-chung', NULL, 'Quy định chung', 'quy dinh chung', 90);

-- One document as the office works on it. What the public sees is document_edition. A document
-- classed secret cannot be written down here at all (domain.md 5). class: internal until an
-- edition of it is live.
CREATE TABLE document (
  id            text    PRIMARY KEY,
  kind          text    NOT NULL CHECK (kind IN ('incoming', 'own')),
  state         text    NOT NULL CHECK (state IN ('registered', 'classified', 'posted', 'kept_internal', 'withdrawn',
                  'drafting', 'checked_content', 'checked_form', 'signed', 'numbered', 'issued', 'corrected', 'replaced', 'recalled', 'archived')),
  version       integer NOT NULL CHECK (version > 0),
  class         text    NOT NULL CHECK (class IN ('', 'public', 'internal')),
  number        text    NOT NULL,
  number_key    text    NOT NULL,
  number_sort   text    NOT NULL,
  year          integer NOT NULL CHECK (year BETWEEN 1900 AND 2199),
  issuer        text    NOT NULL REFERENCES document_issuer (id),
  type          text    NOT NULL REFERENCES document_type (id),
  field         text    REFERENCES document_field (id),
  issued_on     text    NOT NULL,
  effective_on  text    NOT NULL,
  expires_on    text    NOT NULL,
  subject       text    NOT NULL CHECK (subject <> ''),
  content       text    NOT NULL, -- JSON of all that an edition shows, the columns above included
  handling      text    NOT NULL, -- JSON of the registry's own fields (arrival number, due date); never public
  reading       text    NOT NULL, -- JSON of the reading copy (richtext.Doc); '' = none
  fold          text    NOT NULL, -- what the office's search looks through
  unit          text    NOT NULL, -- the drafting unit of an own document
  unit_path     text    NOT NULL, -- that unit and its ancestors, '/' between
  entered_by    text    NOT NULL,
  entered_name  text    NOT NULL,
  entered_at    bigint  NOT NULL CHECK (entered_at > 0),
  changed_by    text    NOT NULL,
  changed_name  text    NOT NULL,
  changed_at    bigint  NOT NULL CHECK (changed_at > 0),
  posted_at     bigint  NOT NULL CHECK (posted_at >= 0), -- first publication; 0 = never
  live          integer NOT NULL CHECK (live >= 0),      -- number of the edition the public sees; 0 = none ever
  dirty         boolean NOT NULL,                        -- the working copy differs from the live edition
  ending        text    NOT NULL CHECK (ending IN ('', 'withdrawn', 'replaced', 'error')),
  ending_note   text    NOT NULL,
  ending_at     bigint  NOT NULL CHECK (ending_at >= 0),
  ending_target text    REFERENCES document (id),
  status        text    NOT NULL CHECK (status IN ('', 'not_yet', 'in_force', 'amended', 'replaced', 'expired', 'withdrawn'))
);
CREATE UNIQUE INDEX document_number ON document (issuer, number_key, year) WHERE number_key <> '';
CREATE INDEX document_order ON document (issued_on, id);
CREATE INDEX document_state ON document (state);

-- Every published edition, never changed. The columns are those that lists filter and sort by.
-- class: public while its document's ending is ''.
CREATE TABLE document_edition (
  document     text    NOT NULL REFERENCES document (id),
  number       integer NOT NULL CHECK (number > 0),
  change       text    NOT NULL CHECK (change IN ('first', 'major', 'minor')),
  note         text    NOT NULL,
  content      text    NOT NULL, -- JSON: content, reading copy, files, relations
  published_by text    NOT NULL,
  published_name text  NOT NULL,
  published_at bigint  NOT NULL CHECK (published_at > 0),
  PRIMARY KEY (document, number)
);

-- What the public lists are made of: one row per document that has a live edition that is shown in
-- lists. class: public.
CREATE TABLE document_card (
  document    text   PRIMARY KEY REFERENCES document (id),
  slug        text   NOT NULL,
  number      text   NOT NULL,
  number_key  text   NOT NULL,
  number_sort text   NOT NULL,
  year        integer NOT NULL,
  issuer      text   NOT NULL,
  type        text   NOT NULL,
  field       text   NOT NULL,
  issued_on   text   NOT NULL,
  subject     text   NOT NULL,
  files       integer NOT NULL CHECK (files >= 0),
  status      text   NOT NULL,
  posted_at   bigint NOT NULL,
  updated_at  bigint NOT NULL
);
CREATE INDEX document_card_order ON document_card (issued_on, number_sort);
CREATE INDEX document_card_posted ON document_card (posted_at);

-- Public addresses never change: a renamed document keeps the old one as a redirect.
CREATE TABLE document_address (
  slug     text    PRIMARY KEY CHECK (slug <> ''),
  document text    NOT NULL REFERENCES document (id),
  current  boolean NOT NULL,
  at       bigint  NOT NULL CHECK (at > 0)
);
CREATE UNIQUE INDEX document_address_current ON document_address (document) WHERE current;

-- Typed relations of the working copy; shown is true when the live edition has them. document is
-- the newer one.
CREATE TABLE document_relation (
  document text    NOT NULL REFERENCES document (id),
  kind     text    NOT NULL CHECK (kind IN ('replaces', 'amends', 'guides', 'based_on', 'corrects')),
  target   text    NOT NULL REFERENCES document (id),
  note     text    NOT NULL,
  working  boolean NOT NULL,
  shown    boolean NOT NULL,
  PRIMARY KEY (document, kind, target),
  CHECK (document <> target)
);
CREATE INDEX document_relation_target ON document_relation (target);

-- Number-like citations in the live edition's text, registered or not: when a document of that
-- number is posted, these pages are drawn anew with a link.
CREATE TABLE document_mention (
  document text NOT NULL REFERENCES document (id),
  number_key text NOT NULL,
  PRIMARY KEY (document, number_key)
);
CREATE INDEX document_mention_key ON document_mention (number_key);

-- Files, stored once by hash and never changed: a new version is a new row that names the old one.
-- class: that of its document.
CREATE TABLE document_file (
  id          text    PRIMARY KEY,
  document    text    NOT NULL REFERENCES document (id),
  role        text    NOT NULL CHECK (role IN ('original', 'attachment')),
  name        text    NOT NULL CHECK (name <> ''), -- as uploaded
  slug        text    NOT NULL, -- the file's part of the public address, with its ending; '' until examined
  hash        text    NOT NULL,
  size        bigint  NOT NULL CHECK (size >= 0),
  media       text    NOT NULL, -- content type by content; '' until examined
  pages       integer NOT NULL CHECK (pages >= 0),
  body        text    NOT NULL, -- extracted text
  reading     text    NOT NULL, -- JSON of what a reading copy can begin with (richtext.Doc); '' = nothing
  preview     text    NOT NULL, -- hash of the first page's picture; '' = none
  preview_size bigint NOT NULL CHECK (preview_size >= 0),
  state       text    NOT NULL CHECK (state IN ('waiting', 'good', 'refused')),
  problem     text    NOT NULL, -- Vietnamese: why it was refused
  warnings    text    NOT NULL, -- JSON list of Vietnamese sentences
  personal    text    NOT NULL, -- JSON list of what looks like personal data; '' = nothing found
  cleared_by  text    NOT NULL, -- who decided that it may be shown all the same (P-16)
  cleared_name text   NOT NULL,
  cleared_note text   NOT NULL,
  cleared_at  bigint  NOT NULL CHECK (cleared_at >= 0),
  supersedes  text    REFERENCES document_file (id),
  dropped     boolean NOT NULL, -- not part of the working copy any more
  added_by    text    NOT NULL,
  added_name  text    NOT NULL,
  added_at    bigint  NOT NULL CHECK (added_at > 0)
);
CREATE INDEX document_file_document ON document_file (document, added_at);

-- Personal data found in the working copy's own text (subject, reading copy), and who cleared it.
CREATE TABLE document_personal (
  document     text   PRIMARY KEY REFERENCES document (id),
  found        text   NOT NULL, -- JSON list
  cleared_by   text   NOT NULL,
  cleared_name text   NOT NULL,
  cleared_note text   NOT NULL,
  cleared_at   bigint NOT NULL CHECK (cleared_at >= 0)
);

-- Who had a hand in the part of the working copy that is not published yet: four eyes compares
-- persons (domain.md 2.4 note 2).
CREATE TABLE document_hand (
  document text NOT NULL REFERENCES document (id),
  person   text NOT NULL,
  PRIMARY KEY (document, person)
);

-- Numbers of own documents that were skipped, each with its reason (domain.md 6.2).
CREATE TABLE document_gap (
  issuer  text    NOT NULL REFERENCES document_issuer (id),
  symbol  text    NOT NULL,
  year    integer NOT NULL,
  ordinal integer NOT NULL CHECK (ordinal > 0),
  note    text    NOT NULL CHECK (note <> ''),
  person  text    NOT NULL,
  name    text    NOT NULL,
  at      bigint  NOT NULL CHECK (at > 0),
  PRIMARY KEY (issuer, symbol, year, ordinal)
);

-- Bulk imports that were read and wait for a person's acceptance.
CREATE TABLE document_import (
  id       text   PRIMARY KEY,
  person   text   NOT NULL,
  name     text   NOT NULL,
  at       bigint NOT NULL CHECK (at > 0),
  state    text   NOT NULL CHECK (state IN ('waiting', 'accepted', 'dropped')),
  brought  text   NOT NULL -- JSON: the spreadsheet and the files as they were brought in
);

-- One row: counts up with every change of what is public here.
CREATE TABLE document_public (
  id         integer PRIMARY KEY CHECK (id = 1),
  generation bigint  NOT NULL CHECK (generation >= 0)
);
INSERT INTO document_public (id, generation) VALUES (1, 0);
