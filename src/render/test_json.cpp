#include "render/utf8.hpp"
#include "upstream_lint/render.hpp"

#include <nlohmann/json.hpp>

namespace upstream_lint {

namespace {

using Json = nlohmann::ordered_json;

std::string_view verdict_word(Verdict verdict) {
    switch (verdict) {
    case Verdict::satisfied:
        return "ok";
    case Verdict::violated:
        return "refused";
    case Verdict::unknown:
        break;
    }
    return "unknown";
}

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

    [[nodiscard]] Json nginx(const Span& place) const {
        if (place.file.is_none()) {
            return nullptr;
        }
        return {{"file", to_utf8(sources_.name(place.file))},
                {"line", sources_.line_column(place.file, place.begin).line}};
    }

private:
    const SourceManager& sources_;
    const TextStyle& style_;
};

Json diagnostic_json(const Diagnostic& diagnostic, const Places& places) {
    Json object{{"level", level_name(diagnostic.level)},
                {"cause", cause_name(diagnostic.cause)},
                {"verdict", diagnostic.verdict == Verdict::violated ? "violated" : "unknown"},
                {"message", to_utf8(diagnostic.message)}};
    places.add(object, diagnostic.span);
    object["nginx"] = places.nginx(diagnostic.nginx_place);
    object["labels"] = Json::array();
    for (const Label& label : diagnostic.labels) {
        Json entry;
        places.add(entry, label.span);
        entry["text"] = to_utf8(label.text);
        entry["trail"] = places.all(label.trail);
        object["labels"].push_back(std::move(entry));
    }
    object["notes"] = Json::array();
    for (const std::string& note : diagnostic.notes) {
        object["notes"].push_back(to_utf8(note));
    }
    object["trail"] = places.all(diagnostic.trail);
    return object;
}

} // namespace

std::string render_test_json(const Config& config, const TextStyle& style) {
    const Places places(config.sources(), style);
    Json document{{"schema", "nginx-upstream-lint/test/1"},
                  {"file", to_utf8(config.main_name())},
                  {"nginx_version", to_string(config.build().version)},
                  {"context", context_name(config.context())},
                  {"context_inferred", config.context_inferred()},
                  {"verdict", verdict_word(config.verdict())},
                  {"unjudged_directives", config.unjudged_directives()},
                  {"warnings_left_out", config.warnings_left_out()},
                  {"not_looked_at", {"names", "files", "certificates", "binding"}},
                  {"diagnostics", Json::array()}};
    for (const Diagnostic& diagnostic : config.diagnostics()) {
        document["diagnostics"].push_back(diagnostic_json(diagnostic, places));
    }
    return document.dump(2) + "\n";
}

} // namespace upstream_lint
