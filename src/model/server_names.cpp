#include "model/server_names.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace upstream_lint {

namespace {

std::uint32_t hash_of(std::string_view name) {
    const std::uint64_t hash = std::hash<std::string_view>{}(name);
    return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
}

} // namespace

void ServerNameTable::reserve(std::size_t names) {
    names = std::max(names, count_);
    const std::vector<Slot> before =
        std::exchange(slots_, std::vector<Slot>(names + names / 2 + 1));
    for (const Slot& slot : before) {
        if (slot.kind != Kind::free) {
            slots_[position(slot.kind, {slot.name, slot.length}, slot.hash)] = slot;
        }
    }
}

bool ServerNameTable::add(std::string_view name, Index server) {
    if (name.starts_with("*.")) {
        return add(Kind::behind, name.substr(2), server);
    }
    if (name.size() > 1 && name.starts_with('.')) {
        return add_with_subdomains(name.substr(1), server);
    }
    if (name.ends_with(".*")) {
        return add(Kind::before, name.substr(0, name.size() - 2), server);
    }
    return add(Kind::exact, name, server);
}

bool ServerNameTable::add_with_subdomains(std::string_view domain, Index server) {
    if (!add(Kind::exact, domain, none) || !add(Kind::behind, domain, server)) {
        return false;
    }
    slots_[position(Kind::exact, domain, hash_of(domain))].server = server;
    return true;
}

bool ServerNameTable::add(Kind kind, std::string_view name, Index server) {
    if ((count_ + 1) * 3 > slots_.size() * 2) {
        reserve(count_ * 2 + 4);
    }
    const std::uint32_t hash = hash_of(name);
    Slot& slot = slots_[position(kind, name, hash)];
    if (slot.kind != Kind::free) {
        return false;
    }
    slot = {name.data(), static_cast<std::uint32_t>(name.size()), hash, server, kind};
    ++count_;
    has_behind_ = has_behind_ || kind == Kind::behind;
    has_before_ = has_before_ || kind == Kind::before;
    return true;
}

std::size_t ServerNameTable::first_position(std::uint32_t hash) const noexcept {
    return static_cast<std::size_t>((std::uint64_t{hash} * slots_.size()) >> 32U);
}

std::size_t ServerNameTable::position(Kind kind, std::string_view name, std::uint32_t hash) const {
    std::size_t at = first_position(hash);
    for (;;) {
        const Slot& slot = slots_[at];
        const bool is_same = slot.hash == hash && slot.kind == kind &&
                             std::string_view(slot.name, slot.length) == name;
        if (is_same || slot.kind == Kind::free) {
            return at;
        }
        at = at + 1 == slots_.size() ? 0 : at + 1;
    }
}

ServerNameTable::Index ServerNameTable::find(Kind kind, std::string_view name) const {
    return slots_[position(kind, name, hash_of(name))].server;
}

ServerNameTable::Index ServerNameTable::find(std::string_view host) const {
    if (count_ == 0) {
        return none;
    }
    if (const Index found = find(Kind::exact, host); found != none) {
        return found;
    }
    for (std::size_t dot = has_behind_ ? host.find('.') : std::string_view::npos;
         dot != std::string_view::npos; dot = host.find('.', dot + 1)) {
        if (const Index found = find(Kind::behind, host.substr(dot + 1)); found != none) {
            return found;
        }
    }
    for (std::size_t dot = has_before_ ? host.rfind('.') : std::string_view::npos;
         dot != std::string_view::npos;
         dot = dot == 0 ? std::string_view::npos : host.rfind('.', dot - 1)) {
        if (const Index found = find(Kind::before, host.substr(0, dot)); found != none) {
            return found;
        }
    }
    return none;
}

} // namespace upstream_lint
