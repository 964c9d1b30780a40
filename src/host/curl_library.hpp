#pragma once

#include "upstream_lint/result.hpp"

#include <curl/curl.h>

namespace upstream_lint {

/// The functions of libcurl that are used, as its header has them.
struct CurlLibrary {
    decltype(&::curl_global_init) global_init = nullptr;
    decltype(&::curl_easy_init) easy_init = nullptr;
    decltype(&::curl_easy_setopt) easy_setopt = nullptr;
    decltype(&::curl_easy_perform) easy_perform = nullptr;
    decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
    decltype(&::curl_easy_strerror) easy_strerror = nullptr;
    decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
};

/// Loads and starts the library of that name. Errors: those of LibraryLoader.
[[nodiscard]] Result<CurlLibrary> load_curl(const char* name);

/// libcurl, loaded when it is asked for first. Safe in any thread; the result lives as long as the
/// process.
[[nodiscard]] const Result<CurlLibrary>& curl_library();

} // namespace upstream_lint
