-- +goose Up

-- What one document's page asks for, of itself and of those whose address leads to it: without
-- these, posting or drawing one document reads them all.
CREATE INDEX IF NOT EXISTS document_address_document ON document_address (document);
CREATE INDEX IF NOT EXISTS document_replaced ON document (ending_target) WHERE ending = 'replaced';
