#pragma once

#include "requests/observed.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/resolution.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::differential {

/// What the generators' own headers to upstreams begin with, and their FastCGI parameters.
inline constexpr std::string_view own_header = "X-S-";
inline constexpr std::string_view own_param = "XS_";

/// One way that a request may go.
struct PredictedWay {
    Outcome outcome;
    /// What block_header should say. Nothing: no such header.
    std::optional<std::string> tag;
    std::uint32_t line = 0;  ///< of the block that answers; 0: there is none
    bool is_answered = true; ///< by an upstream, where the request is passed on to one
    bool is_told = true;     ///< the answer tells what the upstream was sent
    std::vector<std::string> assumptions;
};

/// A request that arrives at an upstream.
struct PassedOn {
    std::string kind; ///< for people
    PredictedWay way;
    UpstreamRequest request;
};

/// What we say of a request, in the terms of what can be observed.
struct Predicted {
    PredictedWay way;
    std::vector<PredictedWay> branches;
    UpstreamRequest request;
    Certainty certainty = Certainty::exact;
    /// A request beside it has an outcome that is not known, so that there may be branches.
    bool may_branch = false;
    std::optional<std::string> file; ///< the path of the file that is sent, where it is told
    std::optional<std::string> body; ///< what stands in it
    std::vector<std::string> steps;  ///< for people
    /// nginx reads or writes beyond what is its own: nobody can tell what comes of it.
    bool is_undefined = false;
    bool is_cut_short = false;  ///< a request beside it ends the connection, and others with it
    std::vector<PassedOn> side; ///< requests beside this one that upstreams answer
};

/// What block_header says in the answers of a level; nothing where it has none.
[[nodiscard]] std::optional<std::string> tag_of(const Model& model, LocationId level);

/// `peers` are the upstreams that answer. `body` is left to the caller.
[[nodiscard]] Predicted predict(const Answer& answer, const Model& model,
                                std::span<const std::string> peers);

/// Where both differ, each beginning with one word for its kind: `certainty`, `outcome`, `block`,
/// `status`, `redirect`, `target`, `peer`, `method`, `host`, `header`, `param`,
/// `file`.
[[nodiscard]] std::vector<std::string> disagreements(const Observed& observed, Predicted predicted);

/// Where what all upstreams together were sent differs, each beginning with `side`. What follows an
/// assumption is not looked at, nor where the connection ends early.
[[nodiscard]] std::vector<std::string> disagreements(std::vector<EchoedRequest> arrived,
                                                     const Predicted& predicted);

/// For people.
[[nodiscard]] std::string description_of(const Predicted& predicted);

} // namespace upstream_lint::differential
