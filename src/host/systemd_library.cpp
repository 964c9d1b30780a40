#if UPSTREAM_LINT_HAS_SYSTEMD

#include "host/systemd_library.hpp"

#include "host/library_loader.hpp"

namespace upstream_lint {

namespace {

Result<SystemdLibrary> load_systemd() {
    LibraryLoader loader("libsystemd.so.0",
                         "units are asked for with libsystemd (Debian: libsystemd0)");
    SystemdLibrary systemd;
#define UPSTREAM_LINT_FIND(name) loader.find(#name, systemd.name);
    UPSTREAM_LINT_SYSTEMD_FUNCTIONS(UPSTREAM_LINT_FIND)
#undef UPSTREAM_LINT_FIND
    if (loader.error())
        return *loader.error();
    return systemd;
}

} // namespace

const Result<SystemdLibrary>& systemd_library() {
    static const Result<SystemdLibrary> library = load_systemd();
    return library;
}

} // namespace upstream_lint

#endif
