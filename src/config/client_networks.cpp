#include "config/client_networks.hpp"

#include "config/messages.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void warn_of_low_bits(Directive& directive, std::size_t word, const Cidr& network) {
    if (network.has_low_bits) {
        directive.warn(word, fmt::format("low address bits of {} are meaningless", directive[word]))
            .notes.push_back(
                fmt::format("the network is {}/{}", address_text(network.address), network.length));
    }
}

} // namespace

std::optional<Cidr> read_network(Directive& directive, std::size_t word) {
    if (c_string(directive[word]) == "255.255.255.255") {
        return Cidr{.address = {.bytes = {255, 255, 255, 255}}, .length = 32};
    }
    const auto network = parse_cidr(directive[word]);
    if (network) {
        warn_of_low_bits(directive, word, *network);
    } else {
        directive.emerg(word, fmt::format("invalid network \"{}\"", directive[word]));
    }
    return network;
}

void take_network_or_host(Directive& directive) {
    if (c_string(directive[1]) == "unix:") {
        return;
    }
    if (const auto network = parse_cidr(directive[1])) {
        warn_of_low_bits(directive, 1, *network);
        return;
    }
    // no host has such a name, so this needs no look-up
    const std::string_view host = c_string(directive[1]);
    if (host.empty() || host.find('/') != std::string_view::npos) {
        directive.emerg(1,
                        fmt::format("host not found in {} \"{}\"", directive.name(), directive[1]));
    }
}

void take_access_rule(Directive& directive) {
    if (directive[1] == "all" || directive[1] == "unix:") {
        return;
    }
    const auto network = parse_cidr(directive[1]);
    if (!network) {
        directive.emerg(1, fmt::format("invalid parameter \"{}\"", directive[1]));
        return;
    }
    warn_of_low_bits(directive, 1, *network);
}

} // namespace upstream_lint
