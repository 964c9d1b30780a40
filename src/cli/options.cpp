#include "cli/options.hpp"

#include "cli/exit_status.hpp"
#include "config/suggestion.hpp"
#include "upstream_lint/render.hpp"
#include "upstream_lint/version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <map>

namespace upstream_lint::cli {

namespace {

constexpr const char* footer = R"(Examples:
  nginx-upstream-lint test /etc/nginx/nginx.conf
  nginx-upstream-lint test --all --map /etc/nginx=deploy/nginx deploy/nginx/nginx.conf
  nginx -T | nginx-upstream-lint dump -

Exit status: 0 clean, 1 refused, 2 wrong usage, 3 the job could not be done.)";

const std::map<std::string, Format> formats{
    {"text", Format::text}, {"json", Format::json}, {"gcc", Format::gcc}};
const std::map<std::string, Color> colors{
    {"auto", Color::automatic}, {"always", Color::always}, {"never", Color::never}};
const std::map<std::string, FailOn> fail_ons{
    {"error", FailOn::error}, {"warning", FailOn::warning}, {"never", FailOn::never}};

/// What the command line says, before it is given meaning.
struct Raw {
    std::string positional, config, root, prefix, context, version, nginx, output;
    std::vector<std::string> maps;
};

/// One word of a fixed set; CLI11's own transformers name types in their messages.
template <typename Value> void add_choice(::CLI::App& app, const char* name, Value& value,
                                          const std::map<std::string, Value>& words,
                                          const char* help) {
    std::string choices;
    for (const auto& [word, ignored] : words) {
        choices += (choices.empty() ? "" : "|") + word;
    }
    app.add_option_function<std::string>(
           name,
           [&value, &words, name, choices](const std::string& word) {
               const auto found = words.find(word);
               if (found == words.end()) {
                   throw ::CLI::ValidationError(
                       name, fmt::format("takes {}, not \"{}\"", choices, visible(word)));
               }
               value = found->second;
           },
           help)
        ->type_name(choices);
}

void add_configuration_options(::CLI::App& app, Raw& raw, Options& options) {
    app.add_option(
        "CONF", raw.positional,
        "The configuration, a path here; - is standard input; nginx -T output is recognised");
    app.add_option("--config", raw.config, "The same as CONF")->type_name("CONF");
    app.add_option("--root", raw.root, "DIR stands for /: an image, a checkout")->type_name("DIR");
    app.add_option("--map", raw.maps,
                   "Names in the configuration below NAME are read from PATH here (repeatable)")
        ->type_name("NAME=PATH")
        ->allow_extra_args(false);
    app.add_option("--prefix", raw.prefix, "nginx's prefix, as nginx -p takes it")
        ->type_name("DIR");
    app.add_option("--context", raw.context,
                   "The file is a fragment for this context: http, server, location, ...")
        ->type_name("NAME");
    app.add_option("--nginx-version", raw.version, "Read as this nginx would")->type_name("X.Y.Z");
    app.add_option("--module", options.modules,
                   "Add a module: ngx_stream_module, ...; all adds every known one (repeatable)")
        ->type_name("STEM")
        ->allow_extra_args(false);
    app.add_option(
           "--nginx", raw.nginx,
           "Version and modules of this nginx executable (read, never run) or saved nginx -V text")
        ->type_name("FILE");
}

void add_output_options(::CLI::App& app, Raw& raw) {
    app.add_option("--output", raw.output, "Write to FILE instead of standard output")
        ->type_name("FILE");
}

/// `/etc/nginx=deploy/nginx`.
std::optional<PathMapping> parse_mapping(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || !text.starts_with('/') || equals + 1 == text.size()) {
        return std::nullopt;
    }
    return PathMapping{.name = text.substr(0, equals), .path = text.substr(equals + 1)};
}

std::optional<std::string> nonempty(std::string text) {
    return text.empty() ? std::nullopt : std::optional(std::move(text));
}

Stop wrong(std::string_view command, const std::string& message) {
    return {exit_usage,
            fmt::format("nginx-upstream-lint: {}\nTry: nginx-upstream-lint {}{}--help\n", message,
                        command, command.empty() ? "" : " ")};
}

std::string context_choices() {
    std::string names;
    for (std::size_t i = 0; i < context_count; ++i) {
        const auto context = static_cast<Context>(i);
        if (context != Context::none && context != Context::raw) {
            names += (names.empty() ? "" : ", ") + std::string(context_name(context));
        }
    }
    return names;
}

