#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::bench {

/// User and system time of this process so far, all its threads together.
[[nodiscard]] double cpu_seconds();
[[nodiscard]] double wall_seconds();

/// What `work` takes on `clock`.
template <typename Clock, typename Work> [[nodiscard]] double time_of(Clock clock, Work&& work) {
    const double start = clock();
    work();
    return clock() - start;
}

/// The least of two measurements that were taken in turns, so that what else the machine does meets
/// both. The least and not the middle: whatever disturbs a measurement only adds to it.
struct Best {
    double first = 0;
    double second = 0;

    [[nodiscard]] double ratio() const { return first / second; }
};

/// Each function measures once and returns what it measured. One round before the first that counts
/// warms up caches and the allocator.
template <typename First, typename Second>
[[nodiscard]] Best take_turns(int rounds, First first, Second second) {
    (void)first();
    (void)second();
    Best best{first(), second()};
    for (int round = 1; round < rounds; ++round) {
        best.first = std::min(best.first, first());
        best.second = std::min(best.second, second());
    }
    return best;
}

/// Keeps the optimiser from dropping a computation whose result nobody reads.
inline void keep(std::size_t value) {
    asm volatile("" : : "r"(value) : "memory");
}

/// What a child process used, as wait4(2) says.
struct ProcessUse {
    int status = -1; ///< exit status; -1 when it could not be started or was killed
    double cpu = 0;
    std::size_t peak_bytes = 0;
};

/// Runs a program found along PATH, with standard output and error to nowhere. The peak is never
/// below this process's own: whoever wants to compare must be small.
[[nodiscard]] ProcessUse run_process(const std::vector<std::string>& command);

/// An empty folder that is removed with all it holds.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    /// Without a slash at its end.
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// The rows of a table, each a ratio with its demand.
class Report {
public:
    void at_least(std::string_view name, double value, double demand, double goal,
                  std::string_view unit);
    void at_most(std::string_view name, double value, double demand, double goal,
                 std::string_view unit);
    /// A row nothing is demanded of.
    void note(std::string_view name, std::string_view text) const;

    /// The program's exit status: 0 when all demands are met.
    [[nodiscard]] int status() const { return failed_ ? 1 : 0; }

private:
    void row(std::string_view name, double value, const char* relation, double demand, double goal,
             std::string_view unit, bool met, bool reached);

    bool failed_ = false;
};

/// The words of a command line.
class Arguments {
public:
    Arguments(int argc, char** argv) : words_(argv + 1, argv + argc) {}

    [[nodiscard]] bool has(std::string_view flag) const;
    /// The word behind `option`, or `otherwise`.
    [[nodiscard]] std::string value(std::string_view option, std::string_view otherwise) const;

private:
    std::vector<std::string> words_;
};

/// The program's exit status: what `run` gives, or 1 with the reason on standard error.
int run_program(int argc, char** argv, int (*run)(const Arguments&));

} // namespace upstream_lint::bench
