#include "host/network_namespace.hpp"

#include "host/descriptor.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sched.h>
#include <thread>

namespace upstream_lint {

std::optional<Error> enter_network_namespace(const std::string& link) {
    const Descriptor target(::open(link.c_str(), O_RDONLY | O_CLOEXEC));
    if (!target.is_open())
        return system_error(errno, "open()", link);
    if (::setns(target.get(), CLONE_NEWNET) != 0)
        return system_error(errno, "setns()", link);
    return std::nullopt;
}

bool may_enter_network_namespace(const std::string& link) {
    bool may = false;
    std::thread([&] { may = !enter_network_namespace(link); }).join();
    return may;
}

} // namespace upstream_lint
