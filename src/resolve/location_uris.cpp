#include "resolve/location_uris.hpp"

#include "config/ascii.hpp"
#include "model/letter_case.hpp"
#include "resolve/regex_language.hpp"
#include "resolve/regex_sample.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace upstream_lint {

namespace {

using Kind = Location::Kind;

constexpr std::size_t max_work = Automaton::max_transitions * 64;

/// Paths that people write.
const Language& usual_uris() {
    static const Language uris = language_of_regex("\\A/(?:[a-z][a-z0-9_-]*(?:\\.[a-z0-9]+)*/)*"
                                                   "(?:[a-z][a-z0-9_-]*(?:\\.[a-z0-9]+)*)?\\z",
                                                   Case::sensitive)
                                     .upper;
    return uris;
}

/// Whether slashes stay as they are somewhere: then doubled ones can come in everywhere, for it is
/// the default server of the listener that decides.
bool keeps_slashes(const Model& model) {
    for (std::uint32_t i = 0; i < model.locations().size(); ++i) {
        const Kind kind = model.location({i}).kind;
        if (kind != Kind::http && kind != Kind::server) {
            continue;
        }
        for (const Setting& setting : model.settings({i})) {
            if (setting.name == "merge_slashes" &&
                !equal_ignoring_case(model.words(setting.directive)[1], "on")) {
                return true;
            }
        }
    }
    return false;
}

} // namespace

LocationUris::LocationUris(const Model& model) :
    model_(model), budget_(max_work), regexes_(model),
    uris_(normalized_uris(!keeps_slashes(model))) {}

bool LocationUris::ends_at(std::string_view uri, LocationId id) {
    const LocationMatch match = find_location(model_, regexes_, model_.location(id).server, uri);
    return match.kind == LocationMatch::Kind::found && match.location == id;
}

std::vector<std::string> LocationUris::easy(LocationId id) {
    const Location& location = model_.location(id);
    std::vector<std::string> candidates;
    switch (location.kind) {
    case Kind::exact:
        candidates = {std::string(location.name)};
        break;
    case Kind::prefix:
        candidates = {std::string(location.name), std::string(location.name) + "x",
                      std::string(location.name) + "x/"};
        break;
    case Kind::regex:
        return easy_of_regex(id);
    default:
        break;
    }
    std::erase_if(candidates, [&](const std::string& uri) { return !brings(uri, id); });
    return candidates;
}

std::optional<std::string> LocationUris::easiest(LocationId id) {
    const Location& location = model_.location(id);
    if (location.kind == Kind::exact || location.kind == Kind::prefix) {
        return location.name.starts_with('/') ? std::optional(std::string(location.name))
                                              : std::nullopt;
    }
    std::vector<std::string> uris = easy(id);
    return uris.empty() ? std::nullopt : std::optional(std::move(uris.front()));
}

/// What a person thinks of, else an example of the language.
std::vector<std::string> LocationUris::easy_of_regex(LocationId id) {
    const Location& location = model_.location(id);
    const Location& around = model_.location(location.parent);
    const std::string_view before = around.kind == Kind::prefix ? around.name : std::string_view();
    const std::string sample = sample_of_regex(location.name);
    const std::string folder =
        (before.empty() ? "/" : std::string(before)) + (sample.starts_with('.') ? "x" : "");
    for (const std::string& uri : {sample, folder + sample, fmt::format("{}x{}", folder, sample)}) {
        if (brings(uri, id)) {
            return {uri};
        }
    }
    std::vector<std::string> candidates = examples(location.name, case_of(location), before);
    std::erase_if(candidates, [&](const std::string& uri) { return !brings(uri, id); });
    return candidates;
}

/// Whether a request can bring the URI, which ends at the location then.
bool LocationUris::brings(std::string_view uri, LocationId id) {
    return uri.starts_with('/') && uris_.contains(uri) && ends_at(uri, id);
}

const std::vector<std::string>& LocationUris::examples(std::string_view pattern, Case letters,
                                                       std::string_view prefix) {
    const auto [found, is_new] =
        examples_.try_emplace({std::string(pattern), letters, std::string(prefix)});
    if (!is_new) {
        return found->second;
    }
    if (budget_.is_spent()) {
        return found->second;
    }
    LanguageBounds wanted = language_of_regex(pattern, letters);
    budget_.spend_on_pattern(wanted);
    budget_.spend(wanted.upper, usual_uris());
    if (!prefix.empty()) {
        const auto below = Language::of_prefixes(std::vector{prefix});
        wanted = intersect(wanted, exactly(below.value_or(Language::everything())));
    }
    for (const Language& among : {usual_uris(), uris_}) {
        const auto some = intersect(wanted.upper, among);
        if (auto example = some ? some->example() : std::nullopt) {
            found->second.push_back(*std::move(example));
        }
    }
    return found->second;
}

