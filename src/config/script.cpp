#include "config/script.hpp"

#include "config/ascii.hpp"
#include "config/http_core.hpp"
#include "config/suggestion.hpp"
#include "config/variable_table.hpp"
#include "variables.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint::script {

namespace {

namespace rules = grammar::variables;
namespace pegtl = tao::pegtl;

/// Where a text stands, and where nginx's reader is when it compiles it.
struct Site {
    Cycle& cycle;
    Scope& scope;
    Place place;
    Place at;

    void report(std::string message) const {
        cycle.report_later(Level::emerg, std::move(message), place, at, Cause::variable);
    }
};

struct State {
    const Site& site;
    Value value{};
};

void use(const Site& site, std::string_view name);

template <typename Rule> struct Action : pegtl::nothing<Rule> {};

template <> struct Action<rules::capture> {
    template <typename Input> static void apply(const Input& /*in*/, State& state) {
        state.value.constant = false;
    }
};

template <char Opening> struct Use {
    template <typename Input> static void apply(const Input& in, State& state) {
        std::string_view name = in.string_view().substr(1);
        if (Opening == '{') {
            name = name.substr(1, name.size() - 2);
        }
        state.value.constant = false;
        use(state.site, name);
    }
};

template <> struct Action<rules::bracketed> : Use<'{'> {};

template <> struct Action<rules::plain> : Use<'$'> {};

/// Why no part fits what begins with a `$`.
void blame(const Site& site, std::string_view rest) {
    if (!rest.starts_with("${") || rest.size() == 2 || rest[2] == '}') {
        site.report("invalid variable name");
        return;
    }
    const std::string_view name(rest.begin() + 2,
                                std::find_if_not(rest.begin() + 2, rest.end(), is_word_character));
    site.report(fmt::format("the closing bracket in \"{}\" variable is missing", name));
}

/// Kept by the main level, by pattern.
struct Regexes {
    std::unordered_map<std::string_view, Regex> sensitive;
    std::unordered_map<std::string_view, Regex> insensitive;
};

const Regex* find_or_compile(Directive& directive, std::size_t word, std::string_view pattern,
                             Case letters) {
    Cycle& cycle = directive.cycle();
    auto& regexes = cycle.main().conf<Regexes>();
    auto& known = letters == Case::sensitive ? regexes.sensitive : regexes.insensitive;
    if (const auto found = known.find(pattern); found != known.end()) {
        return &found->second;
    }
    const RegexLibrary library = cycle.before(1, 21, 5) ? RegexLibrary::pcre : RegexLibrary::pcre2;
    std::optional<Regex> regex;
    if (const auto failure = Regex::compile(pattern, letters, library, regex)) {
        directive.emerg(word, failure->message);
        return nullptr;
    }
    return &known.emplace(cycle.keep(pattern), *std::move(regex)).first->second;
}

constexpr std::size_t max_misspelt = 2; // letters that may be wrong in a name that is meant

/// The block that keeps the variables, or null where there are none.
Scope* owner(Scope& scope) {
    return scope.protocol_block();
}

VariableScope protocol_of(const Scope& main) {
    return main.context() == Context::stream ? VariableScope::stream : VariableScope::http;
}

Diagnostic& report_duplicate(Directive& directive, std::size_t word, std::string_view name) {
    return directive.emerg(word, fmt::format("the duplicate \"{}\" variable", name),
                           Cause::variable);
}

/// A variable whose name is nearly the same, or nothing.
std::string_view similar_variable(const Cycle& cycle, const Scope& main, std::string_view name) {
    std::string_view best;
    std::size_t least = std::min(max_misspelt, name.size() / 2) + 1;
    const auto look_at = [&](std::string_view candidate) {
        const std::size_t distance = edit_distance(name, candidate, least);
        if (distance < least || (distance == least && !best.empty() && candidate < best)) {
            best = candidate;
            least = distance;
        }
    };
    if (const auto* const own = main.find<Variables>()) {
        for (const auto& [candidate, definition] : own->defined) {
            look_at(candidate);
        }
    }
    for (const VariableRow& row : variable_rows()) {
        if (!row.prefix && row.protocol == protocol_of(main) && available(row, cycle.build())) {
            look_at(row.name);
        }
    }
    return best;
}

void use(const Site& site, std::string_view name) {
    Scope* const scope = owner(site.scope);
    if (scope == nullptr) {
        return;
    }
    auto& variables = scope->conf<Variables>();
    const std::string folded = lower(name);
    if (variables.used.contains(folded)) {
        return;
    }
    const std::string_view kept = site.cycle.keep(folded);
    variables.used.insert(kept);
    variables.uses.push_back({kept, site.place});
}

Value compile(const Site& site, std::string_view text) {
    State state{site};
    state.value.valid = true;
    if (!has_variables(text)) {
        return state.value;
    }
    pegtl::memory_input<pegtl::tracking_mode::lazy> in(text.data(), text.data() + text.size(), "");
    (void)pegtl::parse<rules::value, Action>(in, state);
    if (!in.empty()) {
        blame(site, {in.current(), in.end()});
        state.value.valid = false;
    }
    return state.value;
}

bool check_uses(Cycle& cycle, Scope& main) {
    bool all_known = true;
    for (const Variables::Use& use : main.conf<Variables>().uses) {
        if (is_known_variable(cycle, main, use.name)) {
            continue;
        }
        all_known = false;
        Diagnostic& diagnostic = cycle.report_without_place(
            Level::emerg, fmt::format("unknown \"{}\" variable", use.name), use.place,
            Cause::variable);
        if (const std::string_view similar = similar_variable(cycle, main, use.name);
            !similar.empty()) {
            diagnostic.notes.push_back(fmt::format("did you mean `${}`?", similar));
        }
    }
    return all_known;
}

void build_variables_hash(Cycle& cycle, Scope& main) {
    constexpr std::int64_t default_max_size = 1024;
    std::unordered_set<std::string_view> names;
    const HashSizes& sizes = main.conf<HttpCoreMain>().variables;
    HashPlan plan = {.name = "variables_hash",
                     .max_size = sizes.max_size.value_or(default_max_size),
                     .bucket_size = align_to_cache_line(sizes.bucket_size.value_or(cache_line))};
    std::unordered_set<std::string_view> unhashed;
    for (const VariableRow& row : variable_rows()) {
        if (row.protocol == protocol_of(main) && !row.prefix && available(row, cycle.build())) {
            (row.unhashed ? unhashed : names).insert(row.name);
        }
    }
    plan.removed = unhashed.size();
    std::size_t longest = 0;
    for (const auto& [name, definition] : main.conf<Variables>().defined) {
        if (!unhashed.contains(name)) {
            names.insert(name);
            plan.shown = name.size() > longest ? definition.place : plan.shown;
            longest = std::max(longest, name.size());
        }
    }
    (void)build_hash(cycle, plan, std::vector<std::string_view>(names.begin(), names.end()));
}

} // namespace

