#include "cli/options.hpp"

#include "cli/exit_status.hpp"
#include "config/suggestion.hpp"
#include "upstream_lint/collect.hpp"
#include "upstream_lint/render_route.hpp"
#include "upstream_lint/version.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace upstream_lint::cli {

namespace {

constexpr const char* footer = R"(Without a command it is check.

Examples:
  nginx-upstream-lint
  nginx-upstream-lint check --probe connect --show-unknown
  nginx-upstream-lint test /etc/nginx/nginx.conf
  nginx-upstream-lint test --all --map /etc/nginx=deploy/nginx deploy/nginx/nginx.conf
  nginx -T | nginx-upstream-lint dump -
  nginx-upstream-lint route --config nginx.conf http://shop.example/cart
  nginx-upstream-lint routes --to 127.0.0.1:3000 nginx.conf

Exit status: 0 clean, 1 findings or refused, 2 wrong usage, 3 the job could not be done.)";

const std::map<std::string, Format> formats{
    {"text", Format::text}, {"json", Format::json}, {"gcc", Format::gcc}};
const std::map<std::string, Format> route_formats{
    {"text", Format::text}, {"json", Format::json}, {"jsonl", Format::jsonl}};
const std::map<std::string, Format> routes_formats{{"table", Format::text},
                                                   {"json", Format::json},
                                                   {"dot", Format::dot},
                                                   {"mermaid", Format::mermaid}};
const std::map<std::string, Color> colors{
    {"auto", Color::automatic}, {"always", Color::always}, {"never", Color::never}};
const std::map<std::string, FailOn> fail_ons{
    {"error", FailOn::error}, {"warning", FailOn::warning}, {"never", FailOn::never}};

const std::map<std::string, ProbeMode> probe_modes{
    {"none", ProbeMode::none}, {"connect", ProbeMode::connect}, {"full", ProbeMode::full}};

const std::map<std::string, std::string> http_versions{
    {"0.9", "0.9"}, {"1.0", "1.0"}, {"1.1", "1.1"}, {"2", "2"}, {"3", "3"}};

