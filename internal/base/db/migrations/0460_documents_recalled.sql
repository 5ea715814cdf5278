-- +goose Up

-- A document recalled by its issuer and a page taken down here had one status, "withdrawn", and so one
-- word. A new column instead of a new CHECK: both engines can do this without copying the table.
ALTER TABLE document ADD COLUMN force text NOT NULL DEFAULT ''
  CHECK (force IN ('', 'not_yet', 'in_force', 'amended', 'replaced', 'expired', 'recalled', 'withdrawn'));
UPDATE document SET force = CASE WHEN state = 'recalled' AND status = 'withdrawn' THEN 'recalled' ELSE status END;
UPDATE document_card SET status = 'recalled' WHERE document IN (SELECT id FROM document WHERE force = 'recalled');
ALTER TABLE document DROP COLUMN status;
ALTER TABLE document RENAME COLUMN force TO status;
