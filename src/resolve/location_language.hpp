#pragma once

#include "resolve/language_bounds.hpp"
#include "upstream_lint/model.hpp"

#include <map>

namespace upstream_lint {

/// Which URIs end at a location.
struct LocationLanguage {
    LanguageBounds found;      ///< it answers them
    LanguageBounds redirected; ///< they lack the `/` at the end of its name; nginx answers 301
};

/// The URIs that a request can bring (src/http/ngx_http_parse.c, ngx_http_parse_complex_uri): they
/// begin with `/` and have neither `.` nor `..` between slashes, nor, with `merge_slashes on`, two
/// slashes beside each other. What a rewrite makes of them can be anything else.
[[nodiscard]] Language normalized_uris(bool merge_slashes);

/// Where each of the URIs ends in a server (src/http/ngx_http_core_module.c,
/// ngx_http_core_find_location), by the locations they can end at and the level of the server
/// itself. No two of the sets have a URI in common, and together they are `uris`. A location that
/// is not there is found by no URI at all, as a named one. That PCRE2 gives up on a text is not
/// counted.
///
/// Cost: a few operations on languages for each location. When they take more than half a minute or
/// so in all, what is left becomes unknown.
[[nodiscard]] std::map<LocationId, LocationLanguage>
location_languages(const Model& model, ServerId server, const LanguageBounds& uris);

} // namespace upstream_lint
