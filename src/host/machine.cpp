#include "upstream_lint/host.hpp"

#include <array>
#include <unistd.h>

namespace upstream_lint {

std::optional<std::string> machine_name() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) {
        return std::nullopt;
    }
    return std::string(name.data());
}

} // namespace upstream_lint
