// Answers of upstreams: what is complete stays what it is, and nothing of a terminal gets through.

#include "facts/upstream_reply.hpp"

#include "property.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace upstream_lint::fuzz {
namespace {

void check_reply(Exchange::Protocol asked, std::string_view bytes) {
    const UpstreamReply whole = read_upstream_reply(asked, bytes, true);
    require(whole.is_complete, "the end of a connection ends an answer");
    require(std::ranges::all_of(
                whole.facts.line,
                [](char letter) { return letter == '\t' || (letter >= ' ' && letter < '\x7f'); }),
            "a line is text");
    require(whole.facts.line.size() <= 128, "a line is short");
    const std::string_view some = bytes.substr(0, bytes.size() / 2);
    const UpstreamReply part = read_upstream_reply(asked, some, false);
    if (!part.is_complete)
        return;
    require(part.facts.kind == whole.facts.kind && part.facts.status == whole.facts.status &&
                part.facts.line == whole.facts.line && part.facts.error == whole.facts.error,
            "what is complete says the same when more comes");
}

} // namespace
} // namespace upstream_lint::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using upstream_lint::Exchange;
    for (const Exchange::Protocol asked : {Exchange::Protocol::http, Exchange::Protocol::http2,
                                           Exchange::Protocol::fastcgi, Exchange::Protocol::none})
        upstream_lint::fuzz::check_reply(asked, upstream_lint::fuzz::as_text(data, size));
    return 0;
}
