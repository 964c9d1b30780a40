#include "requests/predicted.hpp"

#include "nginx_message.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace upstream_lint::differential {

namespace {

using OutcomeKind = Outcome::Kind;

std::string word_at(const Model& model, DirectiveRef directive, std::size_t index) {
    const Config& config = model.config();
    const SyntaxTree& tree = config.tree(config.inclusion(directive.inclusion).file);
    const std::span<const Word> words = tree.words(directive.node);
    return index < words.size() ? tree.value(words[index]) : "";
}

std::uint32_t line_of(const Model& model, DirectiveRef directive) {
    if (directive.is_none())
        return 0;
    const Config& config = model.config();
    const FileId file = config.inclusion(directive.inclusion).file;
    const std::span<const Word> words = config.tree(file).words(directive.node);
    return words.empty() ? 0 : config.sources().line_column(file, words.front().begin).line;
}

bool is_passed_on(OutcomeKind kind) {
    return kind <= OutcomeKind::stream;
}

PredictedWay way_of(const Model& model, const Outcome& outcome, ServerId server,
                    LocationId location, LocationId block, std::span<const std::string> peers) {
    LocationId level = block.is_none() ? location : block;
    if (level.is_none() && !server.is_none())
        level = model.server(server).level;
    PredictedWay way;
    way.outcome = outcome;
    way.tag = tag_of(model, level);
    if (!level.is_none())
        way.line = line_of(model, model.location(level).block);
    way.is_answered = std::ranges::any_of(outcome.peers, [&](const Peer& peer) {
        return std::ranges::find(peers, peer.address) != peers.end();
    });
    return way;
}

constexpr int bad_request = 400;

bool asks_upstream(const Answer& answer) {
    return std::ranges::any_of(answer.side, [](const SideRequest& each) {
        return (each.kind == SideRequest::Kind::auth_request &&
                is_passed_on(each.answer->outcome.kind)) ||
               asks_upstream(*each.answer);
    });
}

/// All of them, and those beside them.
void collect_side(const Model& model, const Answer& answer, std::span<const std::string> peers,
                  Predicted& predicted) {
    constexpr std::array<std::string_view, 3> kinds = {"auth_request", "mirror", "post_action"};
    for (const SideRequest& side : answer.side) {
        const Answer& other = *side.answer;
        PassedOn passed{
            std::string(kinds[static_cast<std::size_t>(side.kind)]) + ' ' + side.uri,
            way_of(model, other.outcome, other.server, other.location, other.block, peers),
            other.request};
        if (is_passed_on(other.outcome.kind) && passed.way.is_answered)
            predicted.side.push_back(std::move(passed));
        collect_side(model, other, peers, predicted);
        predicted.is_cut_short = predicted.is_cut_short || other.outcome.kind == OutcomeKind::close;
    }
    // How much of a request that is refused has been read differs.
    predicted.is_cut_short = predicted.is_cut_short || answer.outcome.status == bad_request;
    predicted.is_undefined =
        predicted.is_undefined || std::ranges::any_of(answer.steps, [](const Step& step) {
            return step.detail.starts_with("nginx reads beyond") ||
                   step.detail.starts_with("nginx writes beyond");
        });
}

std::string_view name_of(Step::Kind kind) {
    constexpr std::array<std::string_view, 19> names = {
        "listener",     "server", "rewrite",   "set",    "if",         "location",     "redirect",
        "internal",     "named",  "try_files", "index",  "error_page", "limit_except", "access",
        "auth_request", "mirror", "pass",      "return", "static"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(OutcomeKind kind) {
    constexpr std::array<std::string_view, 15> names = {
        "proxy",  "fastcgi",  "uwsgi",  "scgi",  "grpc",  "memcached", "tunnel",     "stream",
        "return", "redirect", "static", "close", "error", "runtime",   "no_listener"};
    return names[static_cast<std::size_t>(kind)];
}

std::string quoted(const std::optional<std::string>& text) {
    return text ? '`' + escape(*text) + '`' : "nothing";
}

/// Collects what differs.
class Differences {
public:
    void compare(std::string_view kind, const std::optional<std::string>& nginx,
                 const std::optional<std::string>& ours) {
        if (nginx != ours)
            add(kind, quoted(nginx), quoted(ours));
    }

    void add(std::string_view kind, const std::string& nginx, const std::string& ours) {
        found_.push_back(std::string(kind) + ": nginx " + nginx + ", we " + ours);
    }

    [[nodiscard]] bool none() const { return found_.empty(); }

    std::vector<std::string> take() && { return std::move(found_); }

private:
    std::vector<std::string> found_;
};

bool is_at(const Outcome& outcome, const std::string& peer) {
    return std::ranges::any_of(outcome.peers,
                               [&](const Peer& each) { return each.address == peer; });
}

std::string peers_text(const Outcome& outcome) {
    std::string text;
    for (const Peer& peer : outcome.peers)
        text += (text.empty() ? "" : " ") + peer.address;
    return outcome.target ? outcome.target->text + " (" + text + ")" : text;
}

void compare_upstream(const EchoedRequest& nginx, const Outcome& ours, Differences& found) {
    if (!is_at(ours, nginx.peer))
        found.add("peer", nginx.peer, peers_text(ours));
    if (ours.kind == OutcomeKind::proxy || ours.kind == OutcomeKind::memcached ||
        ours.kind == OutcomeKind::grpc)
        found.compare("target", nginx.target, ours.upstream_uri);
}

/// Of HTTP/0.9 only the body can be seen.
void compare_own_answer(const Observed& nginx, const PredictedWay& ours, Differences& found) {
    if (nginx.kind != Observed::Kind::answered)
        return;
    const std::string status =
        ours.outcome.status ? std::to_string(*ours.outcome.status) : "nothing";
    if (ours.outcome.status != nginx.status)
        found.add("status", std::to_string(nginx.status), status);
    found.compare("redirect", nginx.redirect, ours.outcome.redirect);
}

/// nginx tells it of an upstream where nobody listens, or whose name nobody knows.
constexpr int bad_gateway = 502;
constexpr int ok = 200;

OutcomeKind outcome_without_answer(Observed::Kind kind) {
    return kind == Observed::Kind::refused ? OutcomeKind::no_listener : OutcomeKind::close;
}

void compare_refusal(const Observed& nginx, Differences& found) {
    if (nginx.kind == Observed::Kind::answered && nginx.status != bad_gateway)
        found.add("status", std::to_string(nginx.status), "502, for want of an upstream");
}

/// What memcached answers has no header of its own, what gRPC answers no body.
bool is_told(const Observed& observed, OutcomeKind kind) {
    const bool has_header =
        observed.kind == Observed::Kind::answered && kind != OutcomeKind::memcached;
    return has_header || !observed.body.empty();
}

void compare_way(const Observed& nginx, const PredictedWay& ours, Differences& found) {
    const OutcomeKind kind = ours.outcome.kind;
    const bool answered =
        nginx.kind == Observed::Kind::answered || nginx.kind == Observed::Kind::bare;
    if (!answered) {
        if (kind != outcome_without_answer(nginx.kind))
            found.add("outcome", description_of(nginx), std::string(name_of(kind)));
        return;
    }
    if (nginx.kind == Observed::Kind::bare && nginx.body.empty() && !is_passed_on(kind))
        return;
    const bool is_upstreams = is_passed_on(kind) && ours.is_answered;
    if (is_passed_on(kind) && !ours.is_told) {
        if (nginx.kind == Observed::Kind::answered)
            found.compare("block", nginx.tag, ours.tag);
        return;
    }
    if (kind == OutcomeKind::close || kind == OutcomeKind::no_listener ||
        kind == OutcomeKind::runtime || is_upstreams != nginx.upstream.has_value()) {
        found.add("outcome", nginx.upstream ? "passes on" : "answers itself",
                  std::string(name_of(kind)));
        return;
    }
    if (nginx.upstream)
        compare_upstream(*nginx.upstream, ours.outcome, found);
    else if (is_passed_on(kind))
        compare_refusal(nginx, found);
    else
        compare_own_answer(nginx, ours, found);
    if (nginx.kind == Observed::Kind::answered)
        found.compare("block", nginx.tag, ours.tag);
}

/// Those that the configuration sets on purpose: other headers are passed on as they came.
std::vector<HeaderField> own(const std::vector<HeaderField>& fields, std::string_view prefix) {
    std::vector<HeaderField> result;
    std::ranges::copy_if(fields, std::back_inserter(result),
                         [&](const HeaderField& field) { return field.name.starts_with(prefix); });
    std::ranges::stable_sort(result, {}, &HeaderField::name);
    return result;
}

std::string text_of(const std::vector<HeaderField>& fields) {
    std::string text;
    for (const HeaderField& field : fields)
        text += "\n      " + escape(field.name + ": " + field.value);
    return text.empty() ? "nothing" : text;
}

void compare_fields(std::string_view kind, const std::vector<HeaderField>& nginx,
                    const std::vector<HeaderField>& ours, Differences& found) {
    if (nginx != ours)
        found.add(kind, text_of(nginx), text_of(ours));
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    });
    return result;
}

std::vector<HeaderField> with_lower_names(std::vector<HeaderField> fields) {
    for (HeaderField& field : fields)
        field.name = lower_case(field.name);
    return fields;
}

void compare_request(const EchoedRequest& nginx, const UpstreamRequest& ours, OutcomeKind kind,
                     Differences& found) {
    if (kind == OutcomeKind::grpc) {
        // names are sent in lower case
        const std::string prefix = lower_case(own_header);
        found.compare("method", nginx.method, ours.method);
        found.compare("host", nginx.header("Host"), ours.host);
        compare_fields("header", own(nginx.headers, prefix),
                       own(with_lower_names(ours.headers), prefix), found);
    } else if (kind == OutcomeKind::proxy) {
        found.compare("method", nginx.method, ours.method);
        found.compare("host", nginx.header("Host"), ours.host);
        compare_fields("header", own(nginx.headers, own_header), own(ours.headers, own_header),
                       found);
    } else if (kind != OutcomeKind::memcached) {
        compare_fields("param", own(nginx.headers, own_param), own(ours.params, own_param), found);
    }
}

std::string text_of(const PredictedWay& way) {
    std::string text(name_of(way.outcome.kind));
    if (way.outcome.status)
        text += ' ' + std::to_string(*way.outcome.status);
    text += ", block " + quoted(way.tag) + " (line " + std::to_string(way.line) + ')';
    if (way.outcome.redirect)
        text += ", Location " + escape(*way.outcome.redirect);
    if (way.outcome.upstream_uri)
        text += ", target " + escape(*way.outcome.upstream_uri);
    if (is_passed_on(way.outcome.kind))
        text += ", to " + peers_text(way.outcome);
    for (const std::string& assumption : way.assumptions)
        text += "\n      assumed: " + escape(assumption);
    return text;
}

} // namespace

