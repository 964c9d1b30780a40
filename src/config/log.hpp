#pragma once

#include "config/directive.hpp"

#include <cstddef>

namespace upstream_lint {

/// Takes `error_log` of any level (src/core/ngx_log.c, ngx_log_set_log). Files are not opened.
void set_error_log(Directive& directive);

/// Takes a word that begins with `syslog:` (src/core/ngx_syslog.c, ngx_syslog_process_conf); false
/// when something was reported.
bool set_syslog(Directive& directive, std::size_t word);

} // namespace upstream_lint
