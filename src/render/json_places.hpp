#pragma once

#include "source/utf8.hpp"
#include "upstream_lint/diagnostic.hpp"
#include "upstream_lint/render.hpp"
#include "upstream_lint/source.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace upstream_lint {

using Json = nlohmann::ordered_json;

[[nodiscard]] inline Json json_texts(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const std::string& text : texts) {
        list.push_back(to_utf8(text));
    }
    return list;
}

/// Spans as machine formats have them.
class Places {
public:
    Places(const SourceManager& sources, const TextStyle& style) :
        sources_(sources), style_(style) {}

    /// Adds `file line column end_line end_column`; all null for a span of no file.
    void add(Json& object, const Span& span) const {
        if (span.file.is_none()) {
            for (const char* key : {"file", "line", "column", "end_line", "end_column"}) {
                object[key] = nullptr;
            }
            return;
        }
        const LineColumn begin = sources_.line_column(span.file, span.begin);
        const LineColumn end = sources_.line_column(span.file, span.end);
        object["file"] = to_utf8(shown_path(sources_.path(span.file), style_));
        object["line"] = begin.line;
        object["column"] = begin.column;
        object["end_line"] = end.line;
        object["end_column"] = end.column;
    }

    [[nodiscard]] Json all(const std::vector<Span>& spans) const {
        Json list = Json::array();
        for (const Span& span : spans) {
            add(list.emplace_back(), span);
        }
        return list;
    }

    [[nodiscard]] Json labels(const std::vector<Label>& labels) const {
        Json list = Json::array();
        for (const Label& label : labels) {
            Json& entry = list.emplace_back();
            add(entry, label.span);
            entry["text"] = to_utf8(label.text);
            entry["trail"] = all(label.trail);
        }
        return list;
    }

private:
    const SourceManager& sources_;
    const TextStyle& style_;
};

} // namespace upstream_lint
