#include "syntax/lua_read_window.hpp"

#include "nginx_conf.hpp"

#include <algorithm>

namespace upstream_lint {

namespace rules = grammar::nginx_conf;

bool ReadWindow::is_full(std::size_t start) const noexcept {
    return end_ - start >= rules::buffer_size;
}

void ReadWindow::refill(std::size_t start) noexcept {
    end_ = std::min(start + rules::buffer_size, bytes_.size());
}

/// The reader wants the byte at `token_end` too, and keeps its token from `start` on meanwhile.
void ReadWindow::need_byte_behind(std::size_t token_end, std::size_t start) noexcept {
    while (end_ <= token_end && !at_end_of_file()) {
        // nginx refuses a token as long as the buffer, so what is held afterwards matters to nobody
        refill(is_full(start) ? end_ : start);
    }
}

void ReadWindow::read_statements(std::size_t position) {
    const char* const base = bytes_.data();
    const char* const limit = base + position;
    while (position_ < position) {
        if (end_ <= position_) {
            refill(position_);
        }
        const char* const begin = base + position_;
        const char* token_end = begin + 1;
        std::size_t start = position_;
        if (rules::is(*begin, rules::blank)) {
            token_end = std::find_if_not(token_end, limit,
                                         [](char byte) { return rules::is(byte, rules::blank); });
            // every blank between words is a token of its own
            while (end_ <= static_cast<std::size_t>(token_end - base) && !at_end_of_file()) {
                refill(end_ - 1);
            }
            position_ = static_cast<std::size_t>(token_end - base);
            continue;
        }
        switch (*begin) {
        case ';':
        case '{':
        case '}':
            // the statement is over: nothing is kept when the next one's first byte is read
            ++position_;
            continue;
        case '#':
            token_end = std::find(token_end, limit, '\n');
            break;
        case '"':
        case '\'':
            ++start;
            token_end = rules::find_closing_quote(begin, limit);
            token_end += token_end != limit ? 1 : 0;
            break;
        default:
            token_end = rules::skip_bare(begin, limit);
        }
        // the blank that ends a word, or stands behind its quote, is read as part of it
        if (*begin != '#' && token_end != limit && rules::is(*token_end, rules::blank)) {
            ++token_end;
        }
        position_ = static_cast<std::size_t>(token_end - base);
        need_byte_behind(position_, start);
    }
}

} // namespace upstream_lint
