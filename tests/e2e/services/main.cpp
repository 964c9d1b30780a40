#include "e2e/services/backend.hpp"
#include "support/own_namespaces.hpp"

#define DOCTEST_CONFIG_IMPLEMENT
#include <array>
#include <cstdio>
#include <doctest/doctest.h>
#include <string_view>
#include <unistd.h>

namespace {

constexpr int skipped = 77; // SKIP_RETURN_CODE
constexpr std::array needed = {"/usr/sbin/nginx",      "/usr/sbin/php-fpm8.2",
                               "/usr/bin/dbus-daemon", "/usr/bin/systemd-nspawn",
                               "/usr/bin/nsenter",     "/usr/bin/setpriv"};

} // namespace

/// The program is a backend itself: `--serve PATH`.
int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "--serve") {        // NOLINT
        upstream_lint::test::serve_forever(argc > 2 ? argv[2] : ""); // NOLINT
    }
    if (!upstream_lint::test::enter_own_namespaces()) {
        std::puts("skipped: this machine or user may not make namespaces");
        return skipped;
    }
    for (const char* const program : needed) {
        if (::access(program, X_OK) != 0) {
            std::printf("skipped: there is no %s\n", program);
            return skipped;
        }
    }
    return doctest::Context(argc, argv).run();
}
