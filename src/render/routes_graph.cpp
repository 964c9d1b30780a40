#include "render/route_words.hpp"
#include "render/routes_words.hpp"
#include "upstream_lint/render_routes.hpp"

#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

/// What is drawn: boxes by kind, and arrows between them.
class Drawing {
public:
    enum class Kind : std::uint8_t { listener, server, location, target, peer };

    struct Node {
        Kind kind;
        std::string label; ///< lines end in `\n`; as it may be shown
    };

    struct Edge {
        std::size_t from;
        std::size_t to;
        Reach reach;

        friend auto operator<=>(const Edge&, const Edge&) = default;
    };

    Drawing(const RouteList& list, const Model& model, const TextStyle& style) :
        model_(model), style_(style) {
        std::set<ServerId> drawn;
        for (const Route& route : list.routes) {
            drawn.insert(route.server);
            add(route);
        }
        for (const ServerEntry& entry : list.entries) {
            if (drawn.contains(entry.server)) {
                add(entry);
            }
        }
    }

    [[nodiscard]] const std::vector<Node>& nodes() const noexcept { return nodes_; }

    [[nodiscard]] const std::set<Edge>& edges() const noexcept { return edges_; }

private:
    std::size_t node(Kind kind, std::string key, const std::string& label) {
        const auto [found, is_new] = ids_.try_emplace({kind, std::move(key)}, nodes_.size());
        if (is_new) {
            nodes_.push_back({kind, label});
        }
        return found->second;
    }

    [[nodiscard]] std::string place(DirectiveRef directive) const {
        return places_text({directive}, model_, style_);
    }

    std::size_t server(ServerId id) {
        const auto names = model_.server_names(id);
        std::string label;
        for (const ServerName& name : names) {
            ServerEntry entry;
            entry.name = &name;
            entry.kind = name.kind == ServerName::Kind::regex      ? ServerEntry::Kind::regex
                         : name.kind == ServerName::Kind::hostname ? ServerEntry::Kind::hostname
                                                                   : ServerEntry::Kind::name;
            label += visible(entry_text(entry)) + "\n";
        }
        return node(Kind::server, fmt::format("{}", id.value),
                    label + place(model_.server(id).block));
    }

    void add(const ServerEntry& entry) {
        const Listener& listener = model_.listener(entry.listener);
        edges_.insert({node(Kind::listener, fmt::format("{}", entry.listener.value),
                            visible(listener_text(listener))),
                       server(entry.server), Reach::reached});
    }

    void add(const Route& route) {
        const std::size_t location =
            node(Kind::location, fmt::format("{}:{}", route.location.value, route.block.value),
                 visible(route_level_text(route, model_)) + "\n" + place(route.pass));
        edges_.insert({server(route.server), location, route.reach});
        for (const RouteTarget& each : route.targets) {
            add_target(location, each);
        }
        if (!route.other_targets.empty()) {
            add_target(location, {{Target::Kind::dynamic, written_target(route, model_)}, {}});
        }
    }

    void add_target(std::size_t location, const RouteTarget& target) {
        const std::string label = visible(route_target_text(target.target));
        const std::size_t to = node(Kind::target, label, label);
        edges_.insert({location, to, Reach::reached});
        if (target.target.kind != Target::Kind::upstream) {
            return;
        }
        for (const Peer& peer : target.peers) {
            const std::string address = visible(peer.address);
            edges_.insert({to, node(Kind::peer, address, address), Reach::reached});
        }
    }

    const Model& model_;
    const TextStyle& style_;
    std::map<std::pair<Kind, std::string>, std::size_t> ids_;
    std::vector<Node> nodes_;
    std::set<Edge> edges_;
};

std::string replaced(std::string_view text, const std::map<char, std::string_view>& replacements) {
    std::string result;
    for (const char c : text) {
        const auto found = replacements.find(c);
        result += found == replacements.end() ? std::string{c} : std::string(found->second);
    }
    return result;
}

std::string_view dot_shape(Drawing::Kind kind) {
    switch (kind) {
    case Drawing::Kind::listener:
        return "cds";
    case Drawing::Kind::server:
        return "folder";
    case Drawing::Kind::location:
        return "box";
    case Drawing::Kind::target:
        return "box3d";
    case Drawing::Kind::peer:
        break;
    }
    return "ellipse";
}

/// Around the label, as each kind has it.
std::pair<std::string_view, std::string_view> mermaid_shape(Drawing::Kind kind) {
    switch (kind) {
    case Drawing::Kind::listener:
        return {">", "]"};
    case Drawing::Kind::server:
        return {"[[", "]]"};
    case Drawing::Kind::location:
        return {"[", "]"};
    case Drawing::Kind::target:
        return {"[(", ")]"};
    case Drawing::Kind::peer:
        break;
    }
    return {"([", "])"};
}

} // namespace

std::string render_routes_dot(const RouteList& list, const Model& model, const TextStyle& style) {
    const Drawing drawing(list, model, style);
    std::string text = "digraph routes {\n  rankdir=LR;\n  node [fontname=\"monospace\"];\n";
    for (std::size_t i = 0; i < drawing.nodes().size(); ++i) {
        const Drawing::Node& node = drawing.nodes()[i];
        text += fmt::format("  n{} [shape={}, label=\"{}\"];\n", i, dot_shape(node.kind),
                            replaced(node.label, {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}}));
    }
    for (const Drawing::Edge& edge : drawing.edges()) {
        const bool is_sure = edge.reach == Reach::reached;
        text += fmt::format(
            "  n{} -> n{}{};\n", edge.from, edge.to,
            is_sure ? "" : fmt::format(" [style=dashed, label=\"{}\"]", reach_word(edge.reach)));
    }
    return text + "}\n";
}

std::string render_routes_mermaid(const RouteList& list, const Model& model,
                                  const TextStyle& style) {
    const Drawing drawing(list, model, style);
    std::string text = "flowchart LR\n";
    for (std::size_t i = 0; i < drawing.nodes().size(); ++i) {
        const Drawing::Node& node = drawing.nodes()[i];
        const auto [open, close] = mermaid_shape(node.kind);
        const std::string label = replaced(node.label, {{'"', "#quot;"},
                                                        {'#', "#35;"},
                                                        {'<', "#lt;"},
                                                        {'>', "#gt;"},
                                                        {'&', "#amp;"},
                                                        {'`', "#96;"},
                                                        {'\\', "#92;"},
                                                        {'*', "#42;"},
                                                        {'_', "#95;"},
                                                        {'\n', "<br/>"}});
        text += fmt::format("  n{}{}\"{}\"{}\n", i, open, label, close);
    }
    for (const Drawing::Edge& edge : drawing.edges()) {
        text += edge.reach == Reach::reached ? fmt::format("  n{} --> n{}\n", edge.from, edge.to)
                                             : fmt::format("  n{} -. {} .-> n{}\n", edge.from,
                                                           reach_word(edge.reach), edge.to);
    }
    return text;
}

} // namespace upstream_lint
