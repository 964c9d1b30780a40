#include "config/inherit.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/slots.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <set>

/// aperezdc/ngx-fancyindex, ngx_http_fancyindex_module.c. Files are not opened.
namespace upstream_lint {

namespace {

/// What a location has of its own, or takes from the block around.
struct FancyIndex {
    std::optional<bool> shows_path;
    DirectiveRef show_path;
    std::optional<bool> has_header;
};

/// The statements that hide the path without a header and have been reported. Kept by `http`.
struct HidesPath {
    std::set<DirectiveRef> told;
};

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
    return std::ranges::equal(text, lower, {}, [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
}

/// ngx_fancyindex_conf_set_headerfooter
void header_or_footer(Directive& directive) {
    if (directive.is_duplicate() || directive.size() == 1) {
        return;
    }
    if (!equals_ignoring_case(directive[2], "subrequest") &&
        !equals_ignoring_case(directive[2], "local")) {
        directive.emerg(2, fmt::format("unknown header/footer kind \"{}\"", directive[2]))
            .notes.emplace_back("it is one of `subrequest` and `local`");
    }
}

void header(Directive& directive) {
    directive.scope().conf<FancyIndex>().has_header = !directive[1].empty();
    header_or_footer(directive);
}

void show_path(Directive& directive) {
    if (const auto shows = slot::flag(directive)) {
        auto& conf = directive.scope().conf<FancyIndex>();
        conf.shows_path = *shows;
        conf.show_path = directive.statement();
    }
}

/// ngx_http_fancyindex_merge_loc_conf
void merge(Cycle& cycle, Scope& parent, Scope& child, const Place& brace) {
    FancyIndex conf = child.inherited<FancyIndex>();
    const FancyIndex& around = parent.inherited<FancyIndex>();
    if (!conf.shows_path) {
        conf.shows_path = around.shows_path;
        conf.show_path = around.show_path;
    }
    inherit(conf.has_header, around.has_header);
    if (child.find<FancyIndex>() != nullptr) {
        child.conf<FancyIndex>() = conf;
    }
    const bool hides_all = !conf.shows_path.value_or(true) && !conf.has_header.value_or(false);
    if (hides_all && !cycle.is_partial() &&
        parent.protocol_block()->conf<HidesPath>().told.insert(conf.show_path).second) {
        cycle
            .report_later(Level::emerg,
                          "FancyIndex : cannot set show_path to off without providing a custom "
                          "header !",
                          cycle.place(conf.show_path), brace, Cause::missing)
            .notes.emplace_back("`fancyindex_header` gives one");
    }
}

/// ngx_http_fancyindex_ignore
void fancyindex_ignore(Directive& directive) {
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (!script::compile_regex(directive, i, directive[i], Case::insensitive, false)) {
            return;
        }
    }
}

constexpr std::array<DirectiveSetter, 4> setters = {{
    {"fancyindex_footer", header_or_footer},
    {"fancyindex_header", header},
    {"fancyindex_ignore", fancyindex_ignore},
    {"fancyindex_show_path", show_path},
}};

} // namespace

const ModuleSetters ngx_http_fancyindex_module = {
    "ngx_http_fancyindex", setters, {.merge_location = merge, .merges_unused = false}};

} // namespace upstream_lint
