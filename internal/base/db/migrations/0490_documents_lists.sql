-- +goose Up

-- Every list that ever had a document, by its path below /van-ban ("nam/2021"): its address stays
-- when its last document goes. class: public.
CREATE TABLE document_list (
  path text PRIMARY KEY CHECK (path <> '')
);
