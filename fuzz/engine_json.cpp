// Answers of container engines; what is read of them prints and reads back.

#include "facts/engine_json.hpp"

#include "property.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace upstream_lint::fuzz {
namespace {

void check_facts(ContainerFacts facts) {
    for (EngineNetwork& network : facts.networks) {
        for (Cidr& subnet : network.subnets)
            subnet.has_low_bits = false; // a snapshot does not say it
    }
    Snapshot snapshot;
    snapshot.containers = std::move(facts);
    const auto again = parse_snapshot(print_snapshot(snapshot), "printed");
    require(again.has_value() && *again == snapshot, "what an engine said reads back");
}

void check_answer(std::string_view text) {
    ContainerFacts facts;
    if (auto containers = parse_containers(text, "docker"))
        facts.items = std::move(containers).value();
    if (auto container = parse_container(text, "podman"))
        facts.items.push_back(std::move(container).value());
    if (auto networks = parse_networks(text, "docker"))
        facts.networks = std::move(networks).value();
    (void)parse_api_version(text);
    check_facts(std::move(facts));
}

} // namespace
} // namespace upstream_lint::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    upstream_lint::fuzz::check_answer(upstream_lint::fuzz::as_text(data, size));
    return 0;
}