/// What the command line says, before it is given meaning.
struct Raw {
    std::string positional, config, root, prefix, context, version, nginx, output;
    std::vector<std::string> maps;
    // of `route`
    std::vector<std::string> headers;
    std::string connect, sni, client, target, requests;
    // of `routes`
    std::optional<std::string> to;
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

void add_configuration_argument(::CLI::App& app, Raw& raw) {
    app.add_option(
        "CONF", raw.positional,
        "The configuration, a path here; - is standard input; nginx -T output is recognised");
    app.add_option("--config", raw.config, "The same as CONF")->type_name("CONF");
    app.add_option("--context", raw.context,
                   "The file is a fragment for this context: http, server, location, ...")
        ->type_name("NAME");
}

void add_configuration_options(::CLI::App& app, Raw& raw, Options& options) {
    app.add_option("--root", raw.root, "DIR stands for /: an image, a checkout")->type_name("DIR");
    app.add_option("--map", raw.maps,
                   "Names in the configuration below NAME are read from PATH here (repeatable)")
        ->type_name("NAME=PATH")
        ->allow_extra_args(false);
    app.add_option("--prefix", raw.prefix, "nginx's prefix, as nginx -p takes it")
        ->type_name("DIR");
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

/// `Name: value`, `Name:value`.
std::optional<HeaderField> parse_header(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos || colon == 0) {
        return std::nullopt;
    }
    const std::size_t value = text.find_first_not_of(" \t", colon + 1);
    return HeaderField{text.substr(0, colon), value == std::string::npos ? "" : text.substr(value)};
}

// Each gives raw words their meaning, and the text of what is wrong, if anything is.

std::optional<std::string> interpret_configuration(Raw& raw, Options& options) {
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
    return std::nullopt;
}

std::optional<std::string> interpret_build(const Raw& raw, Options& options) {
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

/// What the options say of a request.
std::optional<std::string> interpret_request(Raw& raw, Options& options) {
    Request& request = options.request;
    request.connect = nonempty(std::move(raw.connect));
    request.client = nonempty(std::move(raw.client));
    request.target = nonempty(std::move(raw.target));
    request.has_sni = raw.sni != "none";
    request.sni = request.has_sni ? nonempty(std::move(raw.sni)) : std::nullopt;
    for (const std::string& text : raw.headers) {
        auto header = parse_header(text);
        if (!header) {
            return fmt::format("--header takes NAME:VALUE, not \"{}\"", visible(text));
        }
        if (!request.headers) {
            request.headers.emplace();
        }
        request.headers->push_back(*std::move(header));
    }
    return std::nullopt;
}

std::optional<std::string> interpret_route(Raw& raw, Options& options) {
    options.requests = nonempty(std::move(raw.requests));
    if (options.urls.empty() && !options.requests) {
        return "there is nothing to find: give a URL, or requests with --requests";
    }
    if (options.requests == "-" && options.conf == "-") {
        return "standard input cannot be CONF and --requests: give one of them as a file";
    }
    if (options.why && options.format != Format::text) {
        return "--why is for --format text";
    }
    if (auto problem = interpret_request(raw, options)) {
        return problem;
    }
    Request request = options.request;
    for (const std::string& url : options.urls) {
        request.url = url;
        if (const auto problem = find_problem(request)) {
            return visible(problem->message);
        }
    }
    return std::nullopt;
}

/// A target as a pass directive has it, without what does not say where it leads: `http://app/x`.
std::string bare_target(std::string_view text) {
    const std::size_t scheme = text.find("://");
    text.remove_prefix(scheme == std::string_view::npos ? 0 : scheme + 3);
    constexpr std::string_view unix_prefix = "unix:";
    const bool is_unix = text.starts_with(unix_prefix);
    return std::string(
        text.substr(0, is_unix ? text.find(':', unix_prefix.size()) : text.find('/')));
}

std::optional<std::string> interpret_routes(Raw& raw, Options& options) {
    if (!raw.to) {
        return std::nullopt;
    }
    options.to = bare_target(*raw.to);
    if (options.to.empty()) {
        return fmt::format("--to takes a TARGET such as 127.0.0.1:3000, not \"{}\"",
                           visible(*raw.to));
    }
    return std::nullopt;
}

/// Sources that are given, each once.
std::optional<std::string> interpret_facts(const Options& options) {
    for (const std::string& source : options.facts) {
        if (source.empty()) {
            return "--facts takes live, none or the path of a snapshot";
        }
    }
    const auto has = [&](std::string_view word) {
        return std::ranges::find(options.facts, word) != options.facts.end();
    };
    if (has("none") && options.facts.size() > 1) {
        return "--facts none leaves no room for other facts";
    }
    if (options.facts.size() > 1) {
        return "--facts is given more than once: one moment of one host is compared";
    }
    if (options.probe != ProbeMode::none && !options.facts.empty() && !has("live")) {
        return "--probe asks the host: it goes with --facts live";
    }
    return std::nullopt;
}

std::optional<std::string> interpret(Raw raw, Options& options) {
    if (auto problem = interpret_configuration(raw, options)) {
        return problem;
    }
    if (auto problem = interpret_build(raw, options)) {
        return problem;
    }
    switch (options.command) {
    case Command::route:
        return interpret_route(raw, options);
    case Command::routes:
        return interpret_routes(raw, options);
    case Command::check:
        return interpret_facts(options);
    default:
        return std::nullopt;
    }
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
        if (std::ranges::find(known, word) != known.end()) {
            continue;
        }
        for (const std::string& name : known) {
            const std::size_t distance = edit_distance(word, name, 2);
            if (distance <= 2) {
                return fmt::format("; did you mean {}?", name);
            }
        }
    }
    return "";
}

::CLI::App* add_test(::CLI::App& app, Raw& raw, Options& options) {
    ::CLI::App* const test =
        app.add_subcommand("test", "Say what nginx -t says of the text, without nginx");
    add_configuration_argument(*test, raw);
    add_configuration_options(*test, raw, options);
    test->add_flag("--all", options.all,
                   "Go on after the first error, and show each with its source line");
    add_choice(*test, "--format", options.format, formats, "How to print");
    add_output_options(*test, raw);
    add_choice(*test, "--color", options.color, colors, "Colours in text");
    add_choice(*test, "--fail-on", options.fail_on, fail_ons, "What makes the exit status 1");
    test->footer("Exit status: 0 nginx would take it, 1 nginx would refuse it, 2 wrong usage, 3 a "
                 "file could not be read.");
    return test;
}

::CLI::App* add_dump(::CLI::App& app, Raw& raw, Options& options) {
    ::CLI::App* const dump =
        app.add_subcommand("dump", "Print the parsed configuration as crossplane's JSON");
    add_configuration_argument(*dump, raw);
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
    return dump;
}

/// What a request of the command line has beside its URL: lines of --requests say it themselves.
void add_request_options(::CLI::App& app, Raw& raw, Options& options) {
    app.add_option("--method", options.request.method, "The method, GET by default")
        ->type_name("NAME");
    app.add_option("--header", raw.headers,
                   "A header that is sent (repeatable); with one given there are no others but "
                   "Host, with none given nothing is known of them")
        ->type_name("NAME:VALUE")
        ->allow_extra_args(false);
    app.add_option("--connect", raw.connect,
                   "Where the connection arrives, an address and port or unix:/path; by default on "
                   "all addresses of the URL's port")
        ->type_name("ADDRESS");
    app.add_option("--sni", raw.sni,
                   "The server that the client names in the TLS handshake, or none; by default the "
                   "URL's host")
        ->type_name("NAME");
    app.add_option("--client", raw.client, "The client's address")->type_name("ADDRESS");
    add_choice(app, "--http", options.request.http, http_versions, "The version of HTTP");
    app.add_option("--target", raw.target,
                   "What stands in the request line in place of the URL's path, byte by byte")
        ->type_name("TEXT");
}

::CLI::App* add_route(::CLI::App& app, Raw& raw, Options& options) {
    ::CLI::App* const route =
        app.add_subcommand("route", "Say where a URL goes: server, location, upstream");
    ::CLI::Option* const urls = route->add_option(
        "URL", options.urls,
        "http://HOST[:PORT]/PATH, http:///PATH without a Host, https://..., tcp://ADDRESS:PORT, "
        "udp://...");
    route
        ->add_option("--config", raw.config,
                     "The configuration, a path here; - is standard input; nginx -T output is "
                     "recognised; by default that of the nginx here")
        ->type_name("CONF");
    add_configuration_options(*route, raw, options);
    add_request_options(*route, raw, options);
    for (const char* name :
         {"--method", "--header", "--connect", "--sni", "--client", "--http", "--target"}) {
        route->get_option(name)->needs(urls);
    }
    route
        ->add_option("--requests", raw.requests,
                     "Requests as JSON, one a line, beside the URLs; - is standard input")
        ->type_name("FILE");
    route->add_flag("--why", options.why,
                    "Also the servers and locations that were not chosen, and why");
    add_choice(*route, "--format", options.format, route_formats, "How to print");
    add_output_options(*route, raw);
    add_choice(*route, "--color", options.color, colors, "Colours in text");
    route->footer(R"(Examples:
  nginx-upstream-lint route --config nginx.conf --why https://shop.example/cart
  nginx-upstream-lint route --config nginx.conf --format jsonl --requests requests.jsonl

Exit status: 0 each request has its answer, 2 wrong usage, 3 nginx would refuse the configuration,
or a file or a request could not be read.)");
    return route;
}

::CLI::App* add_routes(::CLI::App& app, Raw& raw, Options& options) {
    ::CLI::App* const routes =
        app.add_subcommand("routes", "List every way to an upstream, with a URL that goes there");
    add_configuration_argument(*routes, raw);
    routes->remove_option(routes->get_option("--context"));
    add_configuration_options(*routes, raw, options);
    routes
        ->add_option("--to", raw.to,
                     "Only what leads there, or may, and which URIs that are: the name of an "
                     "upstream, ADDRESS[:PORT], NAME[:PORT], unix:/path")
        ->type_name("TARGET");
    add_choice(*routes, "--format", options.format, routes_formats, "How to print");
    add_output_options(*routes, raw);
    add_choice(*routes, "--color", options.color, colors, "Colours in the table");
    routes->footer(R"(Examples:
  nginx-upstream-lint routes nginx.conf
  nginx-upstream-lint routes --to unix:/run/php/php-fpm.sock nginx.conf
  nginx-upstream-lint routes --format dot nginx.conf | dot -Tsvg > routes.svg

Exit status: 0 the ways are listed, 2 wrong usage, 3 nginx would refuse the configuration, or it could
not be read.)");
    return routes;
}

void add_fact_options(::CLI::App& app, Options& options) {
    add_choice(app, "--probe", options.probe, probe_modes,
               "What to ask of targets. connect: a connection to each, closed at once. full: also "
               "TLS handshakes as nginx makes them, one harmless request to each (HEAD, or a "
               "script of FastCGI that does not exist), and queries to name servers");
    app.add_option("--instance", options.instance,
                   "The nginx that is meant, of several that run: its process, unit or container")
        ->type_name("PID|UNIT|CONTAINER");
}

::CLI::App* add_check(::CLI::App& app, Raw& raw, Options& options) {
    ::CLI::App* const check = app.add_subcommand(
        "check", "Say whether what nginx sends requests to is there, and what to do if not");
    add_configuration_argument(*check, raw);
    check->remove_option(check->get_option("--context"));
    add_configuration_options(*check, raw, options);
    check
        ->add_option("--facts", options.facts,
                     "live: this host as it is; none; or the file of a snapshot. By default live "
                     "for the configuration of an nginx that runs here, else none")
        ->type_name("live|none|FILE")
        ->allow_extra_args(false);
    add_fact_options(*check, options);
    check->add_flag("--require-facts", options.require_facts,
                    "Fail with status 3 where facts could be read in part only");
    check->add_flag("--show-unknown", options.show_unknown,
                    "Also list the targets that nothing is known of, and why");
    add_choice(*check, "--format", options.format, formats, "How to print");
    add_output_options(*check, raw);
    add_choice(*check, "--color", options.color, colors, "Colours in text");
    add_choice(*check, "--fail-on", options.fail_on, fail_ons, "What makes the exit status 1");
    check->footer(R"(Examples:
  nginx-upstream-lint check
  nginx-upstream-lint check --probe connect --show-unknown
  nginx-upstream-lint check --facts host.json /etc/nginx/nginx.conf

It reads; it changes nothing, and connects to nothing unless --probe says so.

Exit status: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage, 3 the configuration or the
facts could not be read, or no target could be judged.)");
    return check;
}

::CLI::App* add_snapshot(::CLI::App& app, Raw& raw, Options& options) {
    ::CLI::App* const snapshot =
        app.add_subcommand("snapshot", "Write the facts of this host that a check asks for");
    add_configuration_argument(*snapshot, raw);
    snapshot->remove_option(snapshot->get_option("--context"));
    add_configuration_options(*snapshot, raw, options);
    add_fact_options(*snapshot, options);
    snapshot->add_flag("--with-config", options.with_config,
                       "Also the files of the configuration, without comments and secrets");
    add_output_options(*snapshot, raw);
    snapshot->footer(R"(Example:
  nginx-upstream-lint snapshot > host.json
  nginx-upstream-lint check --facts host.json nginx.conf       # anywhere, the same findings

Exit status: 0 written, 2 wrong usage, 3 the configuration could not be read, or nothing written.)");
    return snapshot;
}

::CLI::App* add_explain(::CLI::App& app, Options& options) {
    ::CLI::App* const explain =
        app.add_subcommand("explain", "Print the page of a rule, or list all rules");
    explain->add_option("RULE", options.rule, "Its id, as findings have it: no-listener");
    return explain;
}

/// Whether the first word is general, so that no command has to stand there.
bool is_general(std::string_view first) {
    return first == "--help" || first == "-h" || first == "--version";
}

/// The command that a first word is, or is a misspelling of; null: it is something else.
const ::CLI::App* command_like(const ::CLI::App& app, std::string_view first) {
    const ::CLI::App* like = nullptr;
    for (const ::CLI::App* command : app.get_subcommands([](const ::CLI::App*) { return true; })) {
        if (command->get_name() == first) {
            return command;
        }
        constexpr std::size_t shortest = 4;
        constexpr std::size_t most_edits = 2;
        if (first.size() >= shortest &&
            edit_distance(first, command->get_name(), most_edits) <= most_edits) {
            like = command;
        }
    }
    return like;
}

} // namespace

