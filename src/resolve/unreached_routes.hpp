#pragma once

#include "resolve/internal_ways.hpp"
#include "resolve/location_uris.hpp"
#include "resolve/pass_list.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/routes.hpp"

#include <span>

namespace upstream_lint {

/// A `return` that ends every request before its location passes it on: in the location, or in the
/// server where no error page can lead around it; or none. Cost: a look at the settings of both.
[[nodiscard]] DirectiveRef ending_directive(const Model& model, const PassSite& pass);

// Each says in a way without an example whether there is a request that goes it, and why not.

/// Nginx answers with that directive before.
void tell_ended(Route& route, DirectiveRef ending);

/// No request gets to the server, whose entries these are.
void tell_server(Route& route, const Model& model, std::span<const ServerEntry> entries);

/// No request can ask for the location: it is a named one, or `internal`.
void tell_internal(Route& route, const Model& model, const InternalWays& ways);

/// No URI that a request brings ends at the location.
void tell_shadowed(Route& route, const Model& model, LocationUris& uris);

} // namespace upstream_lint
