#include "upstream_lint/graph.hpp"

#include "config/ascii.hpp"
#include "config/messages.hpp"
#include "config/url.hpp"
#include "resolve/contacts.hpp"
#include "resolve/inherited_setting.hpp"
#include "resolve/possible_values.hpp"
#include "resolve/target.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>

namespace upstream_lint {

namespace {

using Kind = GraphEdge::Kind;

constexpr std::size_t most_ways = 1'000'000;

struct PassName {
    std::string_view name;
    Kind kind;
    PassKind pass;
};

constexpr std::array<PassName, 10> http_passes = {{
    {"proxy_pass", Kind::proxy, PassKind::proxy},
    {"fastcgi_pass", Kind::fastcgi, PassKind::fastcgi},
    {"uwsgi_pass", Kind::uwsgi, PassKind::uwsgi},
    {"scgi_pass", Kind::scgi, PassKind::scgi},
    {"grpc_pass", Kind::grpc, PassKind::grpc},
    {"memcached_pass", Kind::memcached, PassKind::memcached},
    {"tunnel_pass", Kind::tunnel, PassKind::tunnel},
    {"memc_pass", Kind::other_pass, PassKind::memcached},
    {"postgres_pass", Kind::other_pass, PassKind::memcached},
    {"redis2_pass", Kind::other_pass, PassKind::memcached},
}};

constexpr std::array<PassName, 2> stream_passes = {{
    {"proxy_pass", Kind::stream, PassKind::stream_proxy},
    {"pass", Kind::stream_pass, PassKind::stream_proxy},
}};

/// What takes a level's requests away from a pass directive before it.
bool answers_by_itself(std::string_view directive, Protocol protocol) {
    constexpr std::array<std::string_view, 4> names = {"empty_gif", "stub_status", "js_content",
                                                       "perl"};
    return directive.starts_with("content_by_lua") ||
           (protocol == Protocol::stream ? directive == "return"
                                         : std::ranges::find(names, directive) != names.end());
}

const PassName* find_pass(std::string_view directive, Protocol protocol) {
    if (!directive.ends_with("pass") || protocol == Protocol::mail) {
        return nullptr;
    }
    const std::span<const PassName> passes =
        protocol == Protocol::http ? std::span<const PassName>(http_passes) : stream_passes;
    const auto found = std::ranges::find(passes, directive, &PassName::name);
    return found != passes.end() ? &*found : nullptr;
}

/// What of a value says where it leads, if what follows cannot change that.
std::optional<std::string_view> deciding_part(std::string_view text, PassKind kind) {
    const std::size_t scheme_end = text.find("://");
    if (kind != PassKind::proxy || scheme_end == std::string_view::npos) {
        return std::nullopt;
    }
    constexpr std::string_view unix_prefix = "unix:";
    const std::size_t host = scheme_end + 3;
    const bool is_unix = starts_ignoring_case(text.substr(host), unix_prefix);
    const std::size_t end =
        is_unix ? text.find(':', host + unix_prefix.size()) : text.find_first_of("/?", host);
    return end == std::string_view::npos ? std::nullopt : std::optional(text.substr(0, end + 1));
}

/// The first of them, and how many are left.
std::string listed(const std::set<std::string_view>& reasons) {
    constexpr std::size_t most = 3;
    const auto end =
        std::next(reasons.begin(), static_cast<std::ptrdiff_t>(std::min(most, reasons.size())));
    std::string text = fmt::format("{}", fmt::join(reasons.begin(), end, "; "));
    if (reasons.size() > most) {
        text += fmt::format("; and {} more", reasons.size() - most);
    }
    return text;
}

class GraphBuilder {
public:
    GraphBuilder(const Model& model, const RouterOptions& options) :
        model_(model), options_(options) {}

    ResolutionGraph build() && {
        read_listeners();
        for (const OuterSetting& setting : model_.outer_settings()) {
            add_contacts({.level = {}, .server = {}}, setting.name, setting.directive);
        }
        for (std::uint32_t level = 0; level < model_.locations().size(); ++level) {
            add_level({level});
        }
        return std::move(graph_);
    }

private:
    struct Place {
        LocationId level;
        ServerId server;
    };

    /// All that is needed where variables stand in a pass directive.
    struct Folding {
        Folding(const Model& model, const RouterOptions& options, Protocol protocol) :
            confs(model, options, protocol), values(confs) {}

        HttpConfs confs;
        PossibleValues values;
    };

    struct Ways {
        std::vector<GraphEdge::Way> ways;
        std::vector<std::string> failures;
    };

    struct Transports {
        bool tcp = false;
        bool udp = false;
    };

    struct Resolver {
        DirectiveRef directive;
        std::uint32_t number = 0; ///< the same for the same words; 0: there is none
    };

