#include "resolve/server_entries.hpp"

#include "config/ascii.hpp"
#include "model/letter_case.hpp"
#include "regex/pattern_filter.hpp"
#include "resolve/language_budget.hpp"
#include "resolve/regex_language.hpp"
#include "resolve/regex_sample.hpp"
#include "resolve/request_target.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace upstream_lint {

namespace {

using Kind = ServerEntry::Kind;

/// What proofs that patterns are never tried with success may cost in all.
constexpr std::size_t max_work = Automaton::max_transitions * 16;

/// Labels that are tried, and then numbered ones, so that one of them is free.
constexpr std::array<std::string_view, 3> labels = {"www", "any", "other"};
constexpr std::array<std::string_view, 3> domains = {"example", "test", "invalid"};

Language hosts_like(std::string_view pattern) {
    return language_of_regex(pattern, Case::sensitive).upper;
}

/// What a name of a host can be in the end (ngx_http_validate_host): some of these are refused by
/// one version or another, and no other is taken by any.
const Language& all_hosts() {
    static const Language hosts =
        hosts_like("\\A(?:\\[[^/A-Z]*|[^/A-Z:\\[][^/A-Z:]*)\\z"); // NUL is in no text at all
    return hosts;
}

/// Those that people give their machines.
const Language& usual_hosts() {
    static const Language hosts =
        hosts_like("\\A[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\\.[a-z0-9]+(?:-[a-z0-9]+)*)*\\z");
    return hosts;
}

std::string quoted(std::string_view text) {
    std::string pattern;
    for (const char c : text) {
        pattern += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    return pattern;
}

LanguageBounds language_of(const ServerName& name) {
    if (name.kind == ServerName::Kind::regex) {
        return language_of_regex(name.text, case_of(name));
    }
    const std::string_view text = name.text;
    const bool has_subdomains = text.size() > 1 && text.starts_with('.');
    if (has_subdomains || text.starts_with("*.")) {
        const std::string below = quoted(text.substr(has_subdomains ? 1 : 2)) + "\\z";
        return language_of_regex("\\A(?s:.)*\\." + below + (has_subdomains ? "|\\A" + below : ""),
                                 Case::sensitive);
    }
    if (text.ends_with(".*")) {
        return language_of_regex("\\A" + quoted(text.substr(0, text.size() - 1)), Case::sensitive);
    }
    return language_of_regex("\\A" + quoted(text) + "\\z", Case::sensitive);
}

/// What each name begins with that it stands for.
std::string beginning_of(const ServerName& name) {
    if (name.kind == ServerName::Kind::regex) {
        return literal_beginning(name.text, case_of(name));
    }
    const std::string_view text = name.text;
    if (text.starts_with('.') || text.starts_with("*.")) {
        return {};
    }
    return std::string(text.ends_with(".*") ? text.substr(0, text.size() - 1) : text);
}

/// Finds out by which names the servers of one listener are reached.
class ListenerEntries {
public:
    ListenerEntries(const Model& model, ServerChoice& choice, ListenerId listener,
                    LanguageBudget& budget, std::vector<ServerEntry>& entries) :
        model_(model),
        choice_(choice), id_(listener), listener_(model.listener(listener)), budget_(budget),
        entries_(entries) {}

    void add_all() {
        if (listener_.protocol == Protocol::mail) {
            reach(add(listener_.default_server, Kind::by_default, nullptr), {});
            return;
        }
        for (const ServerId server : listener_.servers) {
            const auto names = model_.server_names(server);
            for (const ServerName& name : names) {
                add_name(server, name);
            }
            if (names.empty() && server != listener_.default_server) {
                add_without_host(server, nullptr);
            }
            if (server == listener_.default_server) {
                add_default(server);
            }
        }
    }

private:
    ServerEntry& add(ServerId server, Kind kind, const ServerName* name) {
        ServerEntry& entry = entries_.emplace_back();
        entry.listener = id_;
        entry.server = server;
        entry.kind = kind;
        entry.name = name;
        return entry;
    }

    void add_name(ServerId server, const ServerName& name) {
        switch (name.kind) {
        case ServerName::Kind::hostname:
            add(server, Kind::hostname, &name).why = "the name of the machine is not known";
            return;
        case ServerName::Kind::regex:
            add_pattern(server, name);
            return;
        case ServerName::Kind::name:
            break;
        }
        if (name.text.empty()) {
            add_without_host(server, &name);
        } else {
            add_literal(server, name);
        }
    }

    [[nodiscard]] ServerMatch match(std::string_view host) {
        return choice_.find_server(id_, host);
    }

    /// Whether a name is answered by the server, whatever the machine is called.
    [[nodiscard]] bool leads_to(std::string_view host, ServerId server) {
        const ServerMatch found = match(host);
        return found.kind != ServerMatch::Kind::failed && found.server == server &&
               (found.if_hostname.is_none() || found.if_hostname == server);
    }

    static void reach(ServerEntry& entry, std::string host) {
        entry.reach = Reach::reached;
        entry.host = std::move(host);
    }

    void shadow(ServerEntry& entry, ServerId by) {
        if (by != entry.server) {
            entry.shadowed_by.push_back(by);
        }
    }

    void add_without_host(ServerId server, const ServerName* name) {
        ServerEntry& entry = add(server, Kind::name, name);
        if (leads_to({}, server)) {
            reach(entry, {});
            return;
        }
        entry.reach = Reach::never;
        entry.why = "a request without a host goes to another server";
        shadow(entry, match({}).server);
    }

    void add_literal(ServerId server, const ServerName& name) {
        ServerEntry& entry = add(server, Kind::name, &name);
        std::string candidate = first_host(name.text);
        if (valid_host(candidate) != candidate) {
            entry.reach = Reach::never;
            entry.why = "no request can ask for that name";
            return;
        }
        if (leads_to(candidate, server)) {
            reach(entry, std::move(candidate));
            return;
        }
        if (is_wildcard(name.text)) {
            candidate = free_host(name.text);
            if (leads_to(candidate, server)) {
                reach(entry, std::move(candidate));
                return;
            }
        }
        const ServerMatch found = match(candidate);
        if (!found.if_hostname.is_none()) {
            entry.why = "the name of the machine is not known";
            return;
        }
        entry.reach = Reach::never;
        entry.why = "another server has the name";
        shadow(entry, found.server);
    }

    static bool is_wildcard(std::string_view name) {
        return name.starts_with('.') || name.starts_with("*.") || name.ends_with(".*");
    }

    static std::string first_host(std::string_view name) {
        return name.size() > 1 && name.starts_with('.') ? std::string(name.substr(1))
                                                        : next_host(name, 0);
    }

    /// A name that a wildcard stands for; another one for every number.
    static std::string next_host(std::string_view name, std::size_t number) {
        if (name.starts_with("*.") || (name.size() > 1 && name.starts_with('.'))) {
            const std::string_view below = name.substr(name.front() == '*' ? 1 : 0);
            return (number < labels.size() ? std::string(labels[number])
                                           : fmt::format("any{}", number)) +
                   std::string(below);
        }
        if (name.ends_with(".*")) {
            return std::string(name.substr(0, name.size() - 1)) +
                   (number < domains.size() ? std::string(domains[number])
                                            : fmt::format("test{}", number));
        }
        return std::string(name);
    }

    /// The first of these names that is no exact one and that no other wildcard stands for, unless
    /// that is written in the same way.
    [[nodiscard]] std::string free_host(std::string_view name) {
        for (std::size_t number = 0;; ++number) {
            std::string host = next_host(name, number);
            if (!is_taken(host) &&
                (!name.ends_with(".*") || !is_below_wildcard(host.substr(name.size() - 1)))) {
                return host;
            }
        }
    }

    [[nodiscard]] bool is_taken(const std::string& host) {
        return names().contains(host) || names().contains("." + host);
    }

    [[nodiscard]] bool is_below_wildcard(const std::string& domain) {
        return names().contains("*." + domain) || names().contains("." + domain);
    }

    /// As they are written.
    [[nodiscard]] const std::unordered_set<std::string>& names() {
        if (names_.empty()) {
            for (const ServerId server : listener_.servers) {
                for (const ServerName& each : model_.server_names(server)) {
                    names_.emplace(each.text);
                }
            }
        }
        return names_;
    }

    void add_default(ServerId server) {
        ServerEntry& entry = add(server, Kind::by_default, nullptr);
        for (const std::string_view domain : domains) {
            std::string host = "other." + std::string(domain);
            if (leads_to(host, server)) {
                reach(entry, std::move(host));
                return;
            }
        }
        if (leads_to({}, server)) {
            reach(entry, {});
            return;
        }
        entry.why = "other servers have the names that were tried";
    }

    void add_pattern(ServerId server, const ServerName& name) {
        ServerEntry& entry = add(server, Kind::regex, &name);
        if (try_host(entry, lower(sample_of_regex(name.text)))) {
            return;
        }
        if (budget_.is_spent()) {
            entry.why = "too many states";
            return;
        }
        const LanguageBounds pattern = language_of(name);
        budget_.spend_on_pattern(pattern);
        for (const Language* hosts : {&usual_hosts(), &all_hosts()}) {
            const auto candidates = intersect(pattern.upper, *hosts);
            if (candidates && try_example(entry, *candidates)) {
                return;
            }
        }
        prove(entry, pattern);
    }

    [[nodiscard]] bool try_example(ServerEntry& entry, const Language& language) {
        auto host = language.example();
        return host && try_host(entry, *std::move(host));
    }

    [[nodiscard]] bool try_host(ServerEntry& entry, std::string host) {
        if (valid_host(host) != host || !leads_to(host, entry.server)) {
            return false;
        }
        reach(entry, std::move(host));
        return true;
    }

    /// Takes from a pattern what nginx gives to other servers.
    void prove(ServerEntry& entry, const LanguageBounds& pattern) {
        LanguageBounds left = intersect(pattern, exactly(all_hosts()));
        const LanguageBounds whole = left;
        std::vector<ServerId> takers;
        for (const Taker& taker : takers_before(*entry.name)) {
            if (budget_.is_spent()) {
                entry.why = "too many states";
                return;
            }
            const LanguageBounds taken = language_of(*taker.name);
            budget_.spend_on_pattern(taken);
            budget_.spend(left.upper, taken.upper);
            const auto common = intersect(whole.upper, taken.upper);
            if (common && common->is_empty()) {
                continue;
            }
            left = subtract(left, taken);
            if (std::ranges::find(takers, taker.server) == takers.end()) {
                takers.push_back(taker.server);
            }
        }
        if (left.upper.is_empty()) {
            entry.reach = Reach::never;
            entry.why = takers.empty() ? "no request can ask for such a name"
                                       : "names and patterns of other servers go before it";
            for (const ServerId taker : takers) {
                shadow(entry, taker);
            }
            return;
        }
        for (const Language* among : {&left.lower, &left.upper}) {
            const auto usual = intersect(*among, usual_hosts());
            if ((usual && try_example(entry, *usual)) || try_example(entry, *among)) {
                return;
            }
        }
        entry.why = left.is_exact() ? "nginx refuses the names that were tried" : left.why_inexact;
    }

    /// Whether texts may begin in both ways.
    static bool may_meet(std::string_view left, std::string_view right) {
        const std::size_t length = std::min(left.size(), right.size());
        return left.substr(0, length) == right.substr(0, length);
    }

    struct Taker {
        const ServerName* name;
        ServerId server;
    };

    /// Names without patterns go before all patterns, and those before it in their order. Of equal
    /// ones the first; of one that is equal to the pattern, that alone.
    [[nodiscard]] std::vector<Taker> takers_before(const ServerName& pattern) const {
        std::vector<Taker> takers;
        std::set<std::pair<ServerName::Kind, std::string_view>> seen;
        const std::string beginning = beginning_of(pattern);
        bool is_before = true;
        for (const ServerId server : listener_.servers) {
            for (const ServerName& each : model_.server_names(server)) {
                is_before = is_before && &each != &pattern;
                const bool is_literal = each.kind == ServerName::Kind::name && !each.text.empty();
                const bool is_pattern = each.kind == ServerName::Kind::regex && is_before;
                if (is_pattern && each.text == pattern.text) {
                    return {{&each, server}};
                }
                if ((is_literal || is_pattern) && may_meet(beginning_of(each), beginning) &&
                    seen.emplace(each.kind, each.text).second) {
                    takers.push_back({&each, server});
                }
            }
        }
        return takers;
    }

    const Model& model_;
    ServerChoice& choice_;
    ListenerId id_;
    const Listener& listener_;
    LanguageBudget& budget_;
    std::vector<ServerEntry>& entries_;
    std::unordered_set<std::string> names_; // made when they are first asked for
};

} // namespace

std::vector<ServerEntry> list_server_entries(const Model& model, ServerChoice& choice) {
    std::vector<ServerEntry> entries;
    LanguageBudget budget(max_work);
    for (std::uint32_t i = 0; i < model.listeners().size(); ++i) {
        ListenerEntries(model, choice, {i}, budget, entries).add_all();
    }
    std::ranges::stable_sort(entries, {}, [](const ServerEntry& entry) {
        return std::tuple(entry.server, entry.listener);
    });
    return entries;
}

} // namespace upstream_lint
