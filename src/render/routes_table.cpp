#include "config/ascii.hpp"
#include "config/suggestion.hpp"
#include "render/palette.hpp"
#include "render/route_words.hpp"
#include "render/routes_words.hpp"
#include "upstream_lint/render_routes.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <map>
#include <span>

namespace upstream_lint {

namespace {

constexpr std::size_t max_width =
    40; // of a column, for those that follow to stand below each other
constexpr std::size_t max_peers = 4;

/// A line of a table, and what stands below it.
struct Row {
    std::vector<std::string> cells;
    std::vector<std::string> below;
};

/// fmt, which is slow, knows how many columns letters beyond ASCII take.
void append_cell(std::string& line, std::string_view cell, std::size_t width) {
    if (!std::ranges::all_of(cell, [](char c) { return c >= ' ' && c <= '~'; })) {
        fmt::format_to(std::back_inserter(line), "{:<{}}", cell, width);
        return;
    }
    line += cell;
    line.append(width - std::min(width, cell.size()), ' ');
}

std::string aligned(const std::vector<Row>& rows, std::string_view indent) {
    std::vector<std::size_t> widths;
    for (const Row& row : rows) {
        widths.resize(std::max(widths.size(), row.cells.size()));
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            widths[i] = std::max(widths[i], std::min(row.cells[i].size(), max_width));
        }
    }
    std::string text;
    for (const Row& row : rows) {
        std::string line(indent);
        for (std::size_t i = 0; i + 1 < row.cells.size(); ++i) {
            append_cell(line, row.cells[i], widths[i]);
            line += "  ";
        }
        line += row.cells.empty() ? std::string_view() : row.cells.back();
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
        for (const std::string& each : row.below) {
            text += fmt::format("{}    {}\n", indent, each);
        }
    }
    return text;
}

class RoutesTable {
public:
    RoutesTable(const RouteList& list, const Model& model, const TextStyle& style,
                const std::string& to) :
        list_(list),
        model_(model), style_(style), palette_(palette_of(style)), to_(to) {}

    [[nodiscard]] std::string render() && {
        auto entry = list_.entries.begin();
        auto route = list_.routes.begin();
        for (std::uint32_t i = 0; i < model_.servers().size(); ++i) {
            const ServerId server{i};
            const auto first_entry = entry;
            while (entry != list_.entries.end() && entry->server == server) {
                ++entry;
            }
            const auto first_route = route;
            while (route != list_.routes.end() && route->server == server) {
                ++route;
            }
            add_server(server, {first_entry, entry}, {first_route, route});
        }
        add_summary();
        return std::move(out_);
    }

private:
    void add_server(ServerId server, std::span<const ServerEntry> entries,
                    std::span<const Route> routes) {
        const std::vector<Row> missed = missed_names(entries);
        if (routes.empty() && (missed.empty() || !to_.empty())) {
            return;
        }
        out_ += out_.empty() ? "" : "\n";
        out_ += fmt::format("{}{}{}  {}\n", palette_.strong,
                            places_text({model_.server(server).block}, model_, style_),
                            palette_.reset, visible(names_text(entries)));
        out_ += fmt::format("  {}listens on {}{}\n", palette_.dim, visible(listeners_text(entries)),
                            palette_.reset);
        out_ += aligned(missed, "  ");
        std::vector<Row> rows;
        for (const Route& route : routes) {
            rows.push_back(row(route));
        }
        out_ += aligned(rows, "  ");
    }

    [[nodiscard]] static std::string names_text(std::span<const ServerEntry> entries) {
        std::vector<std::string> names;
        for (const ServerEntry& entry : entries) {
            std::string name = entry_text(entry);
            if (std::ranges::find(names, name) == names.end()) {
                names.push_back(std::move(name));
            }
        }
        const bool has_any_name = std::ranges::all_of(entries, is_lack_of_name);
        return names.empty()  ? "no name is known"
               : has_any_name ? "any name"
                              : fmt::format("{}", fmt::join(names, ", "));
    }

    [[nodiscard]] std::string listeners_text(std::span<const ServerEntry> entries) const {
        std::vector<std::string> texts;
        ListenerId last;
        for (const ServerEntry& entry : entries) {
            if (entry.listener != last) {
                last = entry.listener;
                texts.push_back(listener_text(model_.listener(last)));
            }
        }
        return texts.empty() ? "what is not known" : fmt::format("{}", fmt::join(texts, ", "));
    }

    /// Names that lead to another server, or may.
    [[nodiscard]] std::vector<Row> missed_names(std::span<const ServerEntry> entries) const {
        std::vector<Row> rows;
        for (const ServerEntry& entry : entries) {
            if (entry.reach == Reach::reached || is_lack_of_name(entry)) {
                continue;
            }
            std::vector<DirectiveRef> blocks;
            for (const ServerId by : entry.shadowed_by) {
                blocks.push_back(model_.server(by).block);
            }
            rows.push_back({{visible(entry_text(entry)) + " on " +
                                 visible(listener_address(model_.listener(entry.listener))),
                             reason(entry.reach, entry.why, blocks)},
                            {}});
        }
        return rows;
    }

    /// What nobody wrote is no name that anybody misses.
    static bool is_lack_of_name(const ServerEntry& entry) {
        return entry.kind == ServerEntry::Kind::by_default;
    }

