// A whole configuration of several files, loaded and rendered in every way.

#include "upstream_lint/config.hpp"

#include "file_tree_input.hpp"
#include "property.hpp"
#include "upstream_lint/render.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::fuzz {
namespace {

// With fewer files a second thread is not worth its start.
constexpr std::size_t files_for_two_threads = 32;

void check_span(const SourceManager& sources, const Span& span) {
    if (span.file.is_none())
        return;
    require(span.file.value < sources.file_count(), "a span is of a file that was read");
    require(span.begin <= span.end && span.end <= sources.bytes(span.file).size(),
            "a span lies inside its file");
    const LineColumn place = sources.line_column(span.file, span.begin);
    require(place.line >= 1 && place.column >= 1, "lines and columns count from 1");
}

void check_diagnostics(const Config& config) {
    LoadPoint last;
    for (const Diagnostic& diagnostic : config.diagnostics()) {
        check_span(config.sources(), diagnostic.span);
        check_span(config.sources(), diagnostic.nginx_place);
        for (const Label& label : diagnostic.labels)
            check_span(config.sources(), label.span);
        for (const Span& include : diagnostic.trail) {
            require(!include.file.is_none(), "a trail is made of places");
            check_span(config.sources(), include);
        }
        require(last <= diagnostic.load_point, "diagnostics come in nginx's order");
        require(!diagnostic.message.empty(), "a diagnostic says something");
        last = diagnostic.load_point;
    }
}

void check_inclusions(const Config& config) {
    const auto inclusions = config.inclusions();
    for (std::uint32_t i = 0; i < inclusions.size(); ++i) {
        const Inclusion& inclusion = inclusions[i];
        require(inclusion.file.value < config.sources().file_count(), "an inclusion is of a file");
        require(inclusion.subtree_end <= inclusions.size(), "inclusions end inside");
        require(inclusion.parent.is_none() == (i == 0), "only the main file has no parent");
        if (inclusion.parent.is_none())
            continue;
        require(inclusion.parent.value < i, "a parent comes first");
        const SyntaxTree& parent = config.tree(inclusions[inclusion.parent.value].file);
        require(inclusion.directive.value < parent.nodes().size(), "an include is a directive");
        require(!config.trail(InclusionId{i}).empty(), "an included file has a trail");
    }
}

bool is_refusal(const Diagnostic& diagnostic) {
    return diagnostic.verdict == Verdict::violated && diagnostic.level != Level::warn;
}

const Diagnostic* first_refusal(const Config& config) {
    const auto found = std::ranges::find_if(config.diagnostics(), is_refusal);
    return found == config.diagnostics().end() ? nullptr : &*found;
}

/// Going on after nginx's first error does not change which one it is.
void check_same_first(const Config& all, const Config& first_only) {
    const Diagnostic* const first = first_refusal(all);
    const Diagnostic* const only = first_refusal(first_only);
    require((first == nullptr) == (only == nullptr),
            "reading on changes nothing about being refused");
    if (first == nullptr)
        return;
    require(only == &first_only.diagnostics().back(), "reading stops at the first error");
    require(render_nginx_line(*first, all.sources()) ==
                render_nginx_line(*only, first_only.sources()),
            "reading on does not change the first error");
}

void check_printable(std::string_view text, std::string_view promise) {
    const bool clean = std::ranges::none_of(text, [](char byte) {
        const auto value = static_cast<unsigned char>(byte);
        return (value < 0x20 && byte != '\n') || value == 0x7f;
    });
    require(clean, promise);
}

bool is_json(const std::string& text) {
    return nlohmann::json::accept(text);
}

void check_reports(const Config& config, const TextStyle& style) {
    (void)render_nginx(config);
    const auto diagnostics = config.diagnostics();
    check_printable(render_text(diagnostics, config.sources(), style),
                    "text for people has no control characters");
    check_printable(render_gcc(diagnostics, config.sources(), style),
                    "gcc's form has no control characters");
    TextStyle colored = style;
    colored.color = true;
    (void)render_text(diagnostics, config.sources(), colored);
    require(is_json(render_test_json(config, style)), "the test's JSON is JSON");
}

void check_dumps(const Config& config, const TextStyle& style, std::uint8_t bits) {
    DumpOptions options{.combine = (bits & 1U) != 0,
                        .comments = (bits & 2U) != 0,
                        .spans = (bits & 4U) != 0,
                        .indent = bits >> 3U & 7U};
    require(is_json(render_dump(config, options, style)), "the dump's JSON is JSON");
    options.combine = !options.combine;
    require(is_json(render_dump(config, options, style)), "the other dump's JSON is JSON");
}

void check_outside(const Config& config) {
    for (std::uint32_t i = 0; i < config.sources().file_count(); ++i) {
        require(config.sources().bytes(FileId{i}).find(outside_text) == std::string_view::npos,
                "nothing outside of the root is read");
    }
}

void check_limits(const Config& config, const LoadLimits& limits) {
    const auto diagnostics = config.diagnostics();
    const auto warnings = static_cast<std::size_t>(std::ranges::count(
        diagnostics, Level::warn, [](const Diagnostic& diagnostic) { return diagnostic.level; }));
    require(warnings <= limits.diagnostics, "there are no more warnings than the limit");
    require(diagnostics.size() - warnings <= limits.diagnostics,
            "there are no more refusals than the limit");
    require(config.warnings_left_out() == 0 || warnings == limits.diagnostics,
            "warnings are left out behind the limit only");
    require(config.inclusions().size() <= limits.inclusions,
            "there are no more inclusions than the limit");
}

/// What was found, in one string.
std::string answer_of(const Config& config, const TextStyle& style) {
    return render_test_json(config, style) + render_nginx(config);
}

void check(std::string_view bytes) {
    FileTreeInput input = read_file_tree(bytes);
    input.options.first_error_only = false;
    const Config all = load_config(*input.files, main_file, input.options);
    input.options.first_error_only = true;
    const Config first_only = load_config(*input.files, main_file, input.options);

    const TextStyle style{.color = false,
                          .base_folder = (input.dump_bits & 64U) != 0 ? "/etc/nginx/" : ""};
    for (const Config* config : {&all, &first_only}) {
        check_diagnostics(*config);
        check_inclusions(*config);
        check_reports(*config, style);
        check_limits(*config, input.options.limits);
    }
    check_same_first(all, first_only);
    check_dumps(all, style, input.dump_bits);
    if (input.view == View::root && bytes.find(outside_text) == std::string_view::npos)
        check_outside(all);

    if (all.sources().file_count() >= files_for_two_threads) {
        input.options.threads = 3 - input.options.threads;
        const Config other = load_config(*input.files, main_file, input.options);
        require(answer_of(first_only, style) == answer_of(other, style),
                "the number of threads changes nothing");
    }
}

} // namespace
} // namespace upstream_lint::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    upstream_lint::fuzz::check(upstream_lint::fuzz::as_text(data, size));
    return 0;
}
