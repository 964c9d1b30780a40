#include "host/conversation.hpp"

#include "facts/upstream_reply.hpp"
#include "host/proc_files.hpp"

#include <cstring>
#include <fmt/format.h>
#include <utility>

namespace upstream_lint {

namespace {

constexpr const char* too_late = "no answer in time";

Reading late() {
    return {ReadStatus::timeout, "request", too_late};
}

} // namespace

Conversation::Conversation(const Script& script) : script_(script) {
    const bool wants_reply = script.exchange.protocol != Exchange::Protocol::none;
    if (wants_reply) {
        reply_.emplace();
        reply_->reading = {ReadStatus::not_asked, "request", script.left_out};
    }
    if (script.tls == nullptr) {
        begin_request();
        return;
    }
    if (!script.tls->reading().is_complete()) {
        handshake_.emplace();
        handshake_->reading = script.tls->reading();
        if (reply_ && reply_->reading.reason.empty())
            reply_->reading.reason = "there was no handshake";
        is_over_ = true;
        return;
    }
    tls_.emplace(*script.tls);
    go_on();
}

void Conversation::begin_request() {
    if (script_.bytes.empty()) {
        finish();
        return;
    }
    is_asked_ = true;
    asked_at_ = Clock::now();
    reply_->reading = complete_reading("request");
    reply_->request = script_.request;
    reply_->host = script_.host;
    if (tls_)
        tls_->write(script_.bytes);
    else
        output_ = script_.bytes;
}

std::string Conversation::take_output() {
    return tls_ ? tls_->take_output() : std::exchange(output_, {});
}

void Conversation::take_input(std::string_view bytes) {
    if (is_over_)
        return;
    if (tls_) {
        tls_->take_input(bytes);
        go_on();
        return;
    }
    answer_ += bytes.substr(0, max_upstream_reply - answer_.size());
    look_at_reply(false);
}

// TLS may have come further.
void Conversation::go_on() {
    if (tls_->state() == TlsSession::State::failed) {
        finish();
        return;
    }
    if (tls_->state() == TlsSession::State::shaking_hands)
        return;
    if (!is_asked_) {
        // nginx says nothing more to whom it does not trust
        if (!tls_->facts().verify_error.empty())
            finish();
        else
            begin_request();
    }
    if (is_over_)
        return;
    const std::string text = tls_->read();
    answer_ += text.substr(0, max_upstream_reply - answer_.size());
    if (tls_->has_ended() && answer_.empty() && !tls_->read_error().empty())
        end_reply(tls_->read_error());
    else
        look_at_reply(tls_->has_ended());
}

void Conversation::look_at_reply(bool is_last) {
    UpstreamReply reply = read_upstream_reply(script_.exchange.protocol, answer_, is_last);
    if (!reply.is_complete)
        return;
    reply_->kind = reply.facts.kind;
    reply_->status = reply.facts.status;
    reply_->line = std::move(reply.facts.line);
    end_reply(std::move(reply.facts.error));
}

void Conversation::end_reply(std::string error) {
    reply_->error = std::move(error);
    const std::chrono::duration<double, std::milli> passed = Clock::now() - asked_at_;
    reply_->milliseconds = passed.count();
    finish();
}

void Conversation::take_end(int code) {
    if (is_over_)
        return;
    if (tls_) {
        tls_->take_end(code);
        go_on();
        if (is_over_)
            return;
    }
    if (code != 0 && answer_.empty())
        end_reply(fmt::format("{} failed ({}: {})", tls_ ? "SSL_read()" : "recv()", code,
                              std::strerror(code)));
    else
        look_at_reply(true);
}

void Conversation::give_up() {
    if (is_over_)
        return;
    if (is_asked_ && !answer_.empty()) {
        look_at_reply(true);
        return;
    }
    const bool is_shaking = tls_ && tls_->state() == TlsSession::State::shaking_hands;
    if (is_shaking) {
        handshake_ = tls_->facts();
        handshake_->reading = {ReadStatus::timeout, "TLS handshake", too_late};
    }
    if (is_asked_)
        reply_->reading = late();
    finish();
}

void Conversation::finish() {
    is_over_ = true;
    if (!tls_)
        return;
    if (!handshake_)
        handshake_ = tls_->facts();
    if (reply_ && !is_asked_ && reply_->reading.reason.empty())
        reply_->reading.reason = "nothing is sent without a handshake";
    tls_->close();
}

void Conversation::tell(ConnectFacts& facts) {
    facts.handshake = std::move(handshake_);
    facts.reply = std::move(reply_);
}

} // namespace upstream_lint
