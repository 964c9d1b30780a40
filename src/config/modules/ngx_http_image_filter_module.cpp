#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

/// src/http/modules/ngx_http_image_filter_module.c
namespace upstream_lint {

namespace {

/// 0 for what is no positive number, -1 for `-` (ngx_http_image_filter_value).
std::int64_t number_of(std::string_view text) {
    return text == "-" ? -1 : parse_number(text).value_or(0);
}

void refuse(Directive& directive, std::size_t word) {
    directive.emerg(word, fmt::format("invalid parameter \"{}\"", directive[word]));
}

/// The number, 1 where it is only known for a request, or nothing after a report.
std::optional<std::int64_t> number_or_variable(Directive& directive, std::size_t word) {
    const script::Value value = script::compile(directive, word);
    if (!value.valid) {
        return std::nullopt;
    }
    return value.constant ? number_of(directive[word]) : 1;
}

void rotate(Directive& directive) {
    const script::Value value = script::compile(directive, 2);
    constexpr std::array<std::int64_t, 3> angles = {90, 180, 270};
    if (value.valid && value.constant &&
        std::ranges::find(angles, number_of(directive[2])) == angles.end()) {
        refuse(directive, 2);
    }
}

void resize_or_crop(Directive& directive) {
    for (std::size_t i = 2; i <= 3; ++i) {
        const auto number = number_or_variable(directive, i);
        if (!number) {
            return;
        }
        if (*number == 0) {
            refuse(directive, i);
            return;
        }
    }
}

/// ngx_http_image_filter
void image_filter(Directive& directive) {
    const std::string_view action = c_string(directive[1]);
    if (directive.size() == 1 && (action == "off" || action == "test" || action == "size")) {
        return;
    }
    if (directive.size() == 2 && action == "rotate") {
        rotate(directive);
    } else if (directive.size() == 3 && (action == "resize" || action == "crop")) {
        resize_or_crop(directive);
    } else {
        refuse(directive, 1);
    }
}

void at_least(Directive& directive, std::int64_t least) {
    const auto number = number_or_variable(directive, 1);
    if (number && *number < least) {
        directive.emerg(1, fmt::format("invalid value \"{}\"", directive[1]));
    }
}

/// ngx_http_image_filter_jpeg_quality, ngx_http_image_filter_webp_quality
void quality(Directive& directive) {
    at_least(directive, 1);
}

/// ngx_http_image_filter_sharpen: what is no number counts as 0.
void image_filter_sharpen(Directive& directive) {
    at_least(directive, 0);
}

constexpr std::array<DirectiveSetter, 4> setters = {{
    {"image_filter", image_filter},
    {"image_filter_jpeg_quality", quality},
    {"image_filter_sharpen", image_filter_sharpen},
    {"image_filter_webp_quality", quality},
}};

} // namespace

const ModuleSetters ngx_http_image_filter_module = {"ngx_http_image_filter", setters};

} // namespace upstream_lint
