#include "config/ssl.hpp"

#include "config/messages.hpp"
#include "config/shared_memory.hpp"
#include "config/slots.hpp"
#include "config/value.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

constexpr std::string_view builtin = "builtin:";
constexpr std::string_view shared = "shared:";

bool take_shared(Directive& directive, std::size_t word, std::string_view module) {
    const SharedCache cache = read_shared_cache(directive[word]);
    const auto size = parse_size(cache.size);
    if (cache.name.empty() || !size) {
        directive.emerg(word, fmt::format("invalid session cache \"{}\"", directive[word]));
        return false;
    }
    if (*size < 8 * page_size) {
        directive.emerg(word, fmt::format("session cache \"{}\" is too small", directive[word]));
        return false;
    }
    return add_shared_zone(directive, word, cache.name, *size, module) != nullptr;
}

} // namespace

SharedCache read_shared_cache(std::string_view text) {
    if (!text.starts_with(shared)) {
        return {};
    }
    text.remove_prefix(shared.size());
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
        return {};
    }
    return {text.substr(0, colon), text.substr(colon + 1)};
}

void take_ssl_session_cache(Directive& directive, std::string_view module) {
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const std::string_view value = c_string(directive[i]);
        if (value == "off" || value == "none" || value == "builtin" ||
            (value.starts_with(builtin) && parse_number(directive[i].substr(builtin.size())))) {
            continue;
        }
        if (!take_shared(directive, i, module)) {
            return;
        }
    }
}

std::string_view no_client_certificate(const Cycle& cycle) {
    return cycle.before(1, 27, 2)
               ? "no ssl_client_certificate for ssl_verify_client"
               : "no ssl_client_certificate or ssl_trusted_certificate for ssl_verify_client";
}

void add_file(Directive& directive, std::optional<std::vector<NamedFile>>& files) {
    slot::string_array(directive);
    if (!files) {
        files.emplace();
    }
    files->push_back({directive[1], directive.place(1)});
}

} // namespace upstream_lint
