#include "config/ascii.hpp"
#include "render/palette.hpp"
#include "render/route_why.hpp"
#include "render/route_words.hpp"
#include "render/secret.hpp"
#include "resolve/http_entry.hpp"
#include "resolve/request_target.hpp"
#include "upstream_lint/render_route.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace upstream_lint {

namespace {

constexpr std::size_t max_place_width = 48;
constexpr std::size_t max_candidates = 24;
constexpr std::string_view sni_mark = "SNI ";

/// One line of the way: what, where, and in words.
struct Row {
    std::string word;
    std::string place;
    std::string text;
    std::vector<Choice> why;
};

std::string place_text(const Model& model, DirectiveRef directive, const TextStyle& style) {
    const auto place = directive_place(model, directive, style);
    return place ? fmt::format("{}:{}", visible(place->file), place->line) : "-";
}

/// The URI of `URI?ARGUMENTS`.
std::string_view path_of(std::string_view uri) {
    return uri.substr(0, uri.find('?'));
}

/// The name that a request asks for, where it asks for a right one.
std::optional<std::string> asked_host(const Request& request) {
    const auto url = parse_request_url(request.url);
    if (!url) {
        return std::nullopt;
    }
    const std::string raw = request.target.value_or(url->target);
    const auto target = parse_request_target(raw, {});
    if (target && target->host) {
        return valid_host(*target->host);
    }
    std::string host = url->authority;
    if (request.headers) {
        const auto found = std::ranges::find_if(
            *request.headers, [](const HeaderField& each) { return lower(each.name) == "host"; });
        host = found != request.headers->end() ? found->value : host;
    }
    return valid_host(host);
}

std::string target_text(const Target& target) {
    switch (target.kind) {
    case Target::Kind::upstream:
        return fmt::format("upstream `{}`", visible(target.text));
    case Target::Kind::dynamic:
        return fmt::format("what `{}` turns out to be", visible(target.text));
    default:
        return visible(target.text);
    }
}

/// A connection of `stream`.
bool is_session(const Request& request) {
    return starts_ignoring_case(request.url, "tcp://") ||
           starts_ignoring_case(request.url, "udp://");
}

/// How a way ends, in one line.
std::string outcome_text(const Outcome& outcome) {
    const std::string status = outcome.status ? fmt::format(" {}", *outcome.status) : "";
    switch (outcome.kind) {
    case Outcome::Kind::no_listener:
        return "nothing in the configuration listens there";
    case Outcome::Kind::close:
        return "the connection is closed without an answer";
    case Outcome::Kind::runtime:
        return "what answers is decided at run time";
    case Outcome::Kind::redirect:
        return fmt::format("redirect{} to {}", status,
                           outcome.redirect ? visible(*outcome.redirect) : "what is not known");
    case Outcome::Kind::return_code:
        return "return" + status;
    case Outcome::Kind::static_file:
        return "static file" + status;
    case Outcome::Kind::error:
        return status.empty() ? "nginx closes the connection" : "nginx answers" + status;
    default:
        break;
    }
    std::string text(outcome_word(outcome.kind));
    if (outcome.target) {
        text += " to " + target_text(*outcome.target);
    }
    if (outcome.upstream_uri) {
        text += fmt::format(" as {}", visible(*outcome.upstream_uri));
    }
    if (outcome.status) {
        text += ", answered with" + status;
    }
    return text;
}

std::string peer_text(const Peer& peer) {
    std::string text = visible(peer.address);
    text += peer.weight != 1 ? fmt::format(" weight={}", peer.weight) : "";
    text += peer.backup ? " backup" : "";
    text += peer.down ? " down" : "";
    text += peer.resolved == Peer::Resolved::runtime ? " (looked up at run time)" : "";
    return text;
}

class RouteText {
public:
    RouteText(const Request& request, const Model& model, const TextStyle& style, bool why) :
        request_(request), model_(model), style_(style), palette_(palette_of(style)), why_(why) {}

