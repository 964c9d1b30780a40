#pragma once

#include "upstream_lint/diagnostic.hpp"
#include "upstream_lint/source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

enum class Severity : std::uint8_t { info, warning, error };

[[nodiscard]] std::string_view severity_name(Severity severity);

/// The best that the facts at hand prove.
enum class Confidence : std::uint8_t { hint, likely, proven };

[[nodiscard]] std::string_view confidence_name(Confidence confidence);

/// A fact that a verdict stands on.
struct Evidence {
    std::string fact;          ///< what was looked at: `TCP listeners of nginx's network namespace`
    std::string value;         ///< what was seen: `nobody listens on 127.0.0.1:9000`
    std::string source{};      ///< `sock_diag`, `/proc/net/tcp`, `configuration`
    std::string time{};        ///< RFC 3339; empty where it does not matter
    std::string status = "ok"; ///< read_status_name

    friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// A place of the configuration with the include directives that lead there, innermost first.
struct FindingPlace {
    Span span;
    std::vector<Span> trail;

    friend bool operator==(const FindingPlace&, const FindingPlace&) = default;
};

/// Edits that repair the configuration.
struct FixIt {
    struct Edit {
        Span span; ///< is replaced
        std::string text;
    };

    std::string title;
    std::vector<Edit> edits;
};

/// Something that is wrong, or that nobody could look at. One cause is one finding, however many
/// places it has.
struct Finding {
    std::string_view rule; ///< its id; static storage
    Severity severity = Severity::error;
    Confidence confidence = Confidence::proven;
    Verdict verdict = Verdict::violated;
    std::string message; ///< what is wrong: lower case, no full stop
    std::vector<FindingPlace>
        places;                     ///< the first is shown with its line; empty: of the host alone
    std::vector<Label> labels;      ///< other places that help: the group's `server`, `resolver`
    std::vector<std::string> notes; ///< why, and what else is there to know
    std::vector<Evidence> evidence;
    std::vector<std::string> urls; ///< that it breaks, each reaching a place
    std::optional<FixIt> fix;
    std::string command; ///< the one that repairs; never run by this program
    std::string verify;  ///< the one that shows that it is repaired
    /// Edges of the graph (GraphEdgeId) whose ways it breaks, for those who look for URLs.
    std::vector<std::uint32_t> edges;
};

/// What is known of one target of the configuration.
struct TargetVerdict {
    std::string target; ///< as the configuration has it
    std::string kind;   ///< `tcp`, `unix`, `upstream`, `dynamic`
    Verdict verdict = Verdict::unknown;
    std::string reason; ///< why it is violated or unknown
    std::vector<Evidence> facts;
    std::vector<FindingPlace> places;
};

/// How one source of facts was read.
struct Coverage {
    std::string source; ///< `tcp_listeners`, `systemd`
    std::string status; ///< read_status_name
    std::string reason;
};

/// What `check` says of one configuration.
struct Report {
    std::vector<Finding> findings; ///< by file as first included, offset, rule
    std::vector<TargetVerdict> targets;
    std::vector<Coverage> coverage;
    /// Targets that only a connection could say something of.
    std::uint32_t left_to_probes = 0;
};

} // namespace upstream_lint
