#pragma once

#include "requests/echo.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint::differential {

/// The request that the bytes are; nothing as long as there is more to come. `peer` is left empty.
[[nodiscard]] std::optional<EchoedRequest> read_request(EchoProtocol protocol,
                                                        std::string_view bytes);

/// 200 with what was sent.
[[nodiscard]] std::string answer_to(EchoProtocol protocol, const EchoedRequest& request);

} // namespace upstream_lint::differential
