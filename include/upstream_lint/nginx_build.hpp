#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What an nginx executable is: its version, the modules compiled in, and its compiled-in paths.
///
/// Everything here is pure: no file is opened and no program is started.
namespace upstream_lint {

/// An nginx release number. Ordered as releases are.
struct Version {
    std::uint16_t major = 0;
    std::uint16_t minor = 0;
    std::uint16_t patch = 0;

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 mistakes the rewritten comparison
    friend constexpr auto operator<=>(const Version&, const Version&) = default;
};

/// The newest nginx that the tests compare with a real executable.
inline constexpr Version newest_tested_version{1, 30, 6};

/// Reads exactly `X.Y.Z`, each a decimal number below 65536 of at most five digits.
[[nodiscard]] std::optional<Version> parse_version(std::string_view text) noexcept;

/// `X.Y.Z`.
[[nodiscard]] std::string to_string(Version version);

/// The kind of block that a directive stands in.
///
/// nginx keeps two numbers for it, the module type and the context bit
/// (core/ngx_conf_file.c, ngx_conf_handler); one enumerator stands for one pair.
enum class Context : std::uint8_t {
    none, ///< a block of an unknown directive: nothing inside can be judged
    main,
    events,
    http,
    server,
    location,
    upstream,
    if_in_server,
    if_in_location,
    limit_except,
    stream,
    stream_server,
    stream_upstream,
    mail,
    mail_server,
    rtmp,
    rtmp_server,
    rtmp_application,
    rtmp_recorder,
    mgmt,
    oidc_provider,
    otel_exporter,
    acme_issuer,
    types,
    map,
    geo,
    split_clients,
    charset_map,
    geoip2,
    num_map,
    match,
    raw, ///< text that another language owns, up to the matching brace (Lua)
};

/// Number of enumerators of `Context`.
inline constexpr std::size_t context_count = static_cast<std::size_t>(Context::raw) + 1;

/// The name used in options and messages: `if in server`, `stream_server`. Static storage.
[[nodiscard]] std::string_view context_name(Context context) noexcept;

/// The inverse of `context_name`; nothing for any other text.
[[nodiscard]] std::optional<Context> parse_context(std::string_view name) noexcept;

/// Whether the block's own handler reads the body as free words (`map`, `types`, `geo`), so that
/// no directive is looked up in it.
[[nodiscard]] constexpr bool is_data(Context context) noexcept {
    return context >= Context::types && context <= Context::match;
}

/// A set of contexts; iterates in the order of the enumerators.
class ContextMask {
public:
    class Iterator {
    public:
        using value_type = Context;
        using difference_type = std::ptrdiff_t;

        constexpr Iterator() noexcept = default;

        constexpr explicit Iterator(std::uint64_t rest) noexcept : rest_(rest) {}

        constexpr Context operator*() const noexcept {
            return static_cast<Context>(std::countr_zero(rest_));
        }

        constexpr Iterator& operator++() noexcept {
            rest_ &= rest_ - 1;
            return *this;
        }

        constexpr Iterator operator++(int) noexcept {
            const Iterator before = *this;
            ++*this;
            return before;
        }

        friend constexpr bool operator==(Iterator, Iterator) noexcept = default;

    private:
        std::uint64_t rest_ = 0;
    };

    constexpr ContextMask() noexcept = default;

    constexpr explicit ContextMask(std::uint64_t bits) noexcept : bits_(bits) {}

    // NOLINTNEXTLINE(google-explicit-constructor): one context is a set of one
    constexpr ContextMask(Context context) noexcept :
        bits_(std::uint64_t{1} << static_cast<unsigned>(context)) {}

    [[nodiscard]] constexpr bool contains(Context context) const noexcept {
        return (bits_ >> static_cast<unsigned>(context) & 1U) != 0;
    }

    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }

    [[nodiscard]] constexpr int size() const noexcept { return std::popcount(bits_); }

    [[nodiscard]] constexpr std::uint64_t bits() const noexcept { return bits_; }

    [[nodiscard]] constexpr Iterator begin() const noexcept { return Iterator(bits_); }

    [[nodiscard]] constexpr Iterator end() const noexcept { return Iterator(0); }

    constexpr ContextMask& operator|=(ContextMask other) noexcept {
        bits_ |= other.bits_;
        return *this;
    }

    friend constexpr ContextMask operator|(ContextMask left, ContextMask right) noexcept {
        return ContextMask(left.bits_ | right.bits_);
    }

    friend constexpr ContextMask operator&(ContextMask left, ContextMask right) noexcept {
        return ContextMask(left.bits_ & right.bits_);
    }

    friend constexpr bool operator==(ContextMask, ContextMask) noexcept = default;

private:
    std::uint64_t bits_ = 0;
};

