package documents

import (
	"context"
	"slices"
	"strconv"

	"bangvang/internal/base/db"
)

// SourceName is this capability's name among the sources of base/publish.
const SourceName = "documents"

// Keys of base/publish: one per document, one per list.
const (
	documentKey = "van-ban/"   // + id
	listKey     = "danh-sach/" // + the list's path below /van-ban; the whole list has none
)

// touchDocuments has the pages of documents drawn again.
func (s *Service) touchDocuments(ctx context.Context, tx *db.Tx, ids ...DocID) error {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = documentKey + string(id)
	}
	return s.Publisher.Touch(ctx, tx, SourceName, keys...)
}

// touchAround draws a document's page again, those that cite it, those it has relations with, and
// the lists it stands in: they all show its status.
func (s *Service) touchAround(ctx context.Context, tx *db.Tx, d Document) error {
	citing, err := neighbours(ctx, tx, d.ID, d.Content.Number.Key())
	if err != nil {
		return err
	}
	if err := s.touchDocuments(ctx, tx, append(citing, d.ID)...); err != nil {
		return err
	}
	return s.touchLists(ctx, tx, d.ID, nil)
}

// touchLists draws the lists a document stands in, and those it stood in before. When it opens or
// empties a list, the links between lists change and all are drawn.
func (s *Service) touchLists(ctx context.Context, tx *db.Tx, id DocID, before []string) error {
	now, err := facetsOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := openLists(ctx, tx, now); err != nil {
		return err
	}
	changed := append(slices.Clone(before), now...)
	if len(changed) == 0 {
		return nil
	}
	catalog, err := readCatalog(ctx, tx)
	if err != nil {
		return err
	}
	alone := false
	for _, path := range changed {
		if slices.Contains(before, path) && slices.Contains(now, path) {
			continue
		}
		n, err := countCards(ctx, tx, catalog, path)
		if err != nil {
			return err
		}
		alone = alone || n <= 1
	}
	if alone {
		if changed, err = listPaths(ctx, tx); err != nil {
			return err
		}
		changed = append(changed, before...)
	}
	slices.Sort(changed)
	keys := []string{listKey}
	for _, path := range slices.Compact(changed) {
		keys = append(keys, listKey+path)
	}
	return s.Publisher.Touch(ctx, tx, SourceName, keys...)
}

// A facet is one way public lists are narrowed, with the part of their address.
const (
	byIssuer = "co-quan/"
	byType   = "loai/"
	byYear   = "nam/"
	byField  = "linh-vuc/"
	holding  = "con-hieu-luc"
	lapsed   = "het-hieu-luc"
)

// paths gives the lists a card stands in, by their paths below /van-ban; field has its parents.
func (c card) paths(issuerSlug string, fields []FieldID) []string {
	paths := []string{byIssuer + issuerSlug, byType + string(c.Type), byYear + strconv.Itoa(c.Year)}
	for _, f := range fields {
		paths = append(paths, byField+string(f))
	}
	if c.Status.Holds() {
		return append(paths, holding)
	}
	return append(paths, lapsed)
}
