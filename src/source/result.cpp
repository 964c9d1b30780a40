#include "upstream_lint/result.hpp"

#include <cstring>
#include <fmt/format.h>
#include <system_error>
#include <utility>

namespace upstream_lint {
namespace {

// strerror(3) would follow the locale of the program that uses this library.
std::string untranslated_text(int code) {
#if defined(__GLIBC__)
    if (const char* text = strerrordesc_np(code))
        return text;
    return fmt::format("Unknown error {}", code);
#else
    return std::generic_category().message(code);
#endif
}

} // namespace

std::string describe(const Error& error) {
    const std::string what = error.object.empty()
                                 ? error.operation
                                 : fmt::format("{} \"{}\"", error.operation, error.object);
    if (error.code == 0)
        return fmt::format("{} failed ({})", what, error.reason);
    return fmt::format("{} failed ({}: {})", what, error.code, error.reason);
}

Error system_error(int code, std::string operation, std::string object) {
    return {code, std::move(operation), std::move(object), untranslated_text(code)};
}

} // namespace upstream_lint
