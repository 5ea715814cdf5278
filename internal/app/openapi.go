package app

import (
	"encoding/json"
	"maps"
	"net/http"

	"bangvang/internal/base/publish"
	"bangvang/internal/reports"
	"bangvang/internal/reports/reportsweb"
)

// openAPI describes the machine interface (OpenAPI 3.1). It grows with the interface: a test holds
// it against the registered doors.
func openAPI(baseURL, version string) publish.Dynamic {
	text := func(what string) map[string]any { return map[string]any{"type": "string", "description": what} }
	parameter := func(name, what string, schema map[string]any) map[string]any {
		return map[string]any{"name": name, "in": "query", "description": what, "schema": schema}
	}
	item := map[string]any{"type": "object", "required": []string{"url", "title", "kind"}, "properties": map[string]any{
		"url": text("permanent address"), "title": text("title"), "kind": text("van-ban, lich-thi, diem-thi …"),
		"number": text("number and symbol of a document"), "day": text("day of issue, 2006-01-02"), "snippet": text("text around what was found"),
		"state": text("said of a document that is not to be followed now, in Vietnamese")}}
	doc := map[string]any{
		"openapi": "3.1.0",
		"info":    map[string]any{"title": "Bảng Vàng", "version": version, "license": map[string]any{"name": "Apache-2.0", "identifier": "Apache-2.0"}},
		"servers": []any{map[string]any{"url": baseURL}},
		"paths": map[string]any{"/api/v1/search": map[string]any{"get": map[string]any{
			"operationId": "search", "summary": "Search over all that is public", "security": []any{},
			"parameters": []any{
				parameter("q", "words, with or without accents, or a document's number", map[string]any{"type": "string", "maxLength": 2000}),
				parameter("loai", "only this kind", map[string]any{"type": "string"}),
				parameter("trang", "page of 20, from 1", map[string]any{"type": "integer", "minimum": 1}),
			},
			"responses": map[string]any{
				"200": map[string]any{"description": "what was found, best first", "content": map[string]any{"application/json": map[string]any{"schema": map[string]any{
					"type": "object", "required": []string{"total", "items"}, "properties": map[string]any{
						"total": map[string]any{"type": "integer"}, "items": map[string]any{"type": "array", "items": item},
						"partial": map[string]any{"type": "boolean"}, "didYouMean": text("another query that finds more")}}}}},
				"414": map[string]any{"description": "the query is too long"},
			},
		}}},
		"components": map[string]any{"securitySchemes": map[string]any{"bearer": map[string]any{"type": "http", "scheme": "bearer"}}},
	}
	maps.Copy(doc["paths"].(map[string]any), reportsweb.OpenAPI())
	maps.Copy(doc["paths"].(map[string]any), reports.OpenAPI())
	body, err := json.MarshalIndent(doc, "", " ")
	return func(*publish.Snapshot, publish.Request) publish.Response {
		if err != nil {
			return publish.Response{Status: http.StatusInternalServerError}
		}
		return publish.Response{Status: http.StatusOK, Body: body, Headers: [][2]string{{"Content-Type", "application/json"}, {"Cache-Control", "public, max-age=300"}}}
	}
}
