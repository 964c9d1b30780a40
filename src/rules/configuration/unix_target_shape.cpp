#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"

#include <fmt/format.h>
#include <string_view>

namespace upstream_lint {

namespace {

/// The part of a path that is named like a socket and has something behind it; else empty.
std::string_view socket_inside(std::string_view path) {
    for (std::size_t slash = path.find('/', 1); slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
        const std::string_view part = path.substr(0, slash);
        if (part.ends_with(".sock") || part.ends_with(".socket")) {
            return part;
        }
    }
    return {};
}

void add_relative(const RuleContext& context, const RuleInfo& info, ProbeId id,
                  std::vector<Finding>& findings) {
    const std::string& path = context.plan.probe(id).subject;
    Finding finding = finding_of(context, info, question_of(context, id), Confidence::likely,
                                 fmt::format("`unix:{}` is a relative path", path));
    finding.notes.emplace_back("it begins at the folder that nginx was started in: `/` of a "
                               "service; an absolute path means the same everywhere");
    if (path.starts_with('@')) {
        finding.notes.emplace_back("nginx knows no abstract sockets: `@` is a letter of the name");
    }
    findings.push_back(std::move(finding));
}

void add_longer(const RuleContext& context, const RuleInfo& info, ProbeId id,
                std::string_view socket, std::vector<Finding>& findings) {
    const std::string& path = context.plan.probe(id).subject;
    Finding finding =
        finding_of(context, info, question_of(context, id), Confidence::likely,
                   fmt::format("`{}` is a part of the socket's path", path.substr(socket.size())));
    finding.notes.push_back(fmt::format("a URI stands behind a colon: `unix:{}:{}`", socket,
                                        path.substr(socket.size())));
    findings.push_back(std::move(finding));
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [](Finding& finding, const ProbeAnswer& answer) {
        if (answer.component != nullptr) {
            finding.notes.push_back(
                fmt::format("a URI stands behind a colon: `unix:{}:/`", answer.component->path));
            finding.verify = fmt::format("ls -ld {}", shell_word(answer.component->path));
        }
    });
    for (std::uint32_t i = 0; i < context.plan.probes.size(); ++i) {
        const Probe& probe = context.plan.probes[i];
        if (probe.kind != Probe::Kind::unix_socket ||
            context.judgement.answers[i].verdict != Verdict::unknown) {
            continue;
        }
        if (!probe.subject.starts_with('/')) {
            add_relative(context, info, {i}, findings);
        } else if (const auto socket = socket_inside(probe.subject); !socket.empty()) {
            add_longer(context, info, {i}, socket, findings);
        }
    }
}

} // namespace

const Rule rules::unix_target_shape = {
    .info = {.id = "unix-target-shape",
             .catalogue = "A09",
             .group = RuleGroup::configuration,
             .impact = Impact::high,
             .confidence = Confidence::proven,
             .summary = "the path of a unix socket is written so that it means another",
             .explanation =
                 R"(A URI stands behind a colon: `proxy_pass http://unix:/run/a.sock:/api`. Without
it the URI is a part of the path, nginx answers 502 and logs
`connect() to unix:/run/a.sock/api failed (20: Not a directory)`. A path that does not begin with `/`
begins at the folder that nginx was started in. `nginx -t` takes both; it refuses a path of more than
107 bytes (`too long path in the unix domain socket`) and none at all (`no path in the unix domain
socket`).

It is proven by looking at the path; without facts it is likely where a part of the path that is no
folder by its name, `.sock` or `.socket`, has something behind it.

**Repair.** Write the colon, or the path from `/` on, and reload nginx.

**Silent** about `unix:///run/a.sock`, which is the same path; where the socket is there.
)",
             .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://unix:/run/app.sock/api;
        }
    }
}
)",
                     .facts = ""},
             .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://unix:/run/app.sock:/api;
        }
    }
}
)",
                      .facts = ""}},
    .check = check};

} // namespace upstream_lint
