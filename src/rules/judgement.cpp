#include "rules/judgement.hpp"

#include "rules/listener_answer.hpp"
#include "rules/name_answer.hpp"
#include "rules/unix_answer.hpp"

#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace upstream_lint {

namespace {

ProbeAnswer answer_to(const Probe& probe, const Perspective& perspective, const FactIndex& facts) {
    switch (probe.kind) {
    case Probe::Kind::unix_socket:
        return answer_unix_socket(probe.subject, probe.is_datagram, perspective, facts);
    case Probe::Kind::listener:
        if (const auto address = parse_address_and_port(probe.subject)) {
            return answer_listener(*address, probe.is_datagram, perspective, facts);
        }
        return unknown(fmt::format("{} is no address", probe.subject));
    case Probe::Kind::name:
    case Probe::Kind::resolver_name:
        break;
    }
    return answer_name(probe, perspective, facts);
}

/// What the servers of one kind, backups or not, come to: the best of them.
struct Side {
    bool has_any = false;
    bool has_satisfied = false;
    const ProbeAnswer* unknown = nullptr;
    const ProbeAnswer* violated = nullptr;

    void add(const ProbeAnswer& answer) {
        has_any = true;
        has_satisfied = has_satisfied || answer.verdict == Verdict::satisfied;
        if (answer.verdict == Verdict::unknown && unknown == nullptr) {
            unknown = &answer;
        }
        if (answer.verdict == Verdict::violated && violated == nullptr) {
            violated = &answer;
        }
    }
};

class Judge {
public:
    Judge(const ResolutionGraph& graph, const ProbePlan& plan, const Perspective& perspective,
          const FactIndex& facts) :
        graph_(graph),
        plan_(plan) {
        result_.answers.reserve(plan.probes.size());
        for (const Probe& probe : plan.probes) {
            result_.answers.push_back(answer_to(probe, perspective, facts));
        }
        result_.exchanges.reserve(plan.exchanges.size());
        for (std::uint32_t i = 0; i < plan.exchanges.size(); ++i) {
            const ExchangeProbe& asked = plan.exchanges[i];
            result_.exchanges.push_back(
                answer_exchange(asked, result_.answer(asked.probe), perspective, facts));
            for (const std::uint32_t target : asked.targets) {
                exchanges_of_.emplace(std::pair(target, asked.probe.value), i);
            }
        }
    }

    Judgement judgement() && {
        result_.targets.reserve(graph_.targets.size());
        for (std::uint32_t i = 0; i < graph_.targets.size(); ++i) {
            result_.targets.push_back(state_of({i}));
        }
        collect_faults();
        return std::move(result_);
    }

private:
    [[nodiscard]] TargetState state_of(GraphTargetId id) {
        const GraphTarget& target = graph_.target(id);
        const auto& needs = plan_.needs[id.value];
        if (target.target.kind == Target::Kind::dynamic) {
            return {.reason = target.reason};
        }
        Side primary;
        Side backup;
        for (const ProbePlan::Need& need : needs) {
            const Peer& peer = target.peers[need.peer];
            if (!peer.down) {
                (peer.backup ? backup : primary).add(answer_for(id, need.probe));
            }
        }
        return combined(primary, backup);
    }

    /// Who takes connections may not answer as nginx wants it.
    const ProbeAnswer& answer_for(GraphTargetId id, ProbeId probe) {
        const ProbeAnswer& answer = result_.answer(probe);
        if (answer.verdict != Verdict::satisfied) {
            return answer;
        }
        const auto [begin, end] = exchanges_of_.equal_range({id.value, probe.value});
        for (auto found = begin; found != end; ++found) {
            const ExchangeAnswer& exchange = result_.exchanges[found->second];
            if (exchange.verdict == Verdict::violated) {
                return doubts_.emplace_back(
                    violated(exchange.cause, exchange.reason, exchange.confidence));
            }
            if (!exchange.tried.empty() && exchange.verdict != Verdict::satisfied) {
                return doubts_.emplace_back(unknown(exchange.reason));
            }
        }
        return answer;
    }

    static TargetState combined(const Side& primary, const Side& backup) {
        if (primary.has_satisfied) {
            return {.verdict = Verdict::satisfied};
        }
        if (primary.unknown != nullptr) {
            return {.reason = primary.unknown->reason,
                    .asks_for_connection = primary.unknown->asks_for_connection};
        }
        if (backup.has_satisfied) {
            return {.verdict = Verdict::satisfied};
        }
        if (backup.unknown != nullptr) {
            return {.reason = backup.unknown->reason,
                    .asks_for_connection = backup.unknown->asks_for_connection};
        }
        const ProbeAnswer* const worst =
            primary.violated != nullptr ? primary.violated : backup.violated;
        if (worst == nullptr) {
            return {.reason = "there is nothing to ask for"};
        }
        return {.verdict = Verdict::violated, .reason = worst->reason};
    }

    void collect_faults() {
        std::map<std::pair<std::string_view, std::string_view>, std::size_t> known;
        for (std::uint32_t i = 0; i < result_.answers.size(); ++i) {
            const ProbeAnswer& answer = result_.answers[i];
            if (answer.verdict != Verdict::violated) {
                continue;
            }
            const std::string_view culprit =
                answer.culprit.empty() ? std::string_view(answer.subject) : answer.culprit;
            const auto [found, is_new] =
                known.try_emplace({answer.cause, culprit}, result_.faults.size());
            if (is_new) {
                result_.faults.push_back({.cause = answer.cause, .probes = {}, .askers = {}});
            }
            result_.faults[found->second].probes.push_back({i});
            fault_of_.emplace(i, found->second);
        }
        for (std::uint32_t i = 0; i < plan_.needs.size(); ++i) {
            for (const ProbePlan::Need& need : plan_.needs[i]) {
                add_target(need, {i});
            }
        }
    }

    void add_target(const ProbePlan::Need& need, GraphTargetId id) {
        const auto found = fault_of_.find(need.probe.value);
        if (found == fault_of_.end()) {
            return;
        }
        Fault& fault = result_.faults[found->second];
        fault.askers.push_back({id, need.peer});
        fault.breaks_target =
            fault.breaks_target || result_.targets[id.value].verdict == Verdict::violated;
    }

    const ResolutionGraph& graph_;
    const ProbePlan& plan_;
    Judgement result_;
    std::multimap<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> exchanges_of_;
    std::deque<ProbeAnswer> doubts_; // which stay where they are
    std::map<std::uint32_t, std::size_t> fault_of_;
};

} // namespace

Judgement judge(const ResolutionGraph& graph, const ProbePlan& plan, const Perspective& perspective,
                const FactIndex& facts) {
    return Judge(graph, plan, perspective, facts).judgement();
}

} // namespace upstream_lint
