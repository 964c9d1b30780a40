#include "render/json_writer.hpp"

#include "source/utf8.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace upstream_lint {

namespace {

constexpr std::size_t max_indented_depth = 64; // deeper, indentation would outgrow the text

bool needs_escape(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\';
}

} // namespace

JsonWriter& JsonWriter::end() {
    const char bracket = closing_.back();
    closing_.pop_back();
    if (!first_) {
        new_line();
    }
    out_ += bracket;
    first_ = false;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    value(name);
    out_ += ": ";
    after_key_ = true;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    separate();
    if (std::ranges::none_of(text, needs_escape)) {
        ((out_ += '"') += text) += '"';
    } else {
        out_ += nlohmann::json(to_utf8(text)).dump();
    }
    return *this;
}

JsonWriter& JsonWriter::value(std::uint64_t number) {
    separate();
    out_ += std::to_string(number);
    return *this;
}

JsonWriter& JsonWriter::null() {
    separate();
    out_ += "null";
    return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    out_ += bracket;
    closing_.push_back(bracket == '{' ? '}' : ']');
    first_ = true;
    return *this;
}

void JsonWriter::separate() {
    if (after_key_) {
        after_key_ = false;
    } else if (!closing_.empty()) {
        if (!first_) {
            out_ += indent_ == 0 ? ", " : ",";
        }
        new_line();
    }
    first_ = false;
}

void JsonWriter::new_line() {
    if (indent_ != 0) {
        out_ += '\n';
        out_.append(indent_ * std::min(closing_.size(), max_indented_depth), ' ');
    }
}

} // namespace upstream_lint
