#include "facts/json_document.hpp"

#include "source/utf8.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

using Json = nlohmann::json;

constexpr std::size_t max_size = 256U << 20U;
constexpr std::size_t max_values = 1U << 24U;
constexpr std::size_t max_depth = 64;
constexpr std::size_t max_excerpt = 40;

/// nlohmann_json's text without its own number, place and what it read last.
std::string reason_of(const Json::exception& error) {
    std::string_view text = error.what();
    text.remove_prefix(std::min(text.find("] ") + 2, text.size()));
    if (text.starts_with("parse error")) {
        const std::size_t place_end = text.find(": ");
        text.remove_prefix(place_end == std::string_view::npos ? 0 : place_end + 2);
    }
    return std::string(text.substr(0, text.find("; last read")));
}

/// Builds a document from nlohmann_json's events, within bounds, without exceptions. The names of
/// the functions are the library's.
class Builder {
public:
    bool null() { return put(nullptr); }

    bool boolean(bool value) { return put(value); }

    bool number_integer(std::int64_t value) { return put(value); }

    bool number_unsigned(std::uint64_t value) { return put(value); }

    bool number_float(double value, const std::string& /*text*/) { return put(value); }

    bool string(std::string& value) { return put(std::move(value)); }

    static bool binary(const Json::binary_t& /*value*/) { return false; } // not in text

    bool start_object(std::size_t /*count*/) { return open(Json::object()); }

    bool start_array(std::size_t /*count*/) { return open(Json::array()); }

    bool key(std::string& name) {
        member_ = &(*open_.back())[name];
        return true;
    }

    bool end_object() { return close(); }

    bool end_array() { return close(); }

    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const Json::exception& error) {
        problem_ = reason_of(error);
        problem_at_ = position;
        return false;
    }

    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

    /// Bytes that were read until there; none: not known.
    [[nodiscard]] std::optional<std::size_t> problem_at() const noexcept { return problem_at_; }

    Json take() && { return std::move(document_); }

private:
    bool put(Json value) { return place(std::move(value)) != nullptr; }

    bool open(Json value) {
        if (open_.size() == max_depth) {
            problem_ = fmt::format("nested deeper than {} levels", max_depth);
            return false;
        }
        Json* const placed = place(std::move(value));
        open_.push_back(placed);
        return placed != nullptr;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    Json* place(Json value) {
        if (++values_ > max_values) {
            problem_ = fmt::format("more than {} values", max_values);
            return nullptr;
        }
        if (open_.empty()) {
            document_ = std::move(value);
            return &document_;
        }
        if (open_.back()->is_array()) {
            return &open_.back()->emplace_back(std::move(value));
        }
        *member_ = std::move(value);
        return member_;
    }

    Json document_;
    std::vector<Json*> open_;
    Json* member_ = nullptr;
    std::size_t values_ = 0;
    std::string problem_;
    std::optional<std::size_t> problem_at_;
};

std::string place_of(std::string_view text, std::size_t position) {
    const std::string_view before =
        text.substr(0, std::min(position == 0 ? 0 : position - 1, text.size()));
    const auto lines = std::ranges::count(before, '\n');
    const std::size_t line_begin = before.rfind('\n') + 1;
    return fmt::format("line {}, column {}", lines + 1, before.size() - line_begin + 1);
}

Error json_error(std::string_view name, std::string reason) {
    return {.code = 0,
            .operation = "parse()",
            .object = std::string(name),
            .reason = std::move(reason)};
}

} // namespace

Result<Json> parse_json(std::string_view text, std::string_view name) {
    if (text.size() > max_size) {
        return json_error(name, fmt::format("larger than {} MiB", max_size >> 20U));
    }
    Builder builder;
    if (Json::sax_parse(text.begin(), text.end(), &builder)) {
        return std::move(builder).take();
    }
    const std::string reason = "not JSON that can be read: " + builder.problem();
    const auto at = builder.problem_at();
    return json_error(name, at ? fmt::format("{}: {}", place_of(text, *at), reason) : reason);
}

std::string json_excerpt(const Json& value) {
    if (value.is_object()) {
        return "an object";
    }
    if (value.is_array()) {
        return "a list";
    }
    if (!value.is_string()) {
        return value.dump();
    }
    const auto& text = value.get_ref<const std::string&>();
    const bool is_long = text.size() > max_excerpt;
    const std::string shown = to_utf8(std::string_view(text).substr(0, max_excerpt));
    return Json(shown).dump(-1, ' ', true) + (is_long ? "..." : "");
}

} // namespace upstream_lint
