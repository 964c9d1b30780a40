#include "host/provider.hpp"

#include <condition_variable>
#include <doctest/doctest.h>
#include <mutex>
#include <stdexcept>

namespace upstream_lint::test {

namespace {

using namespace std::chrono_literals;

Snapshot named(const ProviderInput& input, const char* name) {
    Snapshot facts;
    Account& account = facts.accounts.emplace_back();
    account.name = name;
    account.uid = static_cast<std::uint32_t>(input.known.accounts.size());
    return facts;
}

Snapshot first(const ProviderInput& input) {
    return named(input, "first");
}

Snapshot second(const ProviderInput& input) {
    return named(input, "second");
}

Snapshot failing(const ProviderInput& /*input*/) {
    throw std::runtime_error("out of order");
}

// A door that is opened once.
class Gate {
public:
    void open() {
        const std::lock_guard lock(mutex_);
        is_open_ = true;
        opened_.notify_all();
    }

    void wait() {
        std::unique_lock lock(mutex_);
        opened_.wait(lock, [this] { return is_open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool is_open_ = false;
};

// The thread that was left behind may outlive what the test owns: neither gate is ever destroyed.
Gate& go_on() {
    static Gate& gate = *new Gate;
    return gate;
}

Gate& has_read() {
    static Gate& gate = *new Gate;
    return gate;
}

Snapshot hanging(const ProviderInput& input) {
    go_on().wait();
    Snapshot facts = named(input, "late");
    has_read().open();
    return facts;
}

Snapshot excuse(const ProviderInput& /*input*/, const Reading& reading) {
    Snapshot facts;
    facts.fpm.reading = reading;
    return facts;
}

ProviderInput input_of(std::chrono::milliseconds deadline) {
    ProviderInput input;
    input.options.provider_deadline = deadline;
    return input;
}

} // namespace

TEST_CASE("providers: later phases know what the earlier found") {
    const Provider providers[] = {{"b", 2, true, second, excuse}, {"a", 1, true, first, excuse}};
    const Snapshot facts = run_providers(providers, input_of(10s));
    REQUIRE(facts.accounts.size() == 2);
    CHECK(facts.accounts[0].name == "first");
    CHECK(facts.accounts[0].uid == 0);
    CHECK(facts.accounts[1].name == "second");
    CHECK(facts.accounts[1].uid == 1);
    CHECK(facts.problems.empty());
}

TEST_CASE("providers: one that hangs is left behind") {
    {
        const Provider providers[] = {{"a", 1, true, hanging, excuse},
                                      {"b", 1, true, first, excuse}};
        const Clock::time_point begin = Clock::now();
        const Snapshot facts = run_providers(providers, input_of(50ms));
        CHECK(Clock::now() - begin < 10s);
        CHECK(facts.fpm.reading.status == ReadStatus::timeout);
        REQUIRE(facts.accounts.size() == 1);
        CHECK(facts.accounts[0].name == "first");
        REQUIRE(facts.problems.size() == 1);
        CHECK(facts.problems[0].fact == "a");
    }
    // its input is its own: the caller's is gone
    go_on().open();
    has_read().wait();
}

TEST_CASE("providers: nothing throws past the edge") {
    const Provider providers[] = {{"a", 1, true, failing, excuse}};
    const Snapshot facts = run_providers(providers, input_of(10s));
    CHECK(facts.fpm.reading.status == ReadStatus::unsupported);
    CHECK(facts.fpm.reading.reason == "out of order");
}

TEST_CASE("providers: what was left out of the build says so") {
    const Provider providers[] = {{"a", 1, false, first, excuse}};
    const Snapshot facts = run_providers(providers, input_of(10s));
    CHECK(facts.fpm.reading.status == ReadStatus::unsupported);
    CHECK(facts.accounts.empty());
}

} // namespace upstream_lint::test
