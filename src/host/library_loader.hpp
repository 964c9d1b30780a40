#pragma once

#include "upstream_lint/result.hpp"

#include <optional>

namespace upstream_lint {

/// Loads a shared library that only some runs of the command need: what every run is linked with
/// costs most of them more than their work. The library is never unloaded.
class LibraryLoader {
public:
    /// `advice` says what the library is needed for and how it is installed.
    LibraryLoader(const char* library, const char* advice);

    /// `function` becomes the function of that name, whose type its header gives.
    template <typename Function> void find(const char* name, Function& function) {
        function = reinterpret_cast<Function>(look_up(name)); // NOLINT: dlsym(3)
    }

    /// The library or the first of its functions that is missing: ENOSYS, with the advice.
    [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

private:
    void* look_up(const char* name);
    void miss();

    const char* library_;
    const char* advice_;
    void* handle_ = nullptr;
    std::optional<Error> error_;
};

} // namespace upstream_lint
