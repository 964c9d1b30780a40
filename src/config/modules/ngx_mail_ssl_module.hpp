#pragma once

#include "config/directive.hpp"

namespace upstream_lint {

/// A `listen` of the server has the parameter `ssl`.
void note_mail_ssl_listen(Directive& listen);

} // namespace upstream_lint
