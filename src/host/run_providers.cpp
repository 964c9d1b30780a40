#include "host/merge.hpp"
#include "host/provider.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace upstream_lint {

namespace {

struct Outcome {
    std::optional<Snapshot> facts;
    std::string error;
};

using Collect = Snapshot (*)(const ProviderInput& input);

Outcome run(Collect collect, const ProviderInput& input) {
    try {
        return {collect(input), ""};
    } catch (const std::exception& error) {
        return {std::nullopt, error.what()};
    }
}

// Providers get nine tenths of what they are waited for, so that a part that is there is not lost.
constexpr int own_tenths = 9;

class Phase {
public:
    Phase(std::span<const Provider> providers, int phase,
          std::shared_ptr<const ProviderInput> input, Clock::time_point until) :
        until_(until),
        input_(std::move(input)) {
        for (const Provider& provider : providers)
            if (provider.phase == phase)
                start(provider);
    }

    std::vector<Snapshot> results() {
        std::vector<Snapshot> all;
        all.reserve(started_.size());
        for (auto& [provider, running] : started_)
            all.push_back(result_of(*provider, running));
        return all;
    }

    /// Somebody may read the input still. True only after results().
    [[nodiscard]] bool has_late() const { return has_late_; }

private:
    using Running = std::optional<Bounded<Outcome>>;

    void start(const Provider& provider) {
        Running running;
        if (provider.is_built) {
            try {
                running.emplace(
                    [collect = provider.collect, input = input_] { return run(collect, *input); });
            } catch (const std::system_error&) { // NOLINT(bugprone-empty-catch)
                // no thread: it is excused
            }
        }
        started_.emplace_back(&provider, std::move(running));
    }

    // Once.
    Snapshot result_of(const Provider& provider, Running& running) {
        const std::string source(provider.name);
        if (!provider.is_built)
            return excuse(provider, {ReadStatus::unsupported, source, "left out of this build"});
        if (!running)
            return excuse(provider, {ReadStatus::unsupported, source, "no thread could be made"});
        std::optional<Outcome> outcome = running->take(until_);
        has_late_ = has_late_ || !outcome;
        if (!outcome)
            return excuse(provider, {ReadStatus::timeout, source, "not read in time"});
        if (!outcome->facts)
            return excuse(provider, {ReadStatus::unsupported, source, outcome->error});
        return std::move(*outcome->facts);
    }

    Snapshot excuse(const Provider& provider, const Reading& reading) {
        Snapshot facts = provider.excuse(*input_, reading);
        facts.problems.push_back(
            {std::string(provider.name), std::string(provider.name), reading.reason});
        return facts;
    }

    Clock::time_point until_;
    std::shared_ptr<const ProviderInput> input_;
    std::vector<std::pair<const Provider*, Running>> started_;
    bool has_late_ = false;
};

} // namespace

Snapshot run_providers(std::span<const Provider> providers, const ProviderInput& asked) {
    constexpr int phases = 4;
    auto input = std::make_shared<ProviderInput>(asked);
    for (int number = 1; number <= phases; ++number) {
        const auto begin = Clock::now();
        const auto deadline = asked.options.provider_deadline;
        input->end = begin + deadline * own_tenths / 10;
        Phase phase(providers, number, input, begin + deadline);
        std::vector<Snapshot> results = phase.results();
        if (phase.has_late())
            input = std::make_shared<ProviderInput>(*input);
        for (Snapshot& part : results)
            merge(input->known, std::move(part));
    }
    return std::move(input->known);
}

} // namespace upstream_lint