std::variant<Options, Stop> parse_options(int argc, const char* const* argv) {
    Options options;
    Raw raw;
    ::CLI::App app("Reads nginx configurations exactly as nginx does.", "nginx-upstream-lint");
    app.footer(footer);
    app.set_version_flag(
        "--version",
        fmt::format("nginx-upstream-lint {}\nreads nginx up to {}; host providers: {}", version,
                    to_string(newest_tested_version), fmt::join(provider_names(), ", ")));
    app.require_subcommand(1);

    const ::CLI::App* const check = add_check(app, raw, options);
    const ::CLI::App* const test = add_test(app, raw, options);
    const ::CLI::App* const dump = add_dump(app, raw, options);
    const ::CLI::App* const route = add_route(app, raw, options);
    const ::CLI::App* const routes = add_routes(app, raw, options);
    const ::CLI::App* const snapshot = add_snapshot(app, raw, options);
    (void)add_explain(app, options);

    std::vector<const char*> words(argv, argv + argc);
    words.resize(std::max<std::size_t>(words.size(), 1), "nginx-upstream-lint");
    const std::string_view first = argc > 1 ? argv[1] : "";
    if (!is_general(first)) {
        const ::CLI::App* const like = command_like(app, first);
        if (like != nullptr && like->get_name() != first) {
            return wrong("", fmt::format("there is no command {}; did you mean {}? A file of that "
                                         "name is ./{}",
                                         visible(first), like->get_name(), visible(first)));
        }
        if (like == nullptr) { // check is meant where no command stands
            words.insert(words.begin() + 1, "check");
        }
    }
    const int count = static_cast<int>(words.size());
    try {
        app.parse(count, words.data());
    } catch (const ::CLI::CallForHelp&) {
        const auto chosen = app.get_subcommands();
        return Stop{exit_clean, chosen.empty() ? app.help() : chosen.front()->help()};
    } catch (const ::CLI::CallForVersion& text) {
        return Stop{exit_clean, std::string(text.what()) + "\n"};
    } catch (const ::CLI::ParseError& error) {
        const auto chosen = app.get_subcommands();
        const ::CLI::App& asked = chosen.empty() ? app : *chosen.front();
        return wrong(chosen.empty() ? "" : asked.get_name(),
                     visible(error.what()) + did_you_mean(asked, count, words.data()));
    }
    options.command = check->parsed()      ? Command::check
                      : test->parsed()     ? Command::test
                      : dump->parsed()     ? Command::dump
                      : route->parsed()    ? Command::route
                      : routes->parsed()   ? Command::routes
                      : snapshot->parsed() ? Command::snapshot
                                           : Command::explain;
    if (const auto problem = interpret(std::move(raw), options)) {
        return wrong(app.get_subcommands().front()->get_name(), *problem);
    }
    return options;
}

} // namespace upstream_lint::cli
