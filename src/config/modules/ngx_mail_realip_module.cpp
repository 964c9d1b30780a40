#include "config/client_networks.hpp"
#include "config/modules/modules.hpp"

#include <array>

/// src/mail/ngx_mail_realip_module.c
namespace upstream_lint {

namespace {

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"set_real_ip_from", take_network_or_host},
}};

} // namespace

const ModuleSetters ngx_mail_realip_module = {"ngx_mail_realip", setters};

} // namespace upstream_lint
