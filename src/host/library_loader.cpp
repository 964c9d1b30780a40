#include "host/library_loader.hpp"

#include <cerrno>
#include <dlfcn.h>
#include <fmt/format.h>

namespace upstream_lint {

LibraryLoader::LibraryLoader(const char* library, const char* advice) :
    library_(library), advice_(advice),
    handle_(::dlopen(library, RTLD_NOW | RTLD_LOCAL)) { // what it defines is for nobody else
    if (handle_ == nullptr)
        miss();
}

void* LibraryLoader::look_up(const char* name) {
    void* const found = handle_ == nullptr ? nullptr : ::dlsym(handle_, name);
    if (found == nullptr && !error_)
        miss();
    return found;
}

void LibraryLoader::miss() {
    const char* const reason =
        ::dlerror(); // NOLINT(concurrency-mt-unsafe): each thread has its own
    error_ = Error{ENOSYS, "dlopen()", library_,
                   fmt::format("{}; {}", reason == nullptr ? "unknown error" : reason, advice_)};
}

} // namespace upstream_lint
