#if UPSTREAM_LINT_HAS_OPENSSL

#include "host/openssl_library.hpp"

#include "host/library_loader.hpp"

namespace upstream_lint {

namespace {

Result<OpenSslLibrary> load_openssl() {
    // its functions are those of libcrypto as well, which it needs
    LibraryLoader loader("libssl.so.3", "TLS is spoken with OpenSSL 3 (Debian: libssl3)");
    OpenSslLibrary openssl;
#define UPSTREAM_LINT_FIND(name) loader.find(#name, openssl.name);
    UPSTREAM_LINT_OPENSSL_FUNCTIONS(UPSTREAM_LINT_FIND)
#undef UPSTREAM_LINT_FIND
    if (loader.error())
        return *loader.error();
    // a thread that is left behind may still work when the process ends: nothing is cleaned up then
    openssl.OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, nullptr);
    return openssl;
}

} // namespace

const Result<OpenSslLibrary>& openssl_library() {
    static const Result<OpenSslLibrary> library = load_openssl();
    return library;
}

} // namespace upstream_lint

#endif
