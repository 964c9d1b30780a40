#include "rules/similar_sockets.hpp"

#include "config/suggestion.hpp"

#include <algorithm>

namespace upstream_lint {

namespace {

std::size_t end_of_folder(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? 0 : slash + 1;
}

bool is_of_php(std::string_view path) {
    return path.find("php") != std::string_view::npos || path.find("fpm") != std::string_view::npos;
}

std::string without(std::string_view name, std::string_view bytes) {
    std::string rest;
    std::ranges::copy_if(name, std::back_inserter(rest),
                         [&](char c) { return bytes.find(c) == std::string_view::npos; });
    return rest;
}

std::string_view without_ending(std::string_view name) {
    for (const std::string_view ending : {".sock", ".socket"}) {
        if (name.ends_with(ending)) {
            name.remove_suffix(ending.size());
        }
    }
    return name;
}

/// Numbers tell versions of PHP apart, and elsewhere instances, of which each has its own work.
bool are_alike(std::string_view a, std::string_view b) {
    constexpr std::string_view signs = ".-_";
    constexpr std::string_view digits = "0123456789";
    const std::string plain = without(without_ending(a), signs);
    const std::string other = without(without_ending(b), signs);
    if (!plain.empty() && plain == other) {
        return true;
    }
    if (without(plain, digits) == without(other, digits)) {
        return is_of_php(a) && is_of_php(b);
    }
    const std::size_t limit = std::min(a.size(), b.size()) > 8 ? 2 : 1;
    return edit_distance(a, b, limit) <= limit;
}

const UnixSocket* listener_at(std::string_view path, UnixSocket::Type type,
                              const FactIndex& facts) {
    const auto bound = facts.unix_listeners(path);
    const auto found = std::ranges::find(bound, type, &UnixSocket::type);
    return found == bound.end() ? nullptr : *found;
}

} // namespace

std::vector<SimilarSocket> similar_sockets(const PathFacts& missing, UnixSocket::Type type,
                                           const FactIndex& facts) {
    constexpr std::size_t max_pools = 16;
    const std::string_view path = missing.path;
    const std::string_view folder = path.substr(0, end_of_folder(path));
    const std::string_view wanted = path.substr(folder.size());
    std::vector<SimilarSocket> found;
    for (const Sibling& sibling : missing.siblings) {
        if (sibling.type != PathComponent::Type::socket) {
            continue;
        }
        std::string name = std::string(folder) + sibling.name;
        const UnixSocket* const socket = listener_at(name, type, facts);
        if (socket != nullptr && are_alike(wanted, sibling.name)) {
            found.push_back({std::move(name), socket});
        }
    }
    const auto pools = facts.listening_pools();
    if (!found.empty() || !is_of_php(path) || pools.size() > max_pools) {
        return found;
    }
    for (const ListeningPool& pool : pools) {
        if (pool.socket->type == type) {
            found.push_back({pool.pool->listen, pool.socket});
        }
    }
    return found;
}

} // namespace upstream_lint