/// A module of the module list, or a compile-time condition of nginx (`NGX_HTTP_CACHE`) that
/// switches single directives: both are "there or not" in a build. Ordered as nginx tries modules.
struct ModuleId {
    std::uint16_t value = 0;

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 mistakes the rewritten comparison
    friend constexpr auto operator<=>(const ModuleId&, const ModuleId&) = default;
};

/// The name without `_module`: `ngx_http_proxy`. Where two projects give the same name to
/// different modules the second has the project behind an `@`. Static storage.
[[nodiscard]] std::string_view module_name(ModuleId module) noexcept;

/// The module of that name, with or without the ending `_module`.
[[nodiscard]] std::optional<ModuleId> find_module(std::string_view name) noexcept;

/// Number of modules; valid ids are below it.
[[nodiscard]] std::size_t module_count() noexcept;

/// The modules that a build has.
class ModuleSet {
public:
    /// More modules than this need a wider set; the table's generator says so.
    static constexpr std::size_t capacity = 512;

    [[nodiscard]] constexpr bool contains(ModuleId module) const noexcept {
        return (words_[module.value / 64U] >> (module.value % 64U) & 1U) != 0;
    }

    constexpr void insert(ModuleId module) noexcept {
        words_[module.value / 64U] |= std::uint64_t{1} << (module.value % 64U);
    }

    constexpr void erase(ModuleId module) noexcept {
        words_[module.value / 64U] &= ~(std::uint64_t{1} << (module.value % 64U));
    }

    /// Adds all of `other`, and its openness.
    constexpr void insert(const ModuleSet& other) noexcept {
        for (std::size_t i = 0; i < words_.size(); ++i)
            words_[i] |= other.words_[i];
        open_ = open_ || other.open_;
    }

    /// Modules whose directives are not known may be present: a directive that no module of the
    /// set has may still be valid.
    [[nodiscard]] constexpr bool is_open() const noexcept { return open_; }

    constexpr void set_open(bool open = true) noexcept { open_ = open; }

    /// No module; openness is not looked at.
    [[nodiscard]] constexpr bool empty() const noexcept {
        for (const std::uint64_t word : words_)
            if (word != 0)
                return false;
        return true;
    }

    [[nodiscard]] constexpr int size() const noexcept {
        int result = 0;
        for (const std::uint64_t word : words_)
            result += std::popcount(word);
        return result;
    }

    friend constexpr bool operator==(const ModuleSet&, const ModuleSet&) = default;

private:
    std::array<std::uint64_t, capacity / 64> words_{};
    bool open_ = false;
};

/// Where an executable puts temporary files unless its configuration says otherwise
/// (`--http-proxy-temp-path=`). A relative one begins at nginx's prefix; empty: not known.
struct TempPaths {
    std::string client_body{};
    std::string proxy{};
    std::string fastcgi{};
    std::string uwsgi{};
    std::string scgi{};

    friend bool operator==(const TempPaths&, const TempPaths&) = default;
};

/// A description of one nginx executable.
struct NginxBuild {
    Version version = newest_tested_version;
    /// Compiled in, and what `load_module` added since.
    ModuleSet modules;
    /// Built beside the executable (`--with-stream=dynamic`), there once loaded.
    ModuleSet loadable;
    /// `--prefix=` and `--conf-path=` as configured; absent when not known or not given.
    std::optional<std::string> prefix;
    std::optional<std::string> conf_path;
    TempPaths temp_paths{};
    bool file_aio = false; ///< `--with-file-aio`
};

/// The packages of nginx.org of that version: their configure options, no dynamic module loaded.
[[nodiscard]] NginxBuild official_build(Version version);

/// Reads the bytes of an nginx executable, or what `nginx -V` printed.
///
/// Takes the version (`nginx version: nginx/1.22.1`, also of OpenResty and NGINX Plus) and the
/// configure arguments. Where there are no arguments, or one adds a module that is not known, the
/// set is open. Nothing when the bytes name no nginx version. Linear in the size; the bytes may
/// be hostile. Source: core/nginx.c ngx_show_version_info, auto/options, auto/modules.
[[nodiscard]] std::optional<NginxBuild> build_from_text(std::string_view bytes);

/// The configure arguments that such bytes carry, as `nginx -V` prints them, without the label;
/// empty where there are none. Views `bytes`.
[[nodiscard]] std::string_view configure_arguments(std::string_view bytes) noexcept;

/// What such arguments make of the folders for temporary files. Source: auto/options.
[[nodiscard]] TempPaths temp_paths_of(std::string_view configure_arguments);

/// The modules that `load_module .../STEM.so` adds; for `all`, every module there is.
///
/// An object that `build` was configured with brings what the configure options say
/// (`ngx_stream_module` without `ngx_stream_ssl` where that was not asked for), any other one all
/// modules it can have. Nothing when the stem is not known: the caller then has an open set.
[[nodiscard]] std::optional<ModuleSet> modules_of_object(std::string_view stem,
                                                         const NginxBuild& build);

} // namespace upstream_lint
