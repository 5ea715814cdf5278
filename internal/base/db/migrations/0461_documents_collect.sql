-- +goose Up

-- Whether a stored file is still referred to is asked for every file of an ended import.
CREATE INDEX document_file_hash ON document_file (hash);
CREATE INDEX document_file_preview ON document_file (preview);
