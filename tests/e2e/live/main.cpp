#define DOCTEST_CONFIG_IMPLEMENT
#include <cstdio>
#include <doctest/doctest.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr int skipped = 77; // SKIP_RETURN_CODE

/// Namespaces of its own, so that nothing of the machine is in the way and nothing is left behind.
bool enter_namespaces() {
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

} // namespace

int main(int argc, char** argv) {
    if (!enter_namespaces()) {
        std::puts("skipped: this machine or user may not make namespaces");
        return skipped;
    }
    if (::access("/usr/sbin/nginx", X_OK) != 0) {
        std::puts("skipped: there is no /usr/sbin/nginx");
        return skipped;
    }
    return doctest::Context(argc, argv).run();
}
