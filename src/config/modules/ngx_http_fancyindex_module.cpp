#include "config/ascii.hpp"
#include "config/inherit.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/slots.hpp"

#include <array>
#include <fmt/format.h>
#include <optional>
#include <set>

/// aperezdc/ngx-fancyindex, ngx_http_fancyindex_module.c. Files are not opened.
namespace upstream_lint {

namespace {

struct ShowPath {
    bool shows = true;
    DirectiveRef directive;
};

/// What a location has of its own, or takes from the block around.
struct FancyIndex {
    std::optional<ShowPath> show_path;
    std::optional<bool> has_header;
};

/// The statements that hide the path without a header and have been reported. Kept by `http`.
struct HidesPath {
    std::set<DirectiveRef> told;
};

/// ngx_fancyindex_conf_set_headerfooter
void header_or_footer(Directive& directive) {
    if (directive.is_duplicate() || directive.size() == 1) {
        return;
    }
    if (!equal_ignoring_case(directive[2], "subrequest") &&
        !equal_ignoring_case(directive[2], "local")) {
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
        directive.scope().conf<FancyIndex>().show_path = {*shows, directive.statement()};
    }
}

/// ngx_http_fancyindex_merge_loc_conf
void merge(Cycle& cycle, Scope& parent, Scope& child, const Place& brace) {
    const FancyIndex& around = parent.inherited<FancyIndex>();
    auto* const own = child.find<FancyIndex>();
    if (own != nullptr) {
        inherit(own->show_path, around.show_path);
        inherit(own->has_header, around.has_header);
    }
    const auto& [show_path, has_header] = own != nullptr ? *own : around;
    const bool hides_all = show_path && !show_path->shows && !has_header.value_or(false);
    if (hides_all && !cycle.is_partial() &&
        parent.protocol_block()->conf<HidesPath>().told.insert(show_path->directive).second) {
        cycle
            .report_later(Level::emerg,
                          "FancyIndex : cannot set show_path to off without providing a custom "
                          "header !",
                          cycle.place(show_path->directive), brace, Cause::missing)
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
