-- +goose Up

-- In which role, held where, a step was taken and a deed done (domain.md 6); empty for the program
-- itself, for what needs no role, and for what was written before.
ALTER TABLE workflow_step ADD COLUMN role text NOT NULL DEFAULT '';
ALTER TABLE workflow_step ADD COLUMN scope text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN role text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN scope text NOT NULL DEFAULT '';
