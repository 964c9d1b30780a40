#define DOCTEST_CONFIG_IMPLEMENT
#include "support/own_namespaces.hpp"

#include <cstdio>
#include <doctest/doctest.h>
#include <unistd.h>

namespace {

constexpr int skipped = 77; // SKIP_RETURN_CODE

} // namespace

int main(int argc, char** argv) {
    if (!upstream_lint::test::enter_own_namespaces()) {
        std::puts("skipped: this machine or user may not make namespaces");
        return skipped;
    }
    if (::access("/usr/sbin/nginx", X_OK) != 0) {
        std::puts("skipped: there is no /usr/sbin/nginx");
        return skipped;
    }
    return doctest::Context(argc, argv).run();
}
