#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

namespace {

bool is_gateway(GraphEdge::Kind kind) {
    return kind == GraphEdge::Kind::fastcgi || kind == GraphEdge::Kind::scgi ||
           kind == GraphEdge::Kind::uwsgi;
}

bool is_web_server(std::string_view command) {
    constexpr std::array<std::string_view, 8> names = {"apache2", "httpd",    "lighttpd", "caddy",
                                                       "node",    "gunicorn", "unicorn",  "puma"};
    return std::ranges::find(names, command) != names.end();
}

/// What this configuration itself listens on for HTTP, and for nothing else.
bool is_own_http(const RuleContext& context, const InetSocket& socket) {
    bool has_http = false;
    for (const Listener& listener : context.model.listeners()) {
        if (listener.address.port != socket.address.port) {
            continue;
        }
        if (listener.protocol != Protocol::http) {
            return false;
        }
        has_http = has_http || !listener.is_datagram;
    }
    return has_http;
}

/// The questions that only targets of such directives ask.
std::vector<bool> gateways_of(const RuleContext& context) {
    std::vector<bool> is_asked_by_gateway(context.plan.probes.size(), true);
    for (std::uint32_t i = 0; i < context.plan.needs.size(); ++i) {
        const GraphTarget& target = context.graph.target({i});
        const bool is_of_gateway = std::ranges::all_of(target.edges, [&](GraphEdgeId edge) {
            return is_gateway(context.graph.edge(edge).kind);
        });
        for (const ProbePlan::Need& need : context.plan.needs[i]) {
            if (!is_of_gateway) {
                is_asked_by_gateway[need.probe.value] = false;
            }
        }
    }
    return is_asked_by_gateway;
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    const std::vector<bool> gateways = gateways_of(context);
    const auto common = [&](ProbeId id, const ProbeAnswer& answer) {
        const InetSocket* const socket = answer.listener;
        const bool is_taken = gateways[id.value] && answer.verdict == Verdict::satisfied &&
                              socket != nullptr &&
                              (is_web_server(socket->owner.command) ||
                               (socket->owner.command == "nginx" && is_own_http(context, *socket)));
        return is_taken ? answer.subject : std::string();
    };
    for (const Fault& group : group_questions(context, common)) {
        const ProbeAnswer& answer = context.judgement.answer(group.probes.front());
        Finding finding = finding_of(context, info, group, Confidence::likely,
                                     fmt::format("{} is taken by {}, which speaks HTTP",
                                                 answer.subject, answer.listener->owner.command));
        finding.notes.emplace_back(
            "the program that is meant to listen there cannot start; its log "
            "says `Address already in use`");
        finding.verify = fmt::format("ss -ltnp 'sport = :{}'", answer.listener->address.port);
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::port_owned_by_other_program = {
    .info =
        {.id = "port-owned-by-other-program",
         .catalogue = "C10",
         .group = RuleGroup::listeners,
         .impact = Impact::high,
         .confidence = Confidence::likely,
         .summary = "a web server listens where FastCGI, SCGI or uWSGI is meant to answer",
         .explanation =
             R"(nginx answers 502 and logs `upstream sent unsupported FastCGI protocol version: 72`, `upstream sent
no valid HTTP header`, or the like: another program was first to take the port. That of PHP-FPM then
says `unable to bind listening socket: Address already in use`.

It is likely by the name of the program that listens: a web server that speaks HTTP alone.

**Repair.** Give one of the two another port, and start the program that was kept out.

**Silent** about programs that may speak both; about `nginx` itself, unless the port is one that
this configuration listens on for HTTP.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            fastcgi_pass 127.0.0.1:9000;
        }
    }
}
)",
                 .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [
    {
      "id": "1",
      "addresses": ["127.0.0.1/8"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 9000, "comm": "apache2", "pid": 77}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ]
}
)"},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            fastcgi_pass 127.0.0.1:9000;
        }
    }
}
)",
                  .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [
    {
      "id": "1",
      "addresses": ["127.0.0.1/8"],
      "tcp_listeners": [
        {"addr": "127.0.0.1", "port": 9000, "comm": "php-fpm8.2", "pid": 77}
      ],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
