#include "config/script.hpp"

#include "config/ascii.hpp"
#include "variables.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint::script {

namespace {

namespace rules = grammar::variables;
namespace pegtl = tao::pegtl;

struct State {
    Directive& directive;
    std::size_t word;
    Value value{};
};

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
        use_variable(state.directive, state.word, name);
    }
};

template <> struct Action<rules::bracketed> : Use<'{'> {};

template <> struct Action<rules::plain> : Use<'$'> {};

/// Why no part fits what begins with a `$`.
void blame(Directive& directive, std::size_t word, std::string_view rest) {
    if (!rest.starts_with("${") || rest.size() == 2 || rest[2] == '}') {
        directive.emerg(word, "invalid variable name", Cause::variable);
        return;
    }
    const std::string_view name(rest.begin() + 2,
                                std::find_if_not(rest.begin() + 2, rest.end(), is_word_character));
    directive.emerg(word, fmt::format("the closing bracket in \"{}\" variable is missing", name),
                    Cause::variable);
}

/// The block that keeps the variables, or null where there are none.
Scope* owner(Scope& scope) {
    Scope* const http = scope.enclosing(Context::http);
    return http != nullptr ? http : scope.enclosing(Context::stream);
}

} // namespace

Value compile(Directive& directive, std::size_t word) {
    return compile(directive, word, directive[word]);
}

Value compile(Directive& directive, std::size_t word, std::string_view text) {
    State state{directive, word};
    state.value.valid = true;
    if (!has_variables(text)) {
        return state.value;
    }
    pegtl::memory_input<pegtl::tracking_mode::lazy> in(text.data(), text.data() + text.size(), "");
    (void)pegtl::parse<rules::value, Action>(in, state);
    if (!in.empty()) {
        blame(directive, word, {in.current(), in.end()});
        state.value.valid = false;
    }
    return state.value;
}

void use_variable(Directive& directive, std::size_t word, std::string_view name) {
    Scope* const scope = owner(directive.scope());
    if (scope == nullptr) {
        return;
    }
    auto& variables = scope->conf<Variables>();
    const std::string folded = lower(name);
    if (variables.used.contains(folded)) {
        return;
    }
    const std::string_view kept = directive.cycle().keep(folded);
    variables.used.insert(kept);
    variables.uses.push_back({kept, directive.place(word)});
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
    if (known == variables.defined.end()) {
        variables.defined.emplace(directive.cycle().keep(folded),
                                  Variables::Definition{directive.place(word), changeable});
        return true;
    }
    if (known->second.changeable) {
        return true;
    }
    Diagnostic& diagnostic =
        directive.emerg(word, fmt::format("the duplicate \"{}\" variable", name), Cause::variable);
    if (known->second.place.is_none()) {
        diagnostic.notes.emplace_back("it is one of nginx's own");
    } else {
        diagnostic.labels.push_back({known->second.place.span, "first here"});
    }
    return false;
}

std::string_view variable_name(Directive& directive, std::size_t word) {
    const std::string_view text = directive[word];
    if (!text.starts_with('$')) {
        directive.emerg(word, fmt::format("invalid variable name \"{}\"", text), Cause::variable);
        return {};
    }
    return text.substr(1);
}

std::optional<Regex> compile_regex(Directive& directive, std::size_t word, std::string_view pattern,
                                   Case letters, bool defines) {
    const RegexLibrary library =
        directive.cycle().before(1, 21, 5) ? RegexLibrary::pcre : RegexLibrary::pcre2;
    std::optional<Regex> regex;
    if (const auto failure = Regex::compile(pattern, letters, library, regex)) {
        directive.emerg(word, failure->message);
        return std::nullopt;
    }
    for (const Regex::NamedCapture& capture : regex->named_captures()) {
        if (defines && !define_variable(directive, word, capture.name, true)) {
            return std::nullopt;
        }
    }
    return regex;
}

} // namespace upstream_lint::script