// `add_header` is inherited by a level that has none.
std::optional<std::string> tag_of(const Model& model, LocationId level) {
    while (!level.is_none()) {
        bool has_own = false;
        for (const Setting& setting : model.settings(level)) {
            if (setting.name != "add_header")
                continue;
            has_own = true;
            if (word_at(model, setting.directive, 1) == block_header)
                return word_at(model, setting.directive, 2);
        }
        if (has_own)
            return std::nullopt;
        level = model.location(level).parent;
    }
    return std::nullopt;
}

Predicted predict(const Answer& answer, const Model& model, std::span<const std::string> peers) {
    Predicted predicted;
    predicted.way =
        way_of(model, answer.outcome, answer.server, answer.location, answer.block, peers);
    predicted.way.assumptions = answer.assumptions;
    for (const Branch& branch : answer.branches) {
        predicted.branches.push_back(
            way_of(model, branch.outcome, branch.server, branch.location, branch.block, peers));
        predicted.branches.back().assumptions = branch.assumptions;
    }
    predicted.request = answer.request;
    predicted.certainty = answer.certainty;
    predicted.may_branch = asks_upstream(answer);
    collect_side(model, answer, peers, predicted);
    for (const Step& step : answer.steps) {
        if (step.kind == Step::Kind::static_file && !step.detail.empty())
            predicted.file = step.detail;
        predicted.steps.push_back(std::string(name_of(step.kind)) + " line " +
                                  std::to_string(line_of(model, step.directive)) + ' ' +
                                  escape(step.uri) + ' ' + escape(step.detail));
    }
    return predicted;
}

