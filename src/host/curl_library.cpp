#if UPSTREAM_LINT_HAS_CURL

#include "host/curl_library.hpp"

#include "host/library_loader.hpp"

namespace upstream_lint {

Result<CurlLibrary> load_curl(const char* name) {
    LibraryLoader loader(name, "container engines are asked with libcurl (Debian: libcurl4)");
    CurlLibrary curl;
    loader.find("curl_global_init", curl.global_init);
    loader.find("curl_easy_init", curl.easy_init);
    loader.find("curl_easy_setopt", curl.easy_setopt);
    loader.find("curl_easy_perform", curl.easy_perform);
    loader.find("curl_easy_getinfo", curl.easy_getinfo);
    loader.find("curl_easy_strerror", curl.easy_strerror);
    loader.find("curl_easy_cleanup", curl.easy_cleanup);
    if (loader.error())
        return *loader.error();
    curl.global_init(CURL_GLOBAL_NOTHING);
    return curl;
}

const Result<CurlLibrary>& curl_library() {
    static const Result<CurlLibrary> library = load_curl("libcurl.so.4");
    return library;
}

} // namespace upstream_lint

#endif