/// Gives the raw words their meaning; the text of what is wrong, if anything is.
std::optional<std::string> interpret(Raw raw, Options& options) {
    if (!raw.positional.empty() && !raw.config.empty()) {
        return "CONF is given twice, as an argument and with --config: give it once";
    }
    options.conf =
        nonempty(raw.positional.empty() ? std::move(raw.config) : std::move(raw.positional));
    options.root = nonempty(std::move(raw.root));
    options.prefix = nonempty(std::move(raw.prefix));
    options.nginx = nonempty(std::move(raw.nginx));
    options.output = nonempty(std::move(raw.output));
    for (const std::string& text : raw.maps) {
        const auto mapping = parse_mapping(text);
        if (!mapping) {
            return fmt::format("--map takes NAME=PATH with an absolute NAME, not \"{}\"",
                               visible(text));
        }
        options.mappings.push_back(*mapping);
    }
    if (!raw.version.empty()) {
        options.nginx_version = parse_version(raw.version);
        if (!options.nginx_version) {
            return fmt::format("--nginx-version takes a version such as 1.26.3, not \"{}\"",
                               visible(raw.version));
        }
    }
    if (!raw.context.empty()) {
        options.context = parse_context(raw.context);
        if (!options.context || *options.context == Context::none ||
            *options.context == Context::raw) {
            return fmt::format("--context does not know \"{}\"; it takes one of: {}",
                               visible(raw.context), context_choices());
        }
    }
    return std::nullopt;
}

/// `; did you mean --config?`, for the first word that looks like an option or command and is none.
std::string did_you_mean(const ::CLI::App& app, int argc, const char* const* argv) {
    std::vector<std::string> known;
    for (const ::CLI::Option* option : app.get_options()) {
        known.push_back(option->get_name());
    }
    for (const ::CLI::App* command : app.get_subcommands({})) {
        known.push_back(command->get_name());
    }
    for (int i = 1; i < argc; ++i) {
        const std::string_view word =
            std::string_view(argv[i]).substr(0, std::string_view(argv[i]).find('='));
        for (const std::string& name : known) {
            const std::size_t distance = edit_distance(word, name, 2);
            if (distance > 0 && distance <= 2) {
                return fmt::format("; did you mean {}?", name);
            }
        }
    }
    return "";
}

} // namespace

std::variant<Options, Stop> parse_options(int argc, const char* const* argv) {
    Options options;
    Raw raw;
    ::CLI::App app("Reads nginx configurations exactly as nginx does.", "nginx-upstream-lint");
    app.footer(footer);
    app.set_version_flag(
        "--version",
        fmt::format("nginx-upstream-lint {}\nreads nginx up to {}; host providers: files", version,
                    to_string(newest_tested_version)));
    app.require_subcommand(1);

    ::CLI::App* const test =
        app.add_subcommand("test", "Say what nginx -t says of the text, without nginx");
    add_configuration_options(*test, raw, options);
    test->add_flag("--all", options.all,
                   "Go on after the first error, and show each with its source line");
    add_choice(*test, "--format", options.format, formats, "How to print");
    add_output_options(*test, raw);
    add_choice(*test, "--color", options.color, colors, "Colours in text");
    add_choice(*test, "--fail-on", options.fail_on, fail_ons, "What makes the exit status 1");
    test->footer("Exit status: 0 nginx would take it, 1 nginx would refuse it, 2 wrong usage, 3 a "
                 "file could not be read.");

    ::CLI::App* const dump =
        app.add_subcommand("dump", "Print the parsed configuration as crossplane's JSON");
    add_configuration_options(*dump, raw, options);
    dump->add_flag("--combine", options.combine,
                   "Put included files in the place of their include directives");
    dump->add_flag("--comments", options.comments, "With comments");
    dump->add_flag("--spans", options.spans, "With columns and byte offsets");
    dump->add_option("--indent", options.indent, "Blanks a level; 0 is one line")
        ->type_name("N")
        ->check(::CLI::Range(0, 16));
    add_output_options(*dump, raw);
    dump->footer("Exit status: 0 even where nginx would refuse the text (see status and errors), 2 "
                 "wrong usage, 3 CONF unreadable.");

    std::string command;
    try {
        app.parse(argc, argv);
    } catch (const ::CLI::CallForHelp&) {
        const auto chosen = app.get_subcommands();
        return Stop{exit_clean, chosen.empty() ? app.help() : chosen.front()->help()};
    } catch (const ::CLI::CallForVersion& text) {
        return Stop{exit_clean, std::string(text.what()) + "\n"};
    } catch (const ::CLI::ParseError& error) {
        if (argc < 2) {
            return Stop{exit_usage, app.help()};
        }
        const auto chosen = app.get_subcommands();
        const ::CLI::App& asked = chosen.empty() ? app : *chosen.front();
        return wrong(chosen.empty() ? "" : asked.get_name(),
                     visible(error.what()) + did_you_mean(asked, argc, argv));
    }
    options.command = test->parsed() ? Command::test : Command::dump;
    if (const auto problem = interpret(std::move(raw), options)) {
        return wrong(test->parsed() ? "test" : "dump", *problem);
    }
    return options;
}

} // namespace upstream_lint::cli
