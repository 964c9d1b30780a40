#include "render/secret.hpp"

#include "config/ascii.hpp"

#include <algorithm>
#include <array>

namespace upstream_lint {

namespace {

constexpr std::array<std::string_view, 8> secret_parts = {
    "authorization", "cookie", "token", "secret", "password", "passwd", "apikey", "privatekey"};

} // namespace

bool is_secret(std::string_view name) {
    std::string letters = lower(name);
    std::erase_if(letters, [](char c) { return c == '-' || c == '_'; });
    return std::ranges::any_of(secret_parts, [&](std::string_view part) {
        return letters.find(part) != std::string::npos;
    });
}

std::string without_secret(std::string_view name, std::string_view value) {
    return std::string(!value.empty() && is_secret(name) ? hidden_value : value);
}

} // namespace upstream_lint