    /// A pass directive in one place.
    struct Passing {
        const PassName* name;
        Place place;
        DirectiveRef directive;
        std::string text;
        Resolver resolver;
    };

    [[nodiscard]] Protocol protocol_of(const Location& location) const {
        switch (location.kind) {
        case Location::Kind::http:
            return Protocol::http;
        case Location::Kind::stream:
            return Protocol::stream;
        case Location::Kind::mail:
            return Protocol::mail;
        default:
            return model_.server(location.server).protocol;
        }
    }

    void read_listeners() {
        for (const Listener& listener : model_.listeners()) {
            if (listener.protocol != Protocol::stream) {
                continue;
            }
            for (const ServerId server : listener.servers) {
                Transports& transports = transports_[server.value];
                (listener.is_datagram ? transports.udp : transports.tcp) = true;
            }
        }
    }

    /// Those around have been added before.
    void add_level(LocationId level) {
        const Location& location = model_.location(level);
        const Protocol protocol = protocol_of(location);
        const Place place{level, location.server};
        resolvers_.push_back(location.parent.is_none() ? Resolver()
                                                       : resolvers_[location.parent.value]);
        const Setting* last_pass = nullptr;
        for (const Setting& setting : model_.settings(level)) {
            if (find_pass(setting.name, protocol) != nullptr) {
                last_pass = &setting;
            } else if (answers_by_itself(setting.name, protocol)) {
                last_pass = nullptr;
            } else if (setting.name == "ssl_stapling" || setting.name == "ssl_ocsp") {
                add_certificate_responder(place, setting);
            } else if (protocol != Protocol::mail || !is_resolver_off(setting)) {
                if (setting.name == "resolver") {
                    resolvers_.back() = resolver_of(setting.directive);
                }
                add_contacts(place, setting.name, setting.directive);
            }
        }
        if (last_pass != nullptr) {
            add_pass(place, *find_pass(last_pass->name, protocol), last_pass->directive);
        }
    }

    /// Elsewhere `off` is a name like any other (ngx_mail_core_resolver).
    [[nodiscard]] bool is_resolver_off(const Setting& setting) const {
        return setting.name == "resolver" && c_string(model_.words(setting.directive)[1]) == "off";
    }

    Resolver resolver_of(DirectiveRef directive) {
        std::string text = fmt::format("{}", fmt::join(model_.words(directive), " "));
        const auto number = static_cast<std::uint32_t>(resolver_numbers_.size() + 1);
        return {directive, resolver_numbers_.try_emplace(std::move(text), number).first->second};
    }

    GraphEdge& add_edge(Kind kind, Place place, DirectiveRef directive) {
        GraphEdge& edge = graph_.edges.emplace_back();
        edge.kind = kind;
        edge.server = place.server;
        edge.level = place.level;
        edge.directive = directive;
        return edge;
    }

    /// Notes the place at each of the edge's targets.
    void finish_edge() {
        const GraphEdgeId id{static_cast<std::uint32_t>(graph_.edges.size() - 1)};
        for (const GraphEdge::Way& way : graph_.edges.back().ways) {
            std::vector<GraphEdgeId>& edges = graph_.targets[way.target.value].edges;
            if (edges.empty() || edges.back() != id) {
                edges.push_back(id);
            }
        }
    }

    /// What tells targets apart.
    static std::string key_of(const GraphTarget& target, std::uint32_t resolver) {
        std::string key = {static_cast<char>(target.target.kind),
                           static_cast<char>(target.is_datagram),
                           static_cast<char>(target.protocol), static_cast<char>(target.resolved)};
        key += std::to_string(resolver) + ' ';
        return key += target.target.text;
    }

    GraphTargetId find_or_add(GraphTarget target, std::uint32_t resolver = 0) {
        const auto [found, is_new] =
            targets_.try_emplace(key_of(target, resolver),
                                 GraphTargetId{static_cast<std::uint32_t>(graph_.targets.size())});
        if (is_new) {
            graph_.targets.push_back(std::move(target));
        }
        return found->second;
    }

    GraphTargetId dynamic_target(std::string text, std::string reason, bool is_datagram) {
        GraphTarget target;
        target.target = {Target::Kind::dynamic, std::move(text)};
        target.resolved = Peer::Resolved::runtime;
        target.is_datagram = is_datagram;
        target.reason = std::move(reason);
        return find_or_add(std::move(target));
    }

    // directives that pass requests on

