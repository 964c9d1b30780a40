#if UPSTREAM_LINT_HAS_CURL

#include "host/curl_library.hpp"

#include <cerrno>
#include <dlfcn.h>
#include <string>

namespace upstream_lint {

namespace {

Error missing(const char* name) {
    const char* reason = ::dlerror(); // NOLINT(concurrency-mt-unsafe): each thread has its own
    return {ENOSYS, "dlopen()", name,
            std::string(reason != nullptr ? reason : "unknown error") +
                "; container engines are asked with libcurl: install it (Debian: libcurl4)"};
}

template <typename Function> bool find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name)); // NOLINT: dlsym(3)
    return function != nullptr;
}

} // namespace

Result<CurlLibrary> load_curl(const char* name) {
    // what it defines is for nobody else
    void* library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        return missing(name);
    CurlLibrary curl;
    const bool is_whole = find(library, "curl_global_init", curl.global_init) &&
                          find(library, "curl_easy_init", curl.easy_init) &&
                          find(library, "curl_easy_setopt", curl.easy_setopt) &&
                          find(library, "curl_easy_perform", curl.easy_perform) &&
                          find(library, "curl_easy_getinfo", curl.easy_getinfo) &&
                          find(library, "curl_easy_strerror", curl.easy_strerror) &&
                          find(library, "curl_easy_cleanup", curl.easy_cleanup);
    if (!is_whole)
        return missing(name);
    curl.global_init(CURL_GLOBAL_NOTHING);
    return curl;
}

const Result<CurlLibrary>& curl_library() {
    static const Result<CurlLibrary> library = load_curl("libcurl.so.4");
    return library;
}

} // namespace upstream_lint

#endif
