#include "rules/exchange_finding.hpp"

#include "rules/exchange_answer.hpp"
#include "rules/fault_finding.hpp"
#include "rules/shell_word.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace upstream_lint {

namespace {

constexpr std::string_view unix_prefix = "unix:";

bool breaks_a_target(const RuleContext& context, const ExchangeProbe& asked) {
    return std::ranges::any_of(asked.targets, [&](std::uint32_t target) {
        return context.judgement.targets[target].verdict == Verdict::violated;
    });
}

Finding finding_of_exchange(const RuleContext& context, const RuleInfo& info,
                            const ExchangeProbe& asked, const ExchangeAnswer& answer) {
    Finding finding = finding_of(info, answer.confidence, answer.reason);
    for (const ConnectFacts* const connect : answer.tried) {
        add_exchange_evidence(*connect, finding.evidence);
    }
    for (const std::uint32_t edge : asked.edges) {
        add_edge(finding, context, {edge});
    }
    if (answer.verdict == Verdict::violated && !breaks_a_target(context, asked)) {
        finding.severity = std::min(finding.severity, Severity::warning);
        finding.notes.emplace_back("other servers of the group take its requests");
    }
    return finding;
}

} // namespace

void add_exchange_faults(const RuleContext& context, const RuleInfo& info,
                         std::vector<Finding>& findings,
                         const std::function<void(Finding&, const ConnectFacts&)>& finish) {
    for (std::size_t i = 0; i < context.judgement.exchanges.size(); ++i) {
        const ExchangeAnswer& answer = context.judgement.exchanges[i];
        if (answer.cause != info.id) {
            continue;
        }
        Finding finding = finding_of_exchange(context, info, context.plan.exchanges[i], answer);
        finish(finding, *answer.failed);
        findings.push_back(std::move(finding));
    }
}

std::string handshake_command(const ConnectFacts& connect) {
    const std::string_view target = connect.target;
    std::string command = target.starts_with(unix_prefix)
                              ? fmt::format("openssl s_client -unix {}",
                                            shell_word(target.substr(unix_prefix.size())))
                              : fmt::format("openssl s_client -connect {}", shell_word(target));
    if (!connect.exchange || !connect.exchange->tls) {
        return command;
    }
    const std::string& name = connect.exchange->tls->server_name;
    return command +=
           name.empty() ? " -noservername" : fmt::format(" -servername {}", shell_word(name));
}

std::string request_command(const ConnectFacts& connect) {
    const std::string_view target = connect.target;
    const bool is_http2 =
        connect.exchange && connect.exchange->protocol == Exchange::Protocol::http2;
    const std::string_view options = is_http2 ? "-sS -I --http2-prior-knowledge" : "-sS -I";
    return target.starts_with(unix_prefix)
               ? fmt::format("curl {} --unix-socket {} http://localhost/", options,
                             shell_word(target.substr(unix_prefix.size())))
               : fmt::format("curl {} {}", options, shell_word(fmt::format("http://{}/", target)));
}

} // namespace upstream_lint
