#pragma once

#include "syntax/parse_buffers.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace upstream_lint {

struct CachedFile;

/// Threads that read files ahead of the one that needs them, in the order in which they were
/// queued. None is started before there is work for it.
class ReadAhead {
public:
    /// What the threads do with a file, which may have been read meanwhile.
    using Read = std::function<void(CachedFile&, ParseBuffers&)>;

    ReadAhead(unsigned threads, Read read);
    /// Waits for the files that are being read; what is still queued is dropped.
    ~ReadAhead();
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;

    [[nodiscard]] bool is_on() const noexcept { return threads_ != 0; }

    void queue(std::span<CachedFile* const> files);
    /// Does some of the work on the calling thread; false when nothing is queued.
    bool help(ParseBuffers& buffers);

private:
    void run(const std::stop_token& stop);
    void read_next(std::unique_lock<std::mutex>& lock, ParseBuffers& buffers);

    unsigned threads_;
    Read read_;
    std::mutex mutex_;
    std::condition_variable_any ready_;
    std::vector<CachedFile*> queue_;
    std::size_t next_ = 0;              // of queue_
    std::vector<std::jthread> workers_; // last: they use all of the above
};

} // namespace upstream_lint
