#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// What an nginx was started with (core/nginx.c, ngx_get_options).
struct NginxArguments {
    std::optional<std::string> configuration; ///< `-c`
    std::optional<std::string> prefix;        ///< `-p`
    std::string global_directives;            ///< `-g`
    bool is_command = false; ///< ends at once: `-t`, `-T`, `-v`, `-V`, `-h`, `-s SIGNAL`

    friend bool operator==(const NginxArguments&, const NginxArguments&) = default;
};

/// The arguments behind the name of the program.
[[nodiscard]] NginxArguments read_nginx_arguments(const std::vector<std::string>& arguments);

/// What a process of nginx calls itself (os/unix/ngx_setproctitle.c).
struct NginxTitle {
    enum class Role { master, worker, worker_shutting_down, other };

    Role role = Role::other;
    std::string program; ///< of a master: what it was started as
    /// Of a master, whose title has its command line with a space between arguments. An argument
    /// that has spaces itself goes on up to the next one that looks like an option.
    NginxArguments arguments;
};

/// `command_line` is /proc/PID/cmdline. Nothing for what is no nginx by its title.
[[nodiscard]] std::optional<NginxTitle> read_nginx_title(std::string_view command_line);

/// The arguments of a process that has no title of its own, cut at each NUL.
[[nodiscard]] std::vector<std::string> command_line_words(std::string_view command_line);

} // namespace upstream_lint
