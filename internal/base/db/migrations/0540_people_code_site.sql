-- +goose Up

-- A sheet printed for a site's envelope opens that site and nothing else, also for somebody who is
-- called to another site, or heads a school; so does the session a code of it opens. '' is any site of
-- the account.
ALTER TABLE people_code_sheet ADD COLUMN site text NOT NULL DEFAULT '';
ALTER TABLE people_session ADD COLUMN site text NOT NULL DEFAULT '';
CREATE INDEX people_grant_scope ON people_grant (scope, scope_id);
