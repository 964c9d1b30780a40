#pragma once

#include "upstream_lint/exchange.hpp"
#include "upstream_lint/facts.hpp"

#include <cstddef>
#include <string_view>

namespace upstream_lint {

/// As much of an answer as is ever read.
inline constexpr std::size_t max_upstream_reply = 8192;

/// The first bytes of an answer.
struct UpstreamReply {
    bool is_complete = false; ///< more bytes would say no more
    ReplyFacts facts;         ///< `kind`, `status`, `line` and `error` alone
};

/// Reads what came until now. `is_over`: nothing more comes, the peer closed the connection.
/// `error` is what nginx logs of an answer that the protocol does not know
/// (ngx_http_parse_status_line, ngx_http_fastcgi_process_record, ngx_http_grpc_process_header), and
/// of a connection that was closed before there was one. Cost: one pass over at most
/// `max_upstream_reply` bytes.
[[nodiscard]] UpstreamReply read_upstream_reply(Exchange::Protocol asked, std::string_view bytes,
                                                bool is_over);

} // namespace upstream_lint
