#define DOCTEST_CONFIG_IMPLEMENT
#include "e2e/names/name_server.hpp"
#include "support/own_namespaces.hpp"

#include <array>
#include <doctest/doctest.h>

int main(int argc, char** argv) {
    constexpr std::array needed = {"/usr/sbin/nginx", upstream_lint::test::NameServer::program};
    if (!upstream_lint::test::is_ready_for_tests(needed)) {
        return upstream_lint::test::skipped_program;
    }
    return doctest::Context(argc, argv).run();
}
