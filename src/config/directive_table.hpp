#pragma once

#include "upstream_lint/nginx_build.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// What nginx's modules say of their directives: where each may stand and how many arguments it
/// takes (ngx_command_t tables). Made at build time from data/directives.tsv and data/modules.tsv.
///
/// All text and all spans have static storage.
namespace upstream_lint {

/// How many arguments a directive takes, in the order in which ngx_conf_handler
/// (core/ngx_conf_file.c) looks at the bits.
struct ArgumentCounts {
    enum class Rule : std::uint8_t {
        any,          ///< NGX_CONF_ANY: not checked
        flag,         ///< NGX_CONF_FLAG: exactly one, `on` or `off`
        at_least_one, ///< NGX_CONF_1MORE
        at_least_two, ///< NGX_CONF_2MORE
        listed,       ///< the numbers in `listed`, never more than seven
    };

    Rule rule = Rule::listed;
    std::uint8_t listed = 0; ///< bit N: N arguments are allowed

    [[nodiscard]] constexpr bool accepts(std::size_t count) const noexcept {
        switch (rule) {
        case Rule::any:
            return true;
        case Rule::flag:
            return count == 1;
        case Rule::at_least_one:
            return count >= 1;
        case Rule::at_least_two:
            return count >= 2;
        case Rule::listed:
            return count < 8 && (static_cast<unsigned>(listed) >> count & 1U) != 0;
        }
        return false;
    }

    friend constexpr bool operator==(const ArgumentCounts&, const ArgumentCounts&) = default;
};

/// One entry of one module's command table in a range of nginx versions. A directive that several
/// modules, contexts or versions know differently has several rows.
struct DirectiveRow {
    std::string_view name;
    ModuleId module;
    /// What else the build must have for the entry to be compiled in; `module` itself where
    /// nothing else is asked for.
    std::array<ModuleId, 2> required;
    ContextMask contexts;
    ArgumentCounts arguments;
    bool block = false;            ///< opened by `{`
    Context opens = Context::none; ///< what a block's body is
    std::string_view setter;       ///< name of the C function that takes the values; may be empty
    std::span<const std::string_view> words; ///< the allowed values of an enum or bitmask setter
    std::string_view replacement; ///< named by ngx_conf_deprecated; empty when not deprecated
    Version since;                ///< first version with this entry; 0.0.0 when not known
    Version removed;              ///< first version without it; 0.0.0 when it is still there

    [[nodiscard]] constexpr bool flag() const noexcept {
        return arguments.rule == ArgumentCounts::Rule::flag;
    }
};

/// All rows, by name (bytes), then in the order in which nginx tries its modules.
[[nodiscard]] std::span<const DirectiveRow> directive_rows() noexcept;

/// The rows of one name, of all modules and versions; empty for a name that is in no table.
/// Names are case-sensitive. Constant time: one hash of at most 24 bytes, one comparison.
[[nodiscard]] std::span<const DirectiveRow> find_directive(std::string_view name) noexcept;

/// Every name once, sorted by bytes.
[[nodiscard]] std::span<const std::string_view> directive_names() noexcept;

/// Whether the build has this entry: its module is there, and the version is in the row's range.
[[nodiscard]] inline bool available(const DirectiveRow& row, const NginxBuild& build) noexcept {
    return build.modules.contains(row.module) && build.modules.contains(row.required[0]) &&
           build.modules.contains(row.required[1]) && row.since <= build.version &&
           (row.removed == Version{} || build.version < row.removed);
}

/// What ngx_conf_handler decides before it runs a setter.
enum class Dispatch : std::uint8_t {
    accepted,         ///< the row's setter runs
    unknown,          ///< `unknown directive "X"`
    not_allowed,      ///< `"X" directive is not allowed here`
    not_terminated,   ///< `directive "X" is not terminated by ";"`
    no_opening_brace, ///< `directive "X" has no opening "{"`
    wrong_number,     ///< `invalid number of arguments in "X" directive`
    undecided,        ///< the build may have modules that are not known, or the block is not known
};

struct DispatchResult {
    Dispatch outcome = Dispatch::undecided;
    /// The entry that decided: set for all outcomes but unknown, not_allowed and undecided.
    const DirectiveRow* row = nullptr;
};

/// Decides as nginx does (core/ngx_conf_file.c ngx_conf_handler): the first entry of a module of
/// the build that fits the context decides, then the terminator, then the number of arguments.
///
/// `arguments` is the number of words after the name, `brace` whether `{` ended them. A directive
/// that no known module has is undecided where the build's module set is open. The bodies of
/// `otel_exporter` and `acme_issuer` look up their own short tables only, without looking at the
/// terminator. Data bodies and raw bodies have no directives: undecided.
/// Linear in the rows of the one name (at most about ten).
[[nodiscard]] DispatchResult dispatch(std::string_view name, Context context, std::size_t arguments,
                                      bool brace, const NginxBuild& build) noexcept;

/// The same for rows that were looked up before.
[[nodiscard]] DispatchResult dispatch(std::span<const DirectiveRow> rows, Context context,
                                      std::size_t arguments, bool brace,
                                      const NginxBuild& build) noexcept;

/// One row of data/modules.tsv.
struct ModuleRow {
    std::string_view name;
    /// Which configure options build it: `-`, `always`, `plus`, or alternatives separated by `,`,
    /// each a conjunction of `with-X` and `without-X` separated by `&`. The second stands for
    /// "not switched off".
    std::string_view built;
    std::string_view object;      ///< stem of the shared object that has it, or empty
    std::string_view directories; ///< names of its source directory, separated by `,`, or empty
};

/// All modules in the order in which nginx tries them; the index is the ModuleId.
[[nodiscard]] std::span<const ModuleRow> module_rows() noexcept;

/// Defined by the generated file.
namespace generated {

/// Slot of the open-addressing table: the upper half of the name's hash and its index.
struct NameSlot {
    std::uint16_t tag = 0;
    std::uint16_t name = 0xFFFF; ///< index into `names`; 0xFFFF when free
};

inline constexpr std::uint16_t free_slot = 0xFFFF;

extern const std::span<const DirectiveRow> rows;
extern const std::span<const std::string_view> names;
extern const std::span<const std::uint16_t> first_rows; ///< one more than names
extern const std::span<const NameSlot> slots;           ///< size is a power of two
extern const std::span<const ModuleRow> modules;

} // namespace generated
} // namespace upstream_lint
