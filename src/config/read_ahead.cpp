#include "config/read_ahead.hpp"

#include <algorithm>
#include <array>
#include <stop_token>
#include <utility>

namespace upstream_lint {

namespace {

// A thread costs as much as reading some of these.
constexpr std::size_t files_per_thread = 16;
// What a thread takes from the queue, so that the queue's lock is not what they all wait for.
constexpr std::size_t files_at_once = 8;

} // namespace

ReadAhead::ReadAhead(unsigned threads, Read read) : threads_(threads), read_(std::move(read)) {}

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
    ParseBuffers buffers;
    std::unique_lock lock(mutex_);
    std::array<CachedFile*, files_at_once> files{};
    while (ready_.wait(lock, stop, [this] { return next_ != queue_.size(); })) {
        const std::size_t count = std::min(files.size(), queue_.size() - next_);
        std::copy_n(queue_.begin() + static_cast<std::ptrdiff_t>(next_), count, files.begin());
        next_ += count;
        lock.unlock();
        for (CachedFile* const file : std::span(files).first(count)) {
            if (stop.stop_requested()) {
                return;
            }
            read_(*file, buffers);
        }
        lock.lock();
    }
}

bool ReadAhead::help(ParseBuffers& buffers) {
    std::unique_lock lock(mutex_);
    if (next_ == queue_.size()) {
        return false;
    }
    CachedFile& file = *queue_[next_++];
    lock.unlock();
    read_(file, buffers);
    return true;
}

} // namespace upstream_lint