std::vector<std::string> disagreements(const Observed& observed, Predicted predicted) {
    Differences found;
    predicted.way.is_told = is_told(observed, predicted.way.outcome.kind);
    for (PredictedWay& branch : predicted.branches)
        branch.is_told = is_told(observed, branch.outcome.kind);
    if (predicted.certainty != Certainty::exact && !predicted.may_branch) {
        found.add("certainty", description_of(observed), description_of(predicted));
        return std::move(found).take();
    }
    for (PredictedWay branch : predicted.branches) {
        // A branch does not tell of an `if` whose settings it has; the way they share does.
        if (branch.tag != observed.tag && predicted.way.tag == observed.tag)
            branch.tag = observed.tag;
        Differences of_branch;
        compare_way(observed, branch, of_branch);
        if (of_branch.none())
            return {};
    }
    compare_way(observed, predicted.way, found);
    if (found.none() && observed.upstream)
        compare_request(*observed.upstream, predicted.request, predicted.way.outcome.kind, found);
    if (found.none() && predicted.body && predicted.way.outcome.kind == OutcomeKind::static_file &&
        observed.status == ok && !observed.body.empty() && observed.body != *predicted.body)
        found.add("file", escape(observed.body), predicted.file.value_or(""));
    return std::move(found).take();
}

