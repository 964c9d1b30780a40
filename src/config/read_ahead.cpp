#include "config/read_ahead.hpp"

#include <stop_token>
#include <utility>

namespace upstream_lint {

namespace {

// A thread costs as much as reading some of these.
constexpr std::size_t files_per_thread = 16;

} // namespace

ReadAhead::ReadAhead(unsigned threads, std::function<void(CachedFile&)> read) :
    threads_(threads), read_(std::move(read)) {}

ReadAhead::~ReadAhead() {
    for (std::jthread& worker : workers_) {
        worker.request_stop();
    }
}

void ReadAhead::queue(std::span<CachedFile* const> files) {
    if (!is_on() || files.empty()) {
        return;
    }
    std::size_t waiting = 0;
    {
        const std::lock_guard lock(mutex_);
        queue_.insert(queue_.end(), files.begin(), files.end());
        waiting = queue_.size() - next_;
    }
    ready_.notify_all();
    while (workers_.size() < threads_ && workers_.size() < waiting / files_per_thread) {
        workers_.emplace_back([this](const std::stop_token& stop) { run(stop); });
    }
}

void ReadAhead::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (ready_.wait(lock, stop, [this] { return next_ != queue_.size(); }) &&
           !stop.stop_requested()) {
        read_next(lock);
    }
}

bool ReadAhead::help() {
    std::unique_lock lock(mutex_);
    if (next_ == queue_.size()) {
        return false;
    }
    read_next(lock);
    return true;
}

void ReadAhead::read_next(std::unique_lock<std::mutex>& lock) {
    CachedFile& file = *queue_[next_++];
    lock.unlock();
    read_(file);
    lock.lock();
}

} // namespace upstream_lint