std::optional<std::string> LocationUris::matching(LocationId id, std::string_view pattern,
                                                  Case letters) {
    const Location& location = model_.location(id);
    if (location.kind == Kind::prefix || location.kind == Kind::exact) {
        for (const std::string& uri : examples(pattern, letters, location.name)) {
            if (brings(uri, id)) {
                return uri;
            }
        }
        return std::nullopt;
    }
    if (location.kind != Kind::regex || budget_.is_spent()) {
        return std::nullopt;
    }
    const LanguageBounds own = language_of_regex(location.name, case_of(location));
    const LanguageBounds other = language_of_regex(pattern, letters);
    budget_.spend_on_pattern(own);
    budget_.spend_on_pattern(other);
    budget_.spend(own.upper, other.upper);
    const auto both = intersect(own.upper, other.upper);
    for (const Language& among : {usual_uris(), uris_}) {
        const auto some = both ? intersect(*both, among) : std::nullopt;
        auto example = some ? some->example() : std::nullopt;
        if (example && brings(*example, id)) {
            return example;
        }
    }
    return std::nullopt;
}

/// Empty where too much has been spent: then nothing is known.
LocationUris::Languages LocationUris::find_languages(ServerId server, const Language& uris) {
    if (budget_.is_spent()) {
        return {};
    }
    Languages all = location_languages(model_, server, exactly(uris));
    for (const auto& [id, language] : all) {
        budget_.spend(language.found.upper.automaton().next.size());
        if (language.found.why_inexact.ends_with("too many states")) {
            budget_.spend(Automaton::max_transitions);
        }
    }
    return all;
}

const LocationUris::Languages& LocationUris::languages(ServerId server) {
    if (server_ != server || !languages_) {
        server_ = server;
        any_languages_.reset();
        languages_ = find_languages(server, uris_);
    }
    return *languages_;
}

const LanguageBounds& LocationUris::found(const Languages& all, LocationId id) const {
    static const LanguageBounds nothing;
    static const LanguageBounds unknown = unknown_language("too many states");
    const auto found = all.find(id);
    return all.empty() ? unknown : found == all.end() ? nothing : found->second.found;
}

const LanguageBounds& LocationUris::of(LocationId id) {
    return found(languages(model_.location(id).server), id);
}

const LanguageBounds& LocationUris::of_any(LocationId id) {
    const ServerId server = model_.location(id).server;
    (void)languages(server);
    if (!any_languages_) {
        any_languages_ = find_languages(server, Language::everything());
    }
    return found(*any_languages_, id);
}

/// What a location takes by its own words.
LanguageBounds LocationUris::claimed(LocationId id) {
    const Location& location = model_.location(id);
    std::optional<Language> language;
    if (location.kind == Kind::regex) {
        return language_of_regex(location.name, case_of(location));
    }
    if (location.kind == Kind::exact) {
        language = Language::of_texts(std::vector{location.name});
    } else if (location.kind == Kind::prefix) {
        language = Language::of_prefixes(std::vector{location.name});
    }
    return exactly(language.value_or(Language::everything()));
}

std::vector<LocationId> LocationUris::takers(LocationId id, std::size_t most) {
    LanguageBounds wanted = intersect(claimed(id), exactly(uris_));
    for (LocationId at = model_.location(id).parent;
         model_.location(at).kind == Kind::prefix || model_.location(at).kind == Kind::regex;
         at = model_.location(at).parent) {
        wanted = intersect(wanted, claimed(at));
    }
    const Languages& all = languages(model_.location(id).server);
    std::vector<LocationId> result;
    while (result.size() < most && !budget_.is_spent()) {
        const auto uri = wanted.upper.example();
        const auto match = uri ? find_location(model_, regexes_, model_.location(id).server, *uri)
                               : LocationMatch{};
        const auto taken = uri && match.location != id ? all.find(match.location) : all.end();
        if (taken == all.end() || std::ranges::find(result, taken->first) != result.end()) {
            break;
        }
        result.push_back(taken->first);
        for (const LanguageBounds* const part : {&taken->second.found, &taken->second.redirected}) {
            budget_.spend(wanted.upper, part->upper);
            wanted = subtract(wanted, exactly(part->upper));
        }
    }
    std::ranges::sort(result);
    return result;
}

} // namespace upstream_lint
