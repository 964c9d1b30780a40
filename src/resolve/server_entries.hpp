#pragma once

#include "resolve/server_choice.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/routes.hpp"

#include <vector>

namespace upstream_lint {

/// By which names a request gets to which server at which listener, each with an example that
/// `choice` sends there, or a proof that no name does: another server has it
/// (ngx_http_server_names, ngx_http_find_virtual_server). In `mail` the listener decides alone.
/// By server, then listener, then name.
///
/// Cost: a look-up for each name; for a pattern where no other server takes what is easily thought
/// of also its language, and those of the names before it. What takes too many states stays
/// unknown.
[[nodiscard]] std::vector<ServerEntry> list_server_entries(const Model& model,
                                                           ServerChoice& choice);

} // namespace upstream_lint
