#define DOCTEST_CONFIG_IMPLEMENT
#include "e2e/services/backend.hpp"
#include "support/own_namespaces.hpp"

#include <array>
#include <doctest/doctest.h>
#include <string_view>

/// The program is a backend itself: `--serve PATH`.
int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "--serve") {        // NOLINT
        upstream_lint::test::serve_forever(argc > 2 ? argv[2] : ""); // NOLINT
    }
    constexpr std::array needed = {"/usr/sbin/nginx",      "/usr/sbin/php-fpm8.2",
                                   "/usr/bin/dbus-daemon", "/usr/bin/systemd-nspawn",
                                   "/usr/bin/nsenter",     "/usr/bin/setpriv"};
    if (!upstream_lint::test::is_ready_for_tests(needed)) {
        return upstream_lint::test::skipped_program;
    }
    return doctest::Context(argc, argv).run();
}