Value compile(Directive& directive, std::size_t word) {
    return compile(directive, word, directive[word]);
}

Value compile(Directive& directive, std::size_t word, std::string_view text) {
    const Place place = directive.place(word);
    return compile({directive.cycle(), directive.scope(), place, place}, text);
}

Value compile(Cycle& cycle, Scope& scope, std::string_view text, const Place& place,
              const Place& at) {
    return compile({cycle, scope, place, at}, text);
}

void use_variable(Directive& directive, std::size_t word, std::string_view name) {
    const Place place = directive.place(word);
    use({directive.cycle(), directive.scope(), place, place}, name);
}

bool define_variable(Directive& directive, std::size_t word, std::string_view name,
                     bool changeable) {
    if (name.empty()) {
        directive.emerg(word, "invalid variable name \"$\"", Cause::variable);
        return false;
    }
    Scope* const scope = owner(directive.scope());
    if (scope == nullptr) {
        return true;
    }
    auto& variables = scope->conf<Variables>();
    const std::string folded = lower(name);
    const auto known = variables.defined.find(folded);
    if (known != variables.defined.end()) {
        if (!known->second.changeable) {
            report_duplicate(directive, word, name).label(known->second.place, "first here");
        }
        return known->second.changeable;
    }
    const VariableRow* const built_in =
        find_variable(folded, protocol_of(*scope), directive.cycle().build());
    if (built_in != nullptr && !built_in->changeable) {
        report_duplicate(directive, word, name)
            .notes.push_back(fmt::format("it is one of nginx's own, of {}_module",
                                         module_name(built_in->module)));
        return false;
    }
    variables.defined.emplace(
        directive.cycle().keep(folded),
        Variables::Definition{directive.place(word), built_in != nullptr || changeable});
    return true;
}

std::string_view variable_name(Directive& directive, std::size_t word) {
    const std::string_view text = directive[word];
    if (!text.starts_with('$') || text.size() == 1) {
        directive.emerg(word, fmt::format("invalid variable name \"{}\"", text), Cause::variable);
        return {};
    }
    return text.substr(1);
}

const Regex* compile_regex(Directive& directive, std::size_t word, std::string_view pattern,
                           Case letters, bool defines) {
    const Regex* const regex = find_or_compile(directive, word, pattern, letters);
    if (regex == nullptr || !defines) {
        return regex;
    }
    for (const Regex::NamedCapture& capture : regex->named_captures()) {
        if (!define_variable(directive, word, capture.name, true)) {
            return nullptr;
        }
        use_variable(directive, word, capture.name);
    }
    return regex;
}

bool is_known_variable(const Cycle& cycle, Scope& main, std::string_view name) {
    const std::string folded = lower(name);
    const auto* const own = main.find<Variables>();
    const VariableScope protocol = protocol_of(main);
    return (own != nullptr && own->defined.contains(folded)) ||
           find_variable(folded, protocol, cycle.build()) != nullptr ||
           is_in_family(folded, protocol, cycle.build());
}

void check_variables(Cycle& cycle, Scope& main) {
    if (!cycle.is_partial() && knows_variables(protocol_of(main), cycle.build()) &&
        check_uses(cycle, main)) {
        build_variables_hash(cycle, main);
    }
}

} // namespace upstream_lint::script
