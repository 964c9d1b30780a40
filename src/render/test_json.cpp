#include "render/json_places.hpp"
#include "source/utf8.hpp"
#include "upstream_lint/render.hpp"

#include <nlohmann/json.hpp>

namespace upstream_lint {

namespace {

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

Json nginx_place(const Span& place, const SourceManager& sources) {
    if (place.file.is_none()) {
        return nullptr;
    }
    return {{"file", to_utf8(sources.name(place.file))},
            {"line", sources.line_column(place.file, place.begin).line}};
}

Json diagnostic_json(const Diagnostic& diagnostic, const Places& places,
                     const SourceManager& sources) {
    Json object{{"level", level_name(diagnostic.level)},
                {"cause", cause_name(diagnostic.cause)},
                {"verdict", diagnostic.verdict == Verdict::violated ? "violated" : "unknown"},
                {"message", to_utf8(diagnostic.message)}};
    places.add(object, diagnostic.span);
    object["nginx"] = nginx_place(diagnostic.nginx_place, sources);
    object["labels"] = places.labels(diagnostic.labels);
    object["notes"] = json_texts(diagnostic.notes);
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
        document["diagnostics"].push_back(diagnostic_json(diagnostic, places, config.sources()));
    }
    return document.dump(2) + "\n";
}

} // namespace upstream_lint
