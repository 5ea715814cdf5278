-- +goose Up

-- A document's page names those whose address leads to it: without this, drawing one page reads
-- every document.
CREATE INDEX document_replaced ON document (ending_target) WHERE ending = 'replaced';
