#pragma once

#include "config/directive.hpp"

#include <span>
#include <string_view>

namespace upstream_lint {

/// Takes the values of one statement (nginx: ngx_command_t.set).
using Setter = void (*)(Directive& directive);

/// The setter of a directive of a module.
struct DirectiveSetter {
    std::string_view name; ///< of the directive
    Setter set;
};

/// What a module does beyond taking values. Null: nothing.
struct ModuleHooks {
    using Main = void (*)(Cycle& cycle, Scope& main, const Place& brace);
    using Merge = void (*)(Cycle& cycle, Scope& parent, Scope& child, const Place& brace);

    /// Of a module of the main level: when the whole configuration has been read
    /// (src/core/ngx_cycle.c, ngx_init_cycle).
    void (*init_conf)(Cycle& cycle, Scope& main) = nullptr;

    // The others run at the closing brace of `http`, `stream` or `mail`, for the modules whose
    // names begin like that (src/http/ngx_http.c, ngx_http_block). One module does these three
    // before the next one begins, server by server:
    Main init_main = nullptr;
    Merge merge_server = nullptr;   ///< a server, into what the block around it says
    Merge merge_location = nullptr; ///< a server and what is in it, outer blocks first
    bool merges_unused = true; ///< whether merging may say something where none of the module's
                               ///< directives stands
    // Then all modules do each of these before the next:
    Main init_locations = nullptr; ///< trees are built: locations that stand twice are found
    Main postconfiguration = nullptr;
    // Here the variables that are used are looked for.
    Main optimize_servers = nullptr; ///< the addresses and names of servers are put together
};

struct ModuleSetters {
    std::string_view module; ///< its name in the table of modules
    std::span<const DirectiveSetter> setters;
    ModuleHooks hooks{};
};

/// The modules whose values are checked, in nginx's order.
[[nodiscard]] std::span<const ModuleSetters* const> checked_modules() noexcept;

/// Runs the hooks of the modules of one of the blocks `http`, `stream` and `mail`.
void end_of_main_block(Cycle& cycle, Scope& main, const Place& brace);

/// The setter of a row: its module's own, else the generic one that its C name stands for, else
/// null: its values are not looked at.
[[nodiscard]] Setter setter_of(const DirectiveRow& row) noexcept;

} // namespace upstream_lint
