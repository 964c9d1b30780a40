#include "resolve/request_variants.hpp"

#include "config/ascii.hpp"
#include "resolve/regex_language.hpp"
#include "resolve/rewrite_program.hpp"
#include "resolve/uri_escape.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace upstream_lint {

namespace {

constexpr std::size_t max_variants = 16;

/// A text that a pattern matches, of letters and digits where it can be.
std::optional<std::string> text_for(const HttpRegex& regex, std::string_view usual) {
    const LanguageBounds pattern = language_of_regex(regex.pattern, Case::sensitive);
    const auto some = intersect(pattern.upper, language_of_regex(usual, Case::sensitive).upper);
    auto text = some ? some->example() : std::nullopt;
    return text ? text : pattern.upper.example();
}

RequestVariant with_method(std::string method) {
    RequestVariant variant;
    variant.method = std::move(method);
    return variant;
}

RequestVariant with_args(std::string args) {
    RequestVariant variant;
    variant.args = std::move(args);
    return variant;
}

class Variants {
public:
    Variants(const Model& model, const PassSite& pass, LocationUris& uris) :
        model_(model), pass_(pass), uris_(uris) {
        add({});
    }

    void add_methods() {
        for (LocationId at = pass_.level; at != pass_.location; at = model_.location(at).parent) {
            if (model_.location(at).kind == Location::Kind::limit_except) {
                add_methods(model_.words(model_.location(at).block), Methods::limited);
            }
        }
        for (const Setting& setting : model_.settings(pass_.level)) {
            if (setting.name == "limit_except") {
                add_methods(model_.words(setting.directive), Methods::let_through);
            }
        }
    }

    void add_conditions(LocationId level) {
        VariableNames names;
        HttpRegexes regexes(names);
        for (const RewriteInstruction& each : compile_rewrites(model_, level, names, regexes)) {
            // what a negated one asks for leads past its block
            if (each.kind == RewriteInstruction::Kind::if_block) {
                add_condition(each.condition, names.name(each.condition.variable));
            } else if (each.kind == RewriteInstruction::Kind::rewrite) {
                add_uri(*each.regex);
            }
        }
    }

    [[nodiscard]] std::vector<RequestVariant> take() && { return std::move(variants_); }

private:
    void add(RequestVariant variant) {
        if (variants_.size() < max_variants &&
            std::ranges::find(variants_, variant) == variants_.end()) {
            variants_.push_back(std::move(variant));
        }
    }

    enum class Methods : std::uint8_t { limited, let_through };

    /// `words` are those of `limit_except`.
    void add_methods(const std::vector<std::string>& words, Methods wanted) {
        static constexpr std::array<std::string_view, 5> methods = {"GET", "POST", "PUT", "DELETE",
                                                                    "OPTIONS"};
        for (const std::string_view method : methods) {
            const bool is_let_through =
                std::any_of(words.begin() + 1, words.end(), [&](const std::string& word) {
                    return equal_ignoring_case(word, method);
                });
            if (is_let_through == (wanted == Methods::let_through)) {
                add(with_method(std::string(method)));
            }
        }
    }

    void add_uri(const HttpRegex& regex) {
        if (pass_.location.is_none()) {
            return;
        }
        RequestVariant variant;
        variant.uri = uris_.matching(pass_.location, regex.pattern, Case::sensitive);
        if (variant.uri) {
            add(std::move(variant));
        }
    }

    void add_condition(const Condition& condition, std::string_view variable) {
        using Kind = Condition::Kind;
        if (condition.kind != Kind::is_set && condition.kind != Kind::equal &&
            condition.kind != Kind::matches) {
            return;
        }
        if (condition.kind == Kind::matches &&
            (variable == "uri" || variable == "request_uri" || variable == "document_uri")) {
            add_uri(*condition.regex);
            return;
        }
        if (variable == "request_method") {
            if (auto method = text_for(condition, "\\A[A-Z]+\\z")) {
                add(with_method(*std::move(method)));
            }
        } else if (variable == "args" || variable == "query_string" || variable == "is_args" ||
                   variable == "request_uri") {
            add(with_args("a=1"));
            if (auto args = text_for(condition, "\\A[a-z0-9=]+\\z")) {
                add(with_args(escape_uri(*args, Escape::args)));
            }
        } else if (variable.starts_with("arg_")) {
            if (auto value = text_for(condition, "\\A[a-z0-9]+\\z")) {
                add(with_args(std::string(variable.substr(4)) + "=" +
                              escape_uri(*value, Escape::args)));
            }
        } else if (variable == "host" || variable == "http_host") {
            if (auto host = text_for(condition, "\\A[a-z0-9.-]+\\z")) {
                RequestVariant variant;
                variant.host = lower(*host);
                add(std::move(variant));
            }
        }
    }

    [[nodiscard]] static std::optional<std::string> text_for(const Condition& condition,
                                                             std::string_view usual) {
        switch (condition.kind) {
        case Condition::Kind::matches:
            return upstream_lint::text_for(*condition.regex, usual);
        case Condition::Kind::equal:
            return condition.value.has_variables
                       ? std::nullopt
                       : std::optional(std::string(condition.value.constant()));
        default:
            return "1";
        }
    }

    const Model& model_;
    const PassSite& pass_;
    LocationUris& uris_;
    std::vector<RequestVariant> variants_;
};

} // namespace

std::vector<RequestVariant> request_variants(const Model& model, const PassSite& pass,
                                             LocationUris& uris) {

    Variants variants(model, pass, uris);
    variants.add_methods();
    if (!pass.location.is_none()) {
        variants.add_conditions(pass.location);
    }
    variants.add_conditions(model.server(pass.server).level);
    return std::move(variants).take();
}

} // namespace upstream_lint
