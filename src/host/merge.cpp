#include "host/merge.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace upstream_lint {

namespace {

template <typename Item> void append(std::vector<Item>& whole, std::vector<Item>&& part) {
    whole.reserve(whole.size() + part.size());
    std::ranges::move(part, std::back_inserter(whole));
}

template <typename Item, typename Key>
void replace_or_append(std::vector<Item>& whole, std::vector<Item>&& part, Key Item::*key) {
    std::map<Key, std::size_t> places;
    for (std::size_t i = 0; i < whole.size(); ++i)
        places.emplace(whole[i].*key, i);
    for (Item& item : part) {
        const auto [place, is_new] = places.emplace(item.*key, whole.size());
        if (is_new)
            whole.push_back(std::move(item));
        else
            whole[place->second] = std::move(item);
    }
}

void take(Reading& whole, Reading&& part) {
    if (part.status != ReadStatus::not_asked)
        whole = std::move(part);
}

void take(std::string& whole, std::string&& part) {
    if (!part.empty())
        whole = std::move(part);
}

template <typename T> void take(std::optional<T>& whole, std::optional<T>&& part) {
    if (part)
        whole = std::move(part);
}

void merge_dns(DnsFacts& whole, DnsFacts&& part) {
    append(whole.hosts, std::move(part.hosts));
    take(whole.hosts_reading, std::move(part.hosts_reading));
    append(whole.nameservers, std::move(part.nameservers));
    append(whole.search, std::move(part.search));
    take(whole.resolv_conf_reading, std::move(part.resolv_conf_reading));
    append(whole.names, std::move(part.names));
    append(whole.answers, std::move(part.answers));
}

void merge_systemd(SystemdFacts& whole, SystemdFacts&& part) {
    take(whole.reading, std::move(part.reading));
    replace_or_append(whole.units, std::move(part.units), &Unit::id);
    replace_or_append(whole.sockets, std::move(part.sockets), &SocketUnit::id);
    std::ranges::sort(whole.units, {}, &Unit::id);
    std::ranges::sort(whole.sockets, {}, &SocketUnit::id);
}

} // namespace

void merge(Snapshot& whole, Snapshot part) {
    take(whole.hostname, std::move(part.hostname));
    take(whole.kernel, std::move(part.kernel));
    take(whole.os, std::move(part.os));
    take(whole.booted_at, std::move(part.booted_at));
    take(whole.label, std::move(part.label));
    take(whole.selinux_enforcing, std::move(part.selinux_enforcing));
    take(whole.namespaces_reading, std::move(part.namespaces_reading));
    take(whole.owners_reading, std::move(part.owners_reading));
    append(whole.problems, std::move(part.problems));
    take(whole.nginx_reading, std::move(part.nginx_reading));
    replace_or_append(whole.instances, std::move(part.instances), &NginxInstance::master_pid);
    replace_or_append(whole.network_namespaces, std::move(part.network_namespaces),
                      &NetworkNamespace::id);
    append(whole.paths, std::move(part.paths));
    merge_dns(whole.dns, std::move(part.dns));
    merge_systemd(whole.systemd, std::move(part.systemd));
    take(whole.fpm.reading, std::move(part.fpm.reading));
    append(whole.fpm.pools, std::move(part.fpm.pools));
    append(whole.containers.engines, std::move(part.containers.engines));
    append(whole.containers.items, std::move(part.containers.items));
    append(whole.containers.networks, std::move(part.containers.networks));
    append(whole.accounts, std::move(part.accounts));
    take(whole.accounts_reading, std::move(part.accounts_reading));
    append(whole.connects, std::move(part.connects));
}

} // namespace upstream_lint