    [[nodiscard]] std::string render(const Answer& answer) && {
        const std::string method = is_session(request_) ? "" : visible(request_.method) + " ";
        out_ = fmt::format("{}{}{}{}\n", palette_.strong, method, visible(request_.url),
                           palette_.reset);
        add_answer(answer, "  ");
        add_certainty(answer, "  ");
        return std::move(out_);
    }

private:
    void add_answer(const Answer& answer, const std::string& indent) {
        add_rows(step_rows(answer), indent);
        if (answer.branches.empty()) {
            add_end(answer.outcome, &answer.request, indent);
        }
        for (const SideRequest& side : answer.side) {
            out_ += fmt::format("{}beside it {} {}:\n", indent, side_word(side.kind),
                                visible(side.uri));
            add_answer(*side.answer, indent + "    ");
        }
    }

    [[nodiscard]] std::vector<Row> step_rows(const Answer& answer) const {
        std::vector<Row> rows;
        std::string uri;
        const auto url = parse_request_url(request_.url);
        if (url) {
            uri = request_.target.value_or(url->target);
        }
        ServerId server;
        for (const Step& step : answer.steps) {
            Row row{std::string(step_word(step.kind)),
                    place_text(model_, step.directive, style_),
                    visible(step_detail(step)),
                    {}};
            if (step.kind == Step::Kind::location) {
                row.text = location_text(step);
            }
            if (!step.uri.empty() && step.uri != uri) {
                uri = step.uri;
                row.text += fmt::format("{}-> {}", row.text.empty() ? "" : " ", visible(uri));
            }
            if (step.kind == Step::Kind::server) {
                server = server_of(step);
            }
            if (why_) {
                row.why = explain(answer, step, server);
            }
            rows.push_back(std::move(row));
        }
        return rows;
    }

    [[nodiscard]] LocationId location_of(const Step& step) const {
        const auto& all = model_.locations();
        const auto found = std::ranges::find(all, step.directive, &Location::block);
        return found == all.end() || step.directive.is_none()
                   ? LocationId()
                   : LocationId{static_cast<std::uint32_t>(found - all.begin())};
    }

    [[nodiscard]] ServerId server_of(const Step& step) const {
        const auto& all = model_.servers();
        const auto found = std::ranges::find(all, step.directive, &Server::block);
        return found == all.end() ? ServerId()
                                  : ServerId{static_cast<std::uint32_t>(found - all.begin())};
    }

    [[nodiscard]] std::string location_text(const Step& step) const {
        const LocationId id = location_of(step);
        return visible(id.is_none() ? step.detail : location_pattern(model_.location(id)));
    }

    [[nodiscard]] std::vector<Choice> explain(const Answer& answer, const Step& step,
                                              ServerId server) const {
        if (server.is_none()) {
            return {};
        }
        if (step.kind == Step::Kind::location) {
            return explain_location(model_, server, path_of(step.uri), location_of(step));
        }
        if (step.kind != Step::Kind::server || answer.listener.is_none()) {
            return {};
        }
        const bool is_sni = step.detail.starts_with(sni_mark);
        const auto host = is_sni ? step.detail.substr(sni_mark.size()) : asked_host(request_);
        auto choice = host ? explain_server(model_, answer.listener, *host, server) : std::nullopt;
        return choice ? std::vector{*std::move(choice)} : std::vector<Choice>();
    }

    /// How a way ends, and what the upstream is sent where that is known.
    void add_end(const Outcome& outcome, const UpstreamRequest* sent, const std::string& indent) {
        out_ += fmt::format("{}{}=> {}{}\n", indent, palette_.strong, outcome_text(outcome),
                            palette_.reset);
        std::vector<Row> rows;
        for (const Peer& each : outcome.peers) {
            rows.push_back(
                {"peer", place_text(model_, each.directive, style_), peer_text(each), {}});
        }
        if (sent != nullptr && outcome.target) {
            add_sent(rows, *sent);
        }
        add_rows(rows, indent + "   ");
    }

    static void add_sent(std::vector<Row>& rows, const UpstreamRequest& sent) {
        if (sent.method) {
            rows.push_back({"method", "", visible(*sent.method), {}});
        }
        if (sent.host) {
            rows.push_back({"host", "", visible(*sent.host), {}});
        }
        for (const HeaderField& each : sent.headers) {
            rows.push_back({"header", "", field_text(each, ": "), {}});
        }
        for (const HeaderField& each : sent.params) {
            rows.push_back({"param", "", field_text(each, " = "), {}});
        }
    }

