#include "config/http_types.hpp"

#include "config/ascii.hpp"
#include "config/hash.hpp"
#include "config/messages.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

struct Type {
    std::string_view name; ///< in lower case
    Place place;           ///< none: there by default
};

struct Types {
    std::vector<Type> types;
    bool all = false;
    bool is_built = false;
};

/// Kept by a location or what stands in its place, by the name of the directive.
struct TypesByDirective {
    std::vector<std::pair<std::string_view, Types>> lists;
};

/// The type that a list of the directive begins with, whatever is set.
std::string_view default_type(std::string_view directive) {
    if (directive == "xslt_types") {
        return "text/xml";
    }
    return directive == "vod_last_modified_types" ? std::string_view() : "text/html";
}

void add(Directive& directive, std::size_t word, Types& list) {
    const std::string_view name = directive.cycle().keep(lower(directive[word]));
    const auto known = std::ranges::find(list.types, c_string(name), &Type::name);
    if (known == list.types.end()) {
        list.types.push_back({c_string(name), directive.place(word)});
        return;
    }
    Diagnostic& diagnostic = directive.warn(word, fmt::format("duplicate MIME type \"{}\"", name));
    if (known->place.is_none()) {
        diagnostic.notes.push_back(fmt::format("`{}` always covers this type", directive.name()));
    } else {
        diagnostic.label(known->place, "first here");
    }
}

void build(Cycle& cycle, Types& list) {
    if (std::exchange(list.is_built, true) || list.all) {
        return;
    }
    std::vector<std::string_view> names;
    std::ranges::transform(list.types, std::back_inserter(names), &Type::name);
    const auto longest =
        std::ranges::max_element(list.types, {}, [](const Type& type) { return type.name.size(); });
    const HashPlan plan{.name = "test_types_hash",
                        .max_size = 2048,
                        .bucket_size = 64,
                        .shown = longest == list.types.end() ? Place{} : longest->place};
    build_hash(cycle, plan, names);
}

Types* find(Scope& scope, std::string_view directive) {
    auto* const kept = scope.find<TypesByDirective>();
    if (kept == nullptr) {
        return nullptr;
    }
    const auto found =
        std::ranges::find(kept->lists, directive, &std::pair<std::string_view, Types>::first);
    return found == kept->lists.end() ? nullptr : &found->second;
}

Types& list_of(Scope& scope, std::string_view directive) {
    Types* const known = find(scope, directive);
    return known != nullptr
               ? *known
               : scope.conf<TypesByDirective>().lists.emplace_back(directive, Types{}).second;
}

} // namespace

void take_types(Directive& directive) {
    const std::string_view name = directive.row().name;
    Types& list = list_of(directive.scope(), name);
    if (list.all) {
        return;
    }
    if (list.types.empty() && !default_type(name).empty()) {
        list.types.push_back({default_type(name), {}});
    }
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (directive[i] == "*") {
            list.all = true;
            return;
        }
        add(directive, i, list);
    }
}

/// A list is built for the first block that inherits it, and those below that one find it built.
void merge_types(Cycle& cycle, Scope& parent, Scope& child, std::string_view directive) {
    if (Types* const own = find(child, directive)) {
        build(cycle, *own);
    } else if (Types* const inherited = find(parent, directive)) {
        build(cycle, *inherited);
    }
}

} // namespace upstream_lint
