#pragma once

#include <string>
#include <utility>
#include <variant>

namespace upstream_lint {

/// Why an operation on the environment failed.
struct Error {
    int code = 0;          ///< errno value; 0 when the reason is none of the system's.
    std::string operation; ///< what was tried, as nginx would name it: `open()`, `glob()`
    std::string object;    ///< the path or name it was tried on
    std::string reason;    ///< plain words; for an errno value its untranslated text

    friend bool operator==(const Error&, const Error&) = default;
};

/// `open() "/etc/x" failed (2: No such file or directory)`: the form nginx gives such errors.
[[nodiscard]] std::string describe(const Error& error);

/// The error of a system call: `code` is an errno value, whose C-locale text becomes the reason.
[[nodiscard]] Error system_error(int code, std::string operation, std::string object);

/// A value or the reason why there is none. Accessing the wrong side is a programming error
/// (std::bad_variant_access).
template <typename T> class [[nodiscard]] Result {
public:
    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}

    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }

    explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] const T& value() const& { return std::get<0>(state_); }

    [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }

    [[nodiscard]] const T& operator*() const& { return value(); }

    [[nodiscard]] const T* operator->() const { return &value(); }

    [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

private:
    std::variant<T, Error> state_;
};

} // namespace upstream_lint
