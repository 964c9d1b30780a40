#pragma once

#include "upstream_lint/facts.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace upstream_lint {

inline constexpr std::size_t max_siblings = 1000;

/// Whether SELinux's labels are read: they say something where it is in use.
enum class Labels : std::uint8_t { read, left_out };

/// Looks at paths below one root (empty: `/`; `/proc/812/root`). What it found of the folder of the
/// last path holds for the next one in that folder.
class PathReader {
public:
    explicit PathReader(std::string root, Labels labels = Labels::read);
    PathReader(PathReader&& other) noexcept;
    PathReader& operator=(PathReader&& other) noexcept;
    ~PathReader();

    /// What stands at `path`, found as the kernel finds it (Linux fs/namei.c): links are followed
    /// by hand, absolute ones from the root on, at most 40. Nothing but folders is opened; files
    /// are looked at without being opened. The folder's other names are read when nothing, or no
    /// socket, is there. Cost: linear in the components of the path and its links, those of a
    /// folder that is known already aside.
    [[nodiscard]] PathFacts read(const std::string& path);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace upstream_lint
