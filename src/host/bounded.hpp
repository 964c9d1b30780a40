#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace upstream_lint {

using Clock = std::chrono::steady_clock;

/// A value that is made in a thread of its own and waited for no longer than a deadline. Who is
/// late is left behind, so `work` must own all that it uses.
template <typename T> class Bounded {
public:
    explicit Bounded(std::function<T()> work) : state_(std::make_shared<State>()) {
        std::thread([state = state_, work = std::move(work)] {
            std::optional<T> made;
            try {
                made = work();
            } catch (...) { // NOLINT(bugprone-empty-catch): nobody is there to catch it
            }
            const std::lock_guard lock(state->mutex);
            state->value = std::move(made);
            state->is_over = true;
            state->ended.notify_all();
        }).detach();
    }

    /// Nothing when it is not there at `deadline`, or `work` threw. Takes the value: to be called
    /// once.
    [[nodiscard]] std::optional<T> take(Clock::time_point deadline) {
        std::unique_lock lock(state_->mutex);
        state_->ended.wait_until(lock, deadline, [this] { return state_->is_over; });
        return std::exchange(state_->value, std::nullopt);
    }

private:
    struct State {
        std::mutex mutex;
        std::condition_variable ended;
        std::optional<T> value;
        bool is_over = false;
    };

    std::shared_ptr<State> state_;
};

} // namespace upstream_lint
