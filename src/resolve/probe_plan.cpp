#include "upstream_lint/probe_plan.hpp"

#include "config/url.hpp"
#include "resolve/contacts.hpp"
#include "resolve/inherited_setting.hpp"
#include "resolve/temp_folders.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace upstream_lint {

namespace {

constexpr std::string_view unix_prefix = "unix:";

class Planner {
public:
    Planner(const Model& model, const ResolutionGraph& graph) : model_(model), graph_(graph) {}

    ProbePlan plan() && {
        plan_.needs.resize(graph_.targets.size());
        for (std::uint32_t i = 0; i < graph_.targets.size(); ++i) {
            add({i});
        }
        return std::move(plan_);
    }

private:
    void add(GraphTargetId id) {
        const GraphTarget& target = graph_.target(id);
        // `pass` hands connections to a listener of nginx itself
        const bool is_contacted = std::ranges::any_of(target.edges, [&](GraphEdgeId edge) {
            return graph_.edge(edge).kind != GraphEdge::Kind::stream_pass;
        });
        if (!is_contacted || target.target.kind == Target::Kind::dynamic) {
            return;
        }
        for (std::uint32_t peer = 0; peer < target.peers.size(); ++peer) {
            add(id, peer);
        }
    }

    void add(GraphTargetId id, std::uint32_t index) {
        const GraphTarget& target = graph_.target(id);
        const Peer& peer = target.peers[index];
        const auto need = [&](Probe probe) {
            probe.is_datagram = target.is_datagram;
            plan_.needs[id.value].push_back({index, find_or_add(std::move(probe))});
        };
        if (peer.address.starts_with(unix_prefix)) {
            if (!peer.down) {
                need({.kind = Probe::Kind::unix_socket,
                      .subject = peer.address.substr(unix_prefix.size())});
            }
            return;
        }
        const Url url = parse_url(peer.address, {});
        if (url.address) {
            if (!peer.down) {
                need({.kind = Probe::Kind::listener, .subject = peer.address});
            }
            return;
        }
        Probe probe{.kind = Probe::Kind::name,
                    .port = peer.down ? std::uint16_t{0} : url.port,
                    .subject = std::string(url.host)};
        if (peer.resolved == Peer::Resolved::load) {
            need(std::move(probe));
        } else if (!peer.down) {
            probe.kind = Probe::Kind::resolver_name;
            probe.service = service_of(target, peer);
            probe.resolvers = addresses_of(target.upstream.is_none()
                                               ? target.resolver
                                               : resolver_of(model_.upstream(target.upstream)));
            if (!probe.resolvers.empty()) {
                need(std::move(probe));
            }
        }
    }

    ProbeId find_or_add(Probe probe) {
        const auto [found, is_new] = known_.try_emplace(
            std::move(probe), ProbeId{static_cast<std::uint32_t>(plan_.probes.size())});
        if (is_new) {
            plan_.probes.push_back(found->first);
        }
        return found->second;
    }

    [[nodiscard]] std::string service_of(const GraphTarget& target, const Peer& peer) const {
        if (target.upstream.is_none()) {
            return {};
        }
        const auto& servers = model_.upstream(target.upstream).servers;
        const auto found = std::ranges::find(servers, peer.directive, &UpstreamServer::directive);
        return found != servers.end() ? std::string(found->service) : std::string();
    }

    /// ngx_http_upstream_init_main_conf: that of the block around the group is second.
    [[nodiscard]] DirectiveRef resolver_of(const Upstream& upstream) const {
        if (!upstream.resolver.is_none()) {
            return upstream.resolver;
        }
        const auto kind =
            upstream.protocol == Protocol::stream ? Location::Kind::stream : Location::Kind::http;
        const auto locations = model_.locations();
        const auto around = std::ranges::find(locations, kind, &Location::kind);
        return around == locations.end()
                   ? DirectiveRef()
                   : resolver_around({static_cast<std::uint32_t>(around - locations.begin())});
    }

    [[nodiscard]] DirectiveRef resolver_around(LocationId level) const {
        const Setting* const found = find_inherited_setting(model_, level, "resolver");
        return found != nullptr ? found->directive : DirectiveRef();
    }

    /// None where there is no resolver.
    [[nodiscard]] std::vector<std::string> addresses_of(DirectiveRef resolver) const {
        std::vector<std::string> addresses;
        const ContactDirective* const directive = find_contact_directive("resolver");
        if (resolver.is_none() || directive == nullptr) {
            return addresses;
        }
        for (const Contact& contact : contacts_of(*directive, model_.words(resolver))) {
            addresses.push_back(contact.address);
        }
        return addresses;
    }

    const Model& model_;
    const ResolutionGraph& graph_;
    ProbePlan plan_;
    std::map<Probe, ProbeId> known_;
};

} // namespace

ProbePlan plan_probes(const Model& model, const ResolutionGraph& graph) {
    ProbePlan plan = Planner(model, graph).plan();
    for (TempFolder& folder : find_temp_folders(model, graph, model.config().build().temp_paths)) {
        plan.folders.push_back(std::move(folder.path));
    }
    return plan;
}

} // namespace upstream_lint