    [[nodiscard]] static std::string field_text(const HeaderField& field,
                                                std::string_view between) {
        return visible(field.name) + std::string(between) +
               visible(without_secret(field.name, field.value));
    }

    void add_rows(const std::vector<Row>& rows, const std::string& indent) {
        std::size_t word_width = 0;
        std::size_t place_width = 0;
        for (const Row& row : rows) {
            word_width = std::max(word_width, row.word.size());
            place_width = std::max(place_width, std::min(row.place.size(), max_place_width));
        }
        for (const Row& row : rows) {
            std::string line = fmt::format("{}{:<{}}  ", indent, row.word, word_width);
            if (!row.place.empty()) {
                line += fmt::format("{:<{}}  ", row.place, place_width);
            }
            line += row.text;
            line.erase(line.find_last_not_of(' ') + 1);
            out_ += line + "\n";
            for (const Choice& choice : row.why) {
                add_choice(choice, indent + "    ");
            }
        }
    }

    void add_choice(const Choice& choice, const std::string& indent) {
        out_ += fmt::format("{}{}{}:{}\n", indent, palette_.dim, visible(choice.question),
                            palette_.reset);
        const std::size_t shown = std::min(choice.candidates.size(), max_candidates);
        std::size_t name_width = 0;
        std::size_t place_width = 0;
        for (std::size_t i = 0; i < shown; ++i) {
            const Candidate& each = choice.candidates[i];
            name_width = std::max(name_width, visible(each.name).size());
            place_width = std::max(place_width, place_text(model_, each.directive, style_).size());
        }
        for (std::size_t i = 0; i < choice.candidates.size(); ++i) {
            const Candidate& each = choice.candidates[i];
            if (i >= shown && !each.chosen) {
                continue; // what was chosen is always shown
            }
            out_ += fmt::format("{}{} {:<{}}  {:<{}}  {}\n", indent, each.chosen ? '*' : ' ',
                                place_text(model_, each.directive, style_), place_width,
                                visible(each.name), name_width, each.reason);
        }
        if (shown < choice.candidates.size()) {
            out_ += fmt::format("{}  and {} more\n", indent, choice.candidates.size() - shown);
        }
        if (choice.candidates.empty()) {
            out_ += fmt::format("{}  none matches\n", indent);
        }
    }

    void add_certainty(const Answer& answer, const std::string& indent) {
        std::string text(certainty_word(answer.certainty));
        if (answer.certainty == Certainty::exact) {
            text += ": nothing is supposed";
        } else if (!answer.assumptions.empty()) {
            text += answer.certainty == Certainty::unknown ? ": nobody can tell " : ": supposing ";
            text += visible(fmt::format("{}", fmt::join(answer.assumptions, "; ")));
        }
        if (!answer.branches.empty()) {
            text += fmt::format(": one of {}", answer.branches.size());
        }
        out_ += fmt::format("{}{}{}{}\n", indent, palette_.info, text, palette_.reset);
        for (const Branch& branch : answer.branches) {
            add_branch(branch, indent + "  ");
        }
    }

    void add_branch(const Branch& branch, const std::string& indent) {
        out_ += fmt::format("{}if {}\n", indent,
                            visible(fmt::format("{}", fmt::join(branch.assumptions, ", "))));
        std::vector<Row> rows;
        if (!branch.location.is_none()) {
            const Location& location = model_.location(branch.location);
            rows.push_back({"location",
                            place_text(model_, location.block, style_),
                            visible(location_pattern(location)),
                            {}});
        } else if (!branch.server.is_none()) {
            rows.push_back(
                {"server", place_text(model_, model_.server(branch.server).block, style_), "", {}});
        }
        add_rows(rows, indent + "  ");
        add_end(branch.outcome, nullptr, indent + "  ");
    }

    const Request& request_;
    const Model& model_;
    const TextStyle& style_;
    Palette palette_;
    bool why_;
    std::string out_;
};

} // namespace

std::string render_route_text(const Answer& answer, const Request& request, const Model& model,
                              const TextStyle& style, bool why) {
    return RouteText(request, model, style, why).render(answer);
}

} // namespace upstream_lint