    void add_pass(Place place, const PassName& name, DirectiveRef directive) {
        const auto words = model_.words(directive);
        const Passing passing{&name, place, directive,
                              words.size() > 1 ? words[1] : "$host:$request_port",
                              resolvers_[place.level.value]};
        const bool has_variables = passing.text.find('$') != std::string::npos;
        Ways ways;
        if (has_variables) {
            ways = ways_of_variables(passing);
        } else {
            take_text(ways, passing, passing.text, true);
        }
        GraphEdge& edge = add_edge(name.kind, place, directive);
        edge.has_variables = has_variables;
        edge.ways = std::move(ways.ways);
        edge.failures = std::move(ways.failures);
        finish_edge();
    }

    /// The same value leads to the same targets wherever it stands, unless the place or a resolver
    /// decides something.
    Ways ways_of_variables(const Passing& passing) {
        const bool is_stream = passing.name->pass == PassKind::stream_proxy;
        const auto key =
            std::tuple(passing.name->kind, is_stream ? passing.place.server : ServerId(),
                       passing.resolver.number, passing.text);
        if (const auto known = known_ways_.find(key); known != known_ways_.end()) {
            return limited(passing, known->second);
        }
        Folding& folding = folding_of(passing.place);
        const ComplexValue value = compile_complex_value(passing.text, folding.confs.names);
        const auto [values, depends_on_place] = folding.values.at(passing.place.level, value);
        Ways ways = fold(passing, values);
        if (!depends_on_place) {
            known_ways_.emplace(key, ways);
        }
        return limited(passing, std::move(ways));
    }

    Ways limited(const Passing& passing, Ways ways) {
        if (ways_left_ < ways.ways.size()) {
            return too_many_ways(passing);
        }
        ways_left_ -= ways.ways.size();
        return ways;
    }

    Folding& folding_of(Place place) {
        const Protocol protocol = model_.server(place.server).protocol;
        std::optional<Folding>& folding =
            protocol == Protocol::stream ? stream_folding_ : http_folding_;
        if (!folding) {
            folding.emplace(model_, options_, protocol);
        }
        return *folding;
    }

    Ways fold(const Passing& passing, const FoldedTexts& values) {
        Ways ways;
        std::set<std::string_view> reasons;
        for (const FoldedText& value : values) {
            if (value.is_whole()) {
                take_text(ways, passing, value.text, false);
            } else if (const auto part = deciding_part(value.text, passing.name->pass)) {
                take_text(ways, passing, *part, false);
            } else {
                reasons.insert(value.unknown);
            }
        }
        if (!reasons.empty()) {
            add_dynamic(ways, passing, listed(reasons));
        }
        std::ranges::sort(ways.failures);
        ways.failures.erase(std::unique(ways.failures.begin(), ways.failures.end()),
                            ways.failures.end());
        return ways;
    }

    Ways too_many_ways(const Passing& passing) {
        Ways ways;
        add_dynamic(ways, passing, fmt::format("there are more than {} possible ways", most_ways));
        return ways;
    }

    void add_dynamic(Ways& ways, const Passing& passing, const std::string& reason) {
        const Transports transports = transports_of(passing);
        if (transports.tcp) {
            ways.ways.push_back({dynamic_target(passing.text, reason, false)});
        }
        if (transports.udp) {
            ways.ways.push_back({dynamic_target(passing.text, reason, true)});
        }
    }

    [[nodiscard]] Transports transports_of(const Passing& passing) const {
        const auto found = passing.name->kind == Kind::stream
                               ? transports_.find(passing.place.server.value)
                               : transports_.end();
        return found != transports_.end() ? found->second : Transports{.tcp = true};
    }

    /// A value of a pass directive.
    void take_text(Ways& ways, const Passing& passing, std::string_view text, bool is_literal) {
        if (passing.name->kind == Kind::stream_pass) {
            take_listener(ways, passing, text);
            return;
        }
        const PassTarget found =
            find_target(model_, {passing.name->pass, text, is_literal, passing.directive});
        // a group without live servers is one all the same
        const bool leads_nowhere = found.failure && found.upstream.is_none();
        const auto failure = leads_nowhere ? found.failure
                             : found.needs_resolver && passing.resolver.number == 0
                                 ? std::optional(no_resolver(found, passing.name->pass))
                                 : std::nullopt;
        if (failure) {
            ways.failures.push_back(failure->message);
            return;
        }
        const Transports transports = transports_of(passing);
        if (transports.tcp) {
            add_way(ways, target_of(found, false, passing.resolver), found.uses_tls);
        }
        if (transports.udp) {
            add_way(ways, target_of(found, true, passing.resolver), found.uses_tls);
        }
    }

