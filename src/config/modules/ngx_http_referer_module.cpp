#include "config/ascii.hpp"
#include "config/hash.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"

#include <array>
#include <fmt/format.h>

/// src/http/modules/ngx_http_referer_module.c
namespace upstream_lint {

namespace {

/// What `valid_referers` has said in one block.
struct Referers {
    HashKeys keys;
    bool none_or_blocked = false;
    bool server_names = false;
    Place place;
};

/// ngx_http_add_regex_referer
bool add_regex(Directive& directive, std::size_t word) {
    if (directive[word].size() == 1) {
        directive.emerg(word, fmt::format("empty regex in \"{}\"", directive[word]));
        return false;
    }
    return script::compile_regex(directive, word, directive[word].substr(1), Case::insensitive,
                                 false) != nullptr;
}

/// ngx_http_add_referer
bool add_referer(Directive& directive, std::size_t word, HashKeys& keys) {
    const std::string_view value = directive[word];
    const std::string_view host = value.substr(0, c_string(value).find('/'));
    const std::string_view name = directive.cycle().keep(lower(host));
    switch (keys.add(name, HashKeys::Wildcards::yes)) {
    case HashKeys::Added::invalid:
        directive.emerg(word, fmt::format("invalid hostname or wildcard \"{}\"", host));
        return false;
    case HashKeys::Added::conflicting:
        directive.emerg(word, fmt::format("conflicting parameter \"{}\"", name), Cause::duplicate);
        return false;
    case HashKeys::Added::yes:
        break;
    }
    return true;
}

/// ngx_http_valid_referers
void valid_referers(Directive& directive) {
    auto& referers = directive.scope().conf<Referers>();
    referers.place = directive.place();
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const std::string_view value = directive[i];
        const std::string_view word = c_string(value);
        bool valid = true;
        if (value.empty()) {
            directive.emerg(i, "invalid referer \"\"");
            valid = false;
        } else if (word == "none" || word == "blocked") {
            referers.none_or_blocked = true;
        } else if (word == "server_names") {
            referers.server_names = true;
        } else if (value.starts_with('~')) {
            valid = add_regex(directive, i);
        } else {
            valid = add_referer(directive, i, referers.keys);
        }
        if (!valid) {
            return;
        }
    }
}

/// ngx_http_referer_merge_conf. Which names `server_names` stands for is not looked at.
void merge_location(Cycle& cycle, Scope& /*parent*/, Scope& child, const Place& /*brace*/) {
    const auto* const referers = child.find<Referers>();
    if (referers == nullptr || !referers->none_or_blocked || referers->server_names ||
        !referers->keys.empty()) {
        return;
    }
    cycle
        .report_without_place(Level::emerg,
                              "the \"none\" or \"blocked\" referers are specified in the "
                              "\"valid_referers\" directive without any valid referer",
                              referers->place)
        .notes.emplace_back("regular expressions alone are not enough");
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"valid_referers", valid_referers},
}};

} // namespace

const ModuleSetters ngx_http_referer_module = {
    "ngx_http_referer", setters, {.merge_location = merge_location, .merges_unused = false}};

} // namespace upstream_lint
