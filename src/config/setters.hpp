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

/// What a module does when the block `http`, `stream` or `mail` has ended, in the order in which
/// nginx asks for it (src/http/ngx_http.c, ngx_http_block). Null: nothing.
struct ModuleHooks {
    void (*init_main)(Cycle& cycle, Scope& main, const Place& brace) = nullptr;
    /// Gets a server and the block around it.
    void (*merge_server)(Cycle& cycle, Scope& parent, Scope& child, const Place& brace) = nullptr;
    /// Gets a server or location and the block around it, outer ones first.
    void (*merge_location)(Cycle& cycle, Scope& parent, Scope& child, const Place& brace) = nullptr;
    /// The trees of locations are built: what stands twice is found then.
    void (*init_locations)(Cycle& cycle, Scope& main, const Place& brace) = nullptr;
    void (*postconfiguration)(Cycle& cycle, Scope& main, const Place& brace) = nullptr;
    /// All variables are known.
    void (*init_variables)(Cycle& cycle, Scope& main, const Place& brace) = nullptr;
    /// Addresses and names of servers are sorted.
    void (*optimize_servers)(Cycle& cycle, Scope& main, const Place& brace) = nullptr;
};

struct ModuleSetters {
    std::string_view module; ///< its name in the table of modules
    std::span<const DirectiveSetter> setters;
    ModuleHooks hooks{};
};

/// The modules whose values are checked, in nginx's order.
[[nodiscard]] std::span<const ModuleSetters* const> checked_modules() noexcept;

/// What the modules do when one of the blocks `http`, `stream` and `mail` has ended.
void end_of_main_block(Cycle& cycle, Scope& main, const Place& brace);

/// The setter of a row: its module's own, else the generic one that its C name stands for, else
/// null: its values are not looked at.
[[nodiscard]] Setter setter_of(const DirectiveRow& row) noexcept;

} // namespace upstream_lint
