#include "support/own_namespaces.hpp"

#include <cstdio>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

namespace upstream_lint::test {

bool enter_own_namespaces() {
    if (::unshare(CLONE_NEWNET | CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
        return false;
    }
    const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    ifreq request{};
    request.ifr_name[0] = 'l';
    request.ifr_name[1] = 'o';
    request.ifr_flags = IFF_UP;
    const bool is_up = ::ioctl(socket, SIOCSIFFLAGS, &request) == 0; // NOLINT
    ::close(socket);
    return is_up;
}

bool is_ready_for_tests(std::span<const char* const> needed_programs) {
    if (!enter_own_namespaces()) {
        std::puts("skipped: this machine or user may not make namespaces");
        return false;
    }
    for (const char* const program : needed_programs) {
        if (::access(program, X_OK) != 0) {
            std::printf("skipped: there is no %s\n", program);
            return false;
        }
    }
    return true;
}

} // namespace upstream_lint::test
