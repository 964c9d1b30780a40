#pragma once

#include <string>

namespace upstream_lint::test {

/// Answers every connection to a unix socket with an empty response of HTTP, and does not return.
/// Without a path the socket is the one that systemd hands over as descriptor 3.
[[noreturn]] void serve_forever(const std::string& path);

} // namespace upstream_lint::test