    [[nodiscard]] Row row(const Route& route) const {
        Row result;
        result.cells = {places_text({route.pass}, model_, style_),
                        visible(route_level_text(route, model_)), kind_text(route),
                        targets_text(route), example_text(route)};
        if (route.pattern) {
            result.below.push_back(fmt::format("URIs {}", visible(*route.pattern)));
        }
        if (!to_.empty() && leads_to(route, to_) != Verdict::satisfied) {
            result.below.push_back(
                visible(fmt::format("may lead to {}: {}", to_, route.other_targets)));
        }
        for (const std::string& failure : route.failures) {
            result.below.push_back("may fail: " + visible(failure));
        }
        if (route.example && !route.example->assumptions.empty()) {
            result.below.push_back(
                "if " + visible(fmt::format("{}", fmt::join(route.example->assumptions, ", "))));
        }
        return result;
    }

    [[nodiscard]] std::string kind_text(const Route& route) const {
        return route.kind == GraphEdge::Kind::other_pass ? visible(model_.words(route.pass).front())
                                                         : std::string(pass_word(route.kind));
    }

    [[nodiscard]] std::string targets_text(const Route& route) const {
        std::vector<std::string> texts;
        for (const RouteTarget& each : route.targets) {
            texts.push_back(visible(route_target_text(each.target)) + peers_text(each));
        }
        if (!route.other_targets.empty() || texts.empty()) {
            texts.push_back(visible(written_target(route, model_)));
        }
        return fmt::format("{}", fmt::join(texts, " | "));
    }

    [[nodiscard]] static std::string peers_text(const RouteTarget& target) {
        if (target.target.kind != Target::Kind::upstream) {
            return "";
        }
        std::vector<std::string> texts;
        for (const Peer& peer : target.peers) {
            if (texts.size() == max_peers) {
                texts.push_back(fmt::format("and {} more", target.peers.size() - max_peers));
                break;
            }
            texts.push_back(visible(peer.address) + (peer.backup ? " backup" : "") +
                            (peer.down ? " down" : ""));
        }
        return fmt::format(": {}", fmt::join(texts, ", "));
    }

    [[nodiscard]] std::string example_text(const Route& route) const {
        if (!route.example) {
            return reason(route.reach, route.why, route.because);
        }
        std::string text = visible(request_words(route.example->request));
        if (!route.why.empty()) {
            const std::string places = places_text(route.because, model_, style_);
            text +=
                fmt::format(" ({}{}{})", visible(route.why), places.empty() ? "" : ": ", places);
        }
        return text;
    }

    [[nodiscard]] std::string reason(Reach reach, std::string_view why,
                                     const std::vector<DirectiveRef>& because) const {
        const bool is_wrong = reach == Reach::never;
        std::string text = fmt::format("{}{}{}: {}", is_wrong ? palette_.warning : palette_.info,
                                       reach_word(reach), palette_.reset, visible(why));
        const std::string places = places_text(because, model_, style_);
        return places.empty() ? text : fmt::format("{}: {}", text, places);
    }

    void add_summary() {
        out_ += out_.empty() ? "" : "\n";
        if (list_.routes.empty() && to_.empty()) {
            out_ += "no ways: nothing passes requests on\n";
        } else if (!list_.routes.empty()) {
            add_counts();
        }
        const bool is_found = std::ranges::any_of(list_.routes, [&](const Route& route) {
            return leads_to(route, to_) == Verdict::satisfied;
        });
        if (!to_.empty() && !is_found) {
            add_not_found();
        }
    }

    /// That a target is misspelt, or nobody's.
    void add_not_found() {
        std::vector<std::string_view> names;
        std::string place;
        for (const Upstream& upstream : model_.upstreams()) {
            names.push_back(upstream.name);
            if (!upstream.is_implied && equal_ignoring_case(upstream.name, to_)) {
                place = fmt::format(" ({})", places_text({upstream.directive}, model_, style_));
            }
        }
        const auto question =
            place.empty() ? did_you_mean(similar_words(to_, names)) : std::nullopt;
        out_ += fmt::format("nothing leads to {}{}{}{}\n", visible(to_), place,
                            list_.routes.empty() ? "" : " for certain",
                            question ? "; " + visible(*question) : "");
    }

    void add_counts() {
        std::map<Reach, std::size_t> counts;
        for (const Route& route : list_.routes) {
            ++counts[route.reach];
        }
        out_ += fmt::format("{} {}: {} reached", list_.routes.size(),
                            list_.routes.size() == 1 ? "way" : "ways", counts[Reach::reached]);
        const auto add = [&](Reach reach, std::string_view words) {
            if (counts[reach] > 0) {
                out_ += fmt::format(", {} {}", counts[reach], words);
            }
        };
        add(Reach::internal, "only within nginx");
        add(Reach::never, "never reached");
        add(Reach::unknown, "unknown");
        out_ += "\n";
    }

    const RouteList& list_;
    const Model& model_;
    const TextStyle& style_;
    Palette palette_;
    const std::string& to_; // empty: all
    std::string out_;
};

} // namespace

std::string render_routes_table(const RouteList& list, const Model& model, const TextStyle& style,
                                const std::string& to) {
    return RoutesTable(list, model, style, to).render();
}

} // namespace upstream_lint
