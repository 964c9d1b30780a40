#include "rules/exchange_answer.hpp"

#include "rules/exchange_cause.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

bool is_made(const ConnectFacts& connect) {
    return connect.reading.is_complete() && connect.error.empty();
}

bool is_asked(const Reading& reading) {
    return reading.status != ReadStatus::not_asked && reading.status != ReadStatus::unsupported;
}

std::string handshake_failure(const HandshakeFacts& handshake) {
    if (!handshake.error.empty()) {
        return handshake.error;
    }
    if (!handshake.verify_error.empty()) {
        return handshake.verify_error;
    }
    return handshake.reading.status == ReadStatus::timeout ? "the TLS handshake took too long" : "";
}

std::string reply_failure(const ReplyFacts& reply) {
    if (!reply.error.empty()) {
        return reply.error;
    }
    return reply.reading.status == ReadStatus::timeout ? "a request was not answered in time" : "";
}

std::string handshake_text(const HandshakeFacts& handshake) {
    const std::string failure = handshake_failure(handshake);
    return failure.empty() ? fmt::format("{}, {}", handshake.protocol, handshake.cipher) : failure;
}

std::string reply_text(const ReplyFacts& reply) {
    const std::string failure = reply_failure(reply);
    if (!failure.empty()) {
        return failure;
    }
    if (!reply.line.empty()) {
        return reply.line;
    }
    return reply.kind == ReplyFacts::Kind::http2 ? "a frame of HTTP/2" : "a record of FastCGI";
}

void collect(const ExchangeProbe& asked, std::string_view perspective, std::string_view target,
             const FactIndex& facts, std::vector<const ConnectFacts*>& found) {
    for (const ConnectFacts* const connect : facts.exchanges(perspective, target)) {
        if (*connect->exchange == asked.exchange && was_tried(*connect)) {
            found.push_back(connect);
        }
    }
}

} // namespace

bool was_tried(const ConnectFacts& connect) {
    return is_made(connect) && ((connect.handshake && is_asked(connect.handshake->reading)) ||
                                (connect.reply && is_asked(connect.reply->reading)));
}

std::string failure_of(const ConnectFacts& connect) {
    std::string failure = connect.handshake ? handshake_failure(*connect.handshake) : std::string();
    return failure.empty() && connect.reply ? reply_failure(*connect.reply) : failure;
}

bool is_answered(const ConnectFacts& connect) {
    if (!was_tried(connect) || !failure_of(connect).empty()) {
        return false;
    }
    // TLS 1.3 refuses a client without a certificate behind the handshake
    const bool is_without_certificate = connect.exchange->tls &&
                                        connect.exchange->tls->has_client_certificate &&
                                        !(connect.reply && connect.reply->status);
    const bool is_readable = (!connect.handshake || connect.handshake->reading.is_complete()) &&
                             (!connect.reply || !is_asked(connect.reply->reading) ||
                              connect.reply->reading.is_complete());
    return is_readable && !is_without_certificate;
}

void add_exchange_evidence(const ConnectFacts& connect, std::vector<Evidence>& evidence) {
    if (connect.handshake && is_asked(connect.handshake->reading)) {
        const Reading& reading = connect.handshake->reading;
        evidence.push_back({.fact = fmt::format("TLS handshake with {}", connect.target),
                            .value = handshake_text(*connect.handshake),
                            .source = reading.source,
                            .status = std::string(read_status_name(reading.status))});
    }
    if (connect.reply && is_asked(connect.reply->reading)) {
        const Reading& reading = connect.reply->reading;
        evidence.push_back(
            {.fact = fmt::format("answer of {} to `{}`", connect.target, connect.reply->request),
             .value = reply_text(*connect.reply),
             .source = reading.source,
             .status = std::string(read_status_name(reading.status))});
    }
}

ExchangeAnswer answer_exchange(const ExchangeProbe& asked, const ProbeAnswer& answer,
                               const Perspective& perspective, const FactIndex& facts) {
    ExchangeAnswer result;
    if (perspective.network == nullptr) {
        return result;
    }
    const std::string& from = perspective.network->id;
    if (answer.connect != nullptr) {
        collect(asked, from, answer.connect->target, facts, result.tried);
    }
    for (const ProbeAnswer& address : answer.addresses) {
        if (address.connect != nullptr && address.connect != answer.connect) {
            collect(asked, from, address.connect->target, facts, result.tried);
        }
    }
    for (const ConnectFacts* const connect : result.tried) {
        if (is_answered(*connect)) {
            result.verdict = Verdict::satisfied;
            result.failed = nullptr;
            return result;
        }
        if (result.failed == nullptr) {
            result.failed = connect;
        }
    }
    if (result.failed == nullptr) {
        return result;
    }
    const std::string failure = failure_of(*result.failed);
    result.reason = fmt::format("{} takes connections, but {}", result.failed->target,
                                failure.empty() ? "it is not known how it answers nginx" : failure);
    const ExchangeCause cause = cause_of_failure(*result.failed, facts);
    result.cause = cause.id;
    result.confidence = cause.confidence;
    const bool is_known = !cause.id.empty() && cause.confidence != Confidence::hint;
    result.verdict = is_known ? Verdict::violated : Verdict::unknown;
    return result;
}

} // namespace upstream_lint