std::vector<std::string> disagreements(std::vector<EchoedRequest> arrived,
                                       const Predicted& predicted) {
    const OutcomeKind kind = predicted.way.outcome.kind;
    if (kind == OutcomeKind::close || kind == OutcomeKind::no_listener || predicted.is_cut_short)
        return {};
    Differences found;
    std::vector<PassedOn> expected = predicted.side;
    const bool is_certain = predicted.certainty == Certainty::exact;
    if (is_certain && is_passed_on(kind) && predicted.way.is_answered)
        expected.push_back({"the request itself", predicted.way, predicted.request});
    for (const PassedOn& each : expected) {
        const auto match = std::ranges::find_if(arrived, [&](const EchoedRequest& request) {
            Differences of_pair;
            compare_upstream(request, each.way.outcome, of_pair);
            compare_request(request, each.request, each.way.outcome.kind, of_pair);
            return of_pair.none();
        });
        if (match == arrived.end())
            found.add("side", "nothing like it",
                      each.kind + " to " + peers_text(each.way.outcome) + ' ' +
                          quoted(each.way.outcome.upstream_uri) + text_of(each.request.headers));
        else
            arrived.erase(match);
    }
    if (is_certain)
        for (const EchoedRequest& request : arrived)
            found.add("side", description_of(request), "nothing like it");
    return std::move(found).take();
}

std::string description_of(const Predicted& predicted) {
    std::string text = text_of(predicted.way);
    if (predicted.certainty != Certainty::exact)
        text += predicted.certainty == Certainty::unknown ? ", unknown" : ", conditional";
    for (const PredictedWay& branch : predicted.branches)
        text += "\n    branch: " + text_of(branch);
    if (is_passed_on(predicted.way.outcome.kind))
        text += "\n    upstream: " + quoted(predicted.request.method) + " Host " +
                quoted(predicted.request.host) + text_of(predicted.request.headers) +
                text_of(predicted.request.params);
    for (const PassedOn& each : predicted.side)
        text += "\n    beside: " + each.kind + ' ' + text_of(each.way);
    for (const std::string& step : predicted.steps)
        text += "\n    step: " + step;
    return text;
}

} // namespace upstream_lint::differential
