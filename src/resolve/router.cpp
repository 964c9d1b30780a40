#include "resolve/evaluator.hpp"
#include "resolve/http_entry.hpp"
#include "resolve/server_choice.hpp"
#include "resolve/stream_entry.hpp"
#include "upstream_lint/resolution.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace upstream_lint {

namespace {

template <typename T, typename Get>
void keep_common(T& field, const std::vector<Answer>& branches, Get get) {
    for (const Answer& branch : branches) {
        if (!(get(branch) == field)) {
            field = T();
            return;
        }
    }
}

/// Of a list what all branches begin with.
template <typename T, typename Get>
void keep_beginning(std::vector<T>& list, const std::vector<Answer>& branches, Get get) {
    for (const Answer& branch : branches) {
        const auto other = get(branch);
        const auto end = std::ranges::mismatch(list, other).in1;
        list.erase(end, list.end());
    }
}

/// What all branches agree on, field by field.
Answer joined(std::vector<Answer> branches) {
    Answer answer = branches.front();
    const auto common = [&](auto& field, auto get) { keep_common(field, branches, get); };
    common(answer.listener, [](const Answer& each) { return each.listener; });
    common(answer.server, [](const Answer& each) { return each.server; });
    common(answer.location, [](const Answer& each) { return each.location; });
    common(answer.block, [](const Answer& each) { return each.block; });
    common(answer.outcome.status, [](const Answer& each) { return each.outcome.status; });
    common(answer.outcome.redirect, [](const Answer& each) { return each.outcome.redirect; });
    common(answer.outcome.upstream_uri,
           [](const Answer& each) { return each.outcome.upstream_uri; });
    common(answer.outcome.target, [](const Answer& each) { return each.outcome.target; });
    common(answer.outcome.peers, [](const Answer& each) { return each.outcome.peers; });
    common(answer.request.method, [](const Answer& each) { return each.request.method; });
    common(answer.request.host, [](const Answer& each) { return each.request.host; });
    common(answer.request.headers, [](const Answer& each) { return each.request.headers; });
    common(answer.request.params, [](const Answer& each) { return each.request.params; });
    const bool same_kind = std::ranges::all_of(
        branches, [&](const Answer& each) { return each.outcome.kind == answer.outcome.kind; });
    if (!same_kind) {
        answer.outcome.kind = Outcome::Kind::runtime;
    }
    keep_beginning(answer.steps, branches,
                   [](const Answer& each) { return std::span(each.steps); });
    keep_beginning(answer.side, branches, [](const Answer& each) { return std::span(each.side); });
    answer.assumptions.clear();
    for (Answer& branch : branches) {
        answer.branches.push_back({std::move(branch.assumptions), branch.server, branch.location,
                                   branch.block, std::move(branch.outcome)});
    }
    answer.certainty = Certainty::conditional;
    return answer;
}

} // namespace

class Router::Resolver {
public:
    Resolver(const Model& model, RouterOptions options) :
        options_(std::move(options)), confs_(model, options_),
        servers_(model, {options_.hostname}) {}

    Answer route(const Request& request) {
        const auto url = parse_request_url(request.url);
        if (!url) {
            return {};
        }
        Assumptions assumptions;
        std::vector<Answer> branches;
        std::set<std::string> unknown;
        bool is_complete = true;
        do {
            if (branches.size() == options_.max_branches) {
                is_complete = false;
                unknown.merge(assumptions.questions());
                break;
            }
            Answer answer = walk(request, *url, assumptions);
            answer.assumptions = assumptions.made();
            unknown.insert(assumptions.unknown().begin(), assumptions.unknown().end());
            branches.push_back(std::move(answer));
        } while (assumptions.next_branch());
        Answer answer =
            branches.size() == 1 ? std::move(branches.front()) : joined(std::move(branches));
        if (!is_complete || !unknown.empty()) {
            answer.certainty = Certainty::unknown;
            answer.assumptions.assign(unknown.begin(), unknown.end());
        } else if (!answer.assumptions.empty()) {
            answer.certainty = Certainty::conditional;
        }
        return answer;
    }

private:
    Answer walk(const Request& request, const RequestUrl& url, Assumptions& assumptions) {
        if (url.scheme == "tcp" || url.scheme == "udp") {
            if (!stream_confs_) {
                stream_confs_.emplace(confs_.model, options_);
            }
            Evaluator evaluator(stream_confs_->values, assumptions);
            return StreamEntry(evaluator, *stream_confs_, servers_, request, url).walk();
        }
        Evaluator evaluator(confs_, assumptions);
        return HttpEntry(evaluator, servers_, request, url).walk();
    }

    RouterOptions options_;
    HttpConfs confs_;
    std::optional<StreamConfs> stream_confs_; // made when it is first needed
    ServerChoice servers_;
};

Router::Router(const Model& model, const RouterOptions& options) :
    resolver_(std::make_unique<Resolver>(model, options)) {}

Router::Router(Router&&) noexcept = default;
Router::~Router() = default;

Answer Router::route(const Request& request) {
    return resolver_->route(request);
}

} // namespace upstream_lint
