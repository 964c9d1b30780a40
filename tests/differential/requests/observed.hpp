#pragma once

#include "requests/client.hpp"
#include "requests/echo.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace upstream_lint::differential {

/// The header of an answer that names the block whose configuration answered.
inline constexpr std::string_view block_header = "X-Block";

/// What nginx answered, as far as it can be compared.
struct Observed {
    enum class Kind : std::uint8_t {
        answered,
        bare,   ///< HTTP/0.9: a body and nothing else, not even whether there is an answer
        closed, ///< without a byte
        refused,
        no_tls,
        timed_out,
        unreadable,
    };

    Kind kind = Kind::unreadable;
    int status = 0;                        ///< of `answered`
    std::optional<std::string> tag;        ///< of the block whose configuration answered
    std::optional<std::string> redirect;   ///< `Location`
    std::optional<EchoedRequest> upstream; ///< what an upstream that answered was sent
    std::string body;
};

/// `http`: the version of the request, as ClientRequest has it.
[[nodiscard]] Observed observe(const RawAnswer& answer, const std::string& http);

/// For people, one line each.
[[nodiscard]] std::string description_of(const Observed& observed);
[[nodiscard]] std::string description_of(const EchoedRequest& request);

} // namespace upstream_lint::differential
