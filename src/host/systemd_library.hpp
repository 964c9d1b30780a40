#pragma once

#include "upstream_lint/result.hpp"

#include <systemd/sd-bus.h>

namespace upstream_lint {

#define UPSTREAM_LINT_SYSTEMD_FUNCTIONS(FUNCTION)                                                  \
    FUNCTION(sd_bus_call)                                                                          \
    FUNCTION(sd_bus_call_method)                                                                   \
    FUNCTION(sd_bus_flush_close_unref)                                                             \
    FUNCTION(sd_bus_message_append)                                                                \
    FUNCTION(sd_bus_message_close_container)                                                       \
    FUNCTION(sd_bus_message_enter_container)                                                       \
    FUNCTION(sd_bus_message_exit_container)                                                        \
    FUNCTION(sd_bus_message_new_method_call)                                                       \
    FUNCTION(sd_bus_message_open_container)                                                        \
    FUNCTION(sd_bus_message_read)                                                                  \
    FUNCTION(sd_bus_message_skip)                                                                  \
    FUNCTION(sd_bus_message_unref)                                                                 \
    FUNCTION(sd_bus_new)                                                                           \
    FUNCTION(sd_bus_open_system)                                                                   \
    FUNCTION(sd_bus_path_encode)                                                                   \
    FUNCTION(sd_bus_set_address)                                                                   \
    FUNCTION(sd_bus_set_bus_client)                                                                \
    FUNCTION(sd_bus_set_method_call_timeout)                                                       \
    FUNCTION(sd_bus_start)

/// The functions of libsystemd that are used, under its names and as its header has them.
struct SystemdLibrary {
#define UPSTREAM_LINT_MEMBER(name) decltype(&::name) name = nullptr;
    UPSTREAM_LINT_SYSTEMD_FUNCTIONS(UPSTREAM_LINT_MEMBER)
#undef UPSTREAM_LINT_MEMBER
};

/// libsystemd, loaded when it is asked for first. Safe in any thread; the result lives as long as
/// the process. Errors: those of LibraryLoader.
[[nodiscard]] const Result<SystemdLibrary>& systemd_library();

} // namespace upstream_lint