    /// ngx_stream_pass_handler
    void take_listener(Ways& ways, const Passing& passing, std::string_view text) {
        const Url url = parse_url(text, {});
        if (!url.address) {
            ways.failures.push_back(fmt::format("no addresses in pass \"{}\"", text));
            return;
        }
        GraphTarget target;
        const bool is_unix = url.address->family == AddressFamily::unix_socket;
        target.target = {is_unix ? Target::Kind::unix_socket : Target::Kind::tcp,
                         socket_text(*url.address)};
        target.peers.push_back(peer_at(target.target.text, passing.directive));
        add_way(ways, find_or_add(std::move(target)), false);
    }

    static void add_way(Ways& ways, GraphTargetId target, bool uses_tls) {
        const bool is_same_again = !ways.ways.empty() && ways.ways.back().target == target &&
                                   ways.ways.back().uses_tls == uses_tls;
        if (!is_same_again) {
            ways.ways.push_back({target, uses_tls});
        }
    }

    static Peer peer_at(std::string address, DirectiveRef directive) {
        Peer peer;
        peer.address = std::move(address);
        peer.directive = directive;
        return peer;
    }

    GraphTargetId target_of(const PassTarget& found, bool is_datagram, const Resolver& resolver) {
        GraphTarget target;
        target.target = found.target;
        target.is_datagram = is_datagram;
        target.peers = found.peers;
        if (found.target.kind == Target::Kind::upstream) {
            const Upstream& upstream = model_.upstream(found.upstream);
            target.upstream = found.upstream;
            target.protocol = upstream.protocol;
            if (upstream.balancer.starts_with("balancer_by_lua")) {
                target.reason = "a script chooses the server";
            }
        } else if (!found.peers.empty()) {
            target.resolved = found.peers.front().resolved;
        }
        if (target.upstream.is_none() && target.resolved == Peer::Resolved::runtime) {
            target.resolver = resolver.directive;
            return find_or_add(std::move(target), resolver.number);
        }
        return find_or_add(std::move(target));
    }

    // other directives

    void add_contacts(Place place, std::string_view name, DirectiveRef directive) {
        const ContactDirective* const known = find_contact_directive(name);
        if (known == nullptr) {
            return;
        }
        const auto contacts = contacts_of(*known, model_.words(directive));
        if (contacts.empty()) {
            return;
        }
        GraphEdge& edge = add_edge(known->kind, place, directive);
        for (const Contact& contact : contacts) {
            edge.ways.push_back({target_of(contact, directive), contact.uses_tls});
            edge.has_variables = edge.has_variables || !contact.reason.empty();
        }
        finish_edge();
    }

    GraphTargetId target_of(const Contact& contact, DirectiveRef directive) {
        if (!contact.reason.empty()) {
            return dynamic_target(contact.written, contact.reason, contact.is_datagram);
        }
        GraphTarget target;
        target.target = {contact.is_unix ? Target::Kind::unix_socket : Target::Kind::tcp,
                         contact.address};
        target.is_datagram = contact.is_datagram;
        target.peers.push_back(peer_at(contact.address, directive));
        return find_or_add(std::move(target));
    }

    /// Without a directive that names the responder the certificate does
    /// (src/event/ngx_event_openssl_stapling.c, ngx_ssl_stapling_responder).
    void add_certificate_responder(Place place, const Setting& setting) {
        if (equal_ignoring_case(model_.words(setting.directive)[1], "off")) {
            return;
        }
        const bool is_stapling = setting.name == "ssl_stapling";
        const std::string responder = fmt::format("{}_responder", setting.name);
        for (LocationId level = place.level; !level.is_none();
             level = model_.location(level).parent) {
            if (find_setting(model_, level, responder) != nullptr ||
                (is_stapling && find_setting(model_, level, "ssl_stapling_file") != nullptr)) {
                return;
            }
        }
        GraphEdge& edge = add_edge(Kind::ocsp, place, setting.directive);
        edge.ways.push_back(
            {dynamic_target(std::string(setting.name), "the certificate names it", false)});
        finish_edge();
    }

    using WaysKey = std::tuple<Kind, ServerId, std::uint32_t, std::string>;

    const Model& model_;
    const RouterOptions& options_;
    ResolutionGraph graph_;
    std::optional<Folding> http_folding_; // made when they are first needed
    std::optional<Folding> stream_folding_;
    std::unordered_map<std::string, GraphTargetId> targets_;
    std::map<WaysKey, Ways> known_ways_;
    std::unordered_map<std::uint32_t, Transports> transports_; // by server of `stream`
    std::vector<Resolver> resolvers_;                          // by level, of those around, too
    std::unordered_map<std::string, std::uint32_t> resolver_numbers_;
    std::size_t ways_left_ = most_ways;
};

} // namespace

ResolutionGraph build_graph(const Model& model, const RouterOptions& options) {
    return GraphBuilder(model, options).build();
}

} // namespace upstream_lint
