// Asks a real nginx about every directive in every kind of block, and compares what it says with
// the directive table.
//
// NGINX_BINARY   the program to ask; /usr/sbin/nginx when not set
// NGINX_BUILD    the file that the version and modules are read from; the program itself when not
//                set (it differs where the program is started by a script)
// NGINX_MODULES  the folder of its shared objects; /usr/lib/nginx/modules when not set
// NGINX_PROBE_ALL  when set, ask about every directive in every block, without sampling

#include "config/directive_table.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <spawn.h>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace upstream_lint {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name, const char* fallback) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : fallback;
}

std::string read_bytes(const fs::path& path) {
    std::ifstream input(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

/// What the program printed on standard error; nothing when it could not be started.
std::optional<std::string> run(const std::vector<std::string>& arguments) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        return std::nullopt;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_t child = 0;
    const int failed = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    std::string output;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = read(ends[0], buffer.data(), buffer.size())) > 0;)
        output.append(buffer.data(), static_cast<std::size_t>(got));
    close(ends[0]);
    if (failed != 0)
        return std::nullopt;
    int status = 0;
    waitpid(child, &status, 0);
    return output;
}

/// A folder that is gone at the end of the test.
class TemporaryDir {
public:
    TemporaryDir() {
        std::string name = (fs::temp_directory_path() / "directive-table-XXXXXX").string();
        if (mkdtemp(name.data()) != nullptr)
            path_ = name;
    }

    TemporaryDir(const TemporaryDir&) = delete;
    TemporaryDir& operator=(const TemporaryDir&) = delete;

    ~TemporaryDir() {
        std::error_code ignored;
        if (!path_.empty())
            fs::remove_all(path_, ignored);
    }

    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

enum class Family : std::uint8_t { main, events, http, stream, mail, rtmp };

struct Block {
    Context context;
    Family family;
    std::string_view opening;
    std::string_view object; ///< loaded where the family is not compiled in
};

constexpr std::array blocks{
    Block{Context::main, Family::main, "", ""},
    Block{Context::events, Family::events, "events {", ""},
    Block{Context::http, Family::http, "http {", ""},
    Block{Context::server, Family::http, "http { server {", ""},
    Block{Context::location, Family::http, "http { server { location / {", ""},
    Block{Context::upstream, Family::http, "http { upstream u {", ""},
    Block{Context::if_in_server, Family::http, "http { server { if ($host) {", ""},
    Block{Context::if_in_location, Family::http, "http { server { location / { if ($host) {", ""},
    Block{Context::limit_except, Family::http, "http { server { location / { limit_except GET {",
          ""},
    Block{Context::stream, Family::stream, "stream {", "ngx_stream_module"},
    Block{Context::stream_server, Family::stream, "stream { server {", "ngx_stream_module"},
    Block{Context::stream_upstream, Family::stream, "stream { upstream u {", "ngx_stream_module"},
    Block{Context::mail, Family::mail, "mail {", "ngx_mail_module"},
    Block{Context::mail_server, Family::mail, "mail { server {", "ngx_mail_module"},
    Block{Context::rtmp, Family::rtmp, "rtmp {", "ngx_rtmp_module"},
    Block{Context::rtmp_server, Family::rtmp, "rtmp { server {", "ngx_rtmp_module"},
    Block{Context::rtmp_application, Family::rtmp, "rtmp { server { application a {",
          "ngx_rtmp_module"},
    Block{Context::rtmp_recorder, Family::rtmp, "rtmp { server { application a { recorder r {",
          "ngx_rtmp_module"},
};

/// Objects that refer to symbols of another one, which has to be loaded before.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> needed_objects{{
    {"ngx_http_lua_module", "ndk_http_module"},
    {"ngx_stream_geoip_module", "ngx_stream_module"},
    {"ngx_stream_geoip2_module", "ngx_stream_module"},
    {"ngx_stream_js_module", "ngx_stream_module"},
}};

struct Probe {
    std::string_view name;
    const Block* block = nullptr;
    std::vector<std::string_view> objects; ///< in load order
    std::size_t arguments = 1;
    bool brace = false;
};

class RealNginx {
public:
    RealNginx(std::string binary, fs::path modules, const fs::path& dir) :
        binary_(std::move(binary)), modules_(std::move(modules)), dir_(dir.string()),
        conf_((dir / "probe.conf").string()) {}

    /// What nginx says of the directive; `accepted` when it says none of the five things.
    Dispatch ask(const Probe& probe) {
        ++asked_;
        {
            std::ofstream out(conf_, std::ios::binary | std::ios::trunc);
            out << "error_log stderr;\n";
            for (const std::string_view object : probe.objects)
                out << "load_module " << (modules_ / object).string() << ".so;\n";
            out << probe.block->opening << '\n' << probe.name;
            for (std::size_t i = 0; i < probe.arguments; ++i)
                out << " x" << i;
            out << (probe.brace ? " {\n" : ";\n") << "no_such_directive_at_all;\n";
        }
        last_ = run({binary_, "-t", "-p", dir_, "-c", conf_}).value_or("");
        return classify(probe.name);
    }

    [[nodiscard]] const std::string& last_output() const { return last_; }

    [[nodiscard]] std::size_t asked() const { return asked_; }

private:
    [[nodiscard]] Dispatch classify(std::string_view name) const {
        const std::string quoted = '"' + std::string(name) + '"';
        const auto says = [&](const std::string& text) {
            return last_.find("[emerg] " + text) != std::string::npos ||
                   last_.find(": " + text + " in ") != std::string::npos;
        };
        if (says("unknown directive " + quoted))
            return Dispatch::unknown;
        if (says(quoted + " directive is not allowed here"))
            return Dispatch::not_allowed;
        if (says("directive " + quoted + " is not terminated by \";\""))
            return Dispatch::not_terminated;
        if (says("directive " + quoted + " has no opening \"{\""))
            return Dispatch::no_opening_brace;
        if (says("invalid number of arguments in " + quoted + " directive"))
            return Dispatch::wrong_number;
        // Nothing at all, or an object that was not loaded: nginx did not come to the directive.
        // (A setter may well fail without a message of its own.)
        if (last_.empty() || last_.find("dlopen() \"" + modules_.string()) != std::string::npos)
            return Dispatch::undecided;
        return Dispatch::accepted;
    }

    std::string binary_;
    fs::path modules_;
    std::string dir_;
    std::string conf_;
    std::string last_;
    std::size_t asked_ = 0;
};

std::string_view outcome_name(Dispatch outcome) {
    constexpr std::array<std::string_view, 7> names{
        "accepted",         "unknown",      "not allowed", "not terminated",
        "no opening brace", "wrong number", "undecided"};
    return names[static_cast<std::size_t>(outcome)];
}

/// nginx's own modules are those that its configure script knows; what others release, and when,
/// the nginx version does not tell.
bool is_foreign(const DirectiveRow& row) {
    const ModuleRow& module = module_rows()[row.module.value];
    return module.built.empty() && !module.object.empty();
}

struct Difference {
    std::string_view name;
    Version version; ///< 0.0.0: any
    std::string_view reason;
};

/// What is known to differ, with the reason.
constexpr std::array known_differences{
    Difference{"max_errors", Version{1, 18, 0}, "distribution backport of a security fix"},
    Difference{"set_by_lua_block", Version{}, "older releases of the module took more arguments"},
};

const Difference* find_known(std::string_view name, Version version) {
    for (const Difference& known : known_differences)
        if (known.name == name && (known.version == Version{} || known.version == version))
            return &known;
    return nullptr;
}

class Comparison {
public:
    Comparison(NginxBuild build, RealNginx nginx, std::set<std::string> objects, bool all) :
        build_(std::move(build)), nginx_(std::move(nginx)), objects_(std::move(objects)),
        all_(all) {}

    void run() {
        for (const std::string_view name : directive_names()) {
            bool any_object = false;
            std::set<std::string_view> tried;
            for (const DirectiveRow& row : find_directive(name)) {
                const std::string_view object = module_rows()[row.module.value].object;
                if (object.empty() || !objects_.contains(std::string(object)) ||
                    build_.modules.contains(row.module) || !tried.insert(object).second)
                    continue;
                any_object = true;
                compare_name(name, object);
            }
            if (!any_object || has_static_row(name))
                compare_name(name, {});
        }
    }

    [[nodiscard]] std::size_t asked() const { return nginx_.asked(); }

    [[nodiscard]] std::size_t differences() const { return differences_; }

    [[nodiscard]] std::size_t known() const { return known_; }

    [[nodiscard]] std::size_t newer_than_installed() const { return newer_; }

    [[nodiscard]] std::size_t names_present() const { return names_present_; }

private:
    [[nodiscard]] bool has_static_row(std::string_view name) const {
        const auto rows = find_directive(name);
        return std::any_of(rows.begin(), rows.end(),
                           [&](const DirectiveRow& row) { return available(row, build_); });
    }

    static bool fits(std::span<const DirectiveRow> rows, Context context) {
        return std::any_of(rows.begin(), rows.end(),
                           [&](const DirectiveRow& row) { return row.contexts.contains(context); });
    }

    [[nodiscard]] bool has_family(const Block& block) const {
        return block.object.empty() || objects_.contains(std::string(block.object)) ||
               build_.modules.contains(*find_module(block.object));
    }

    /// The object, what it needs, and what the block needs; only what is not compiled in.
    [[nodiscard]] std::vector<std::string_view> load_order(std::string_view object,
                                                           const Block& block) const {
        std::vector<std::string_view> order;
        const auto add = [&](std::string_view stem) {
            if (!stem.empty() && objects_.contains(std::string(stem)) &&
                std::find(order.begin(), order.end(), stem) == order.end())
                order.push_back(stem);
        };
        add(block.object);
        for (const auto& [user, needed] : needed_objects)
            if (user == object)
                add(needed);
        add(object);
        return order;
    }

    [[nodiscard]] NginxBuild loaded(const std::vector<std::string_view>& objects) const {
        NginxBuild build = build_;
        for (const std::string_view object : objects)
            build.modules.insert(modules_of_object(object, build_).value());
        return build;
    }

    void compare_name(std::string_view name, std::string_view object) {
        ++turn_;
        const auto rows = find_directive(name);
        std::set<Family> own;
        {
            const NginxBuild build = loaded(load_order(object, blocks[0]));
            for (const DirectiveRow& row : rows)
                if (available(row, build))
                    for (const Block& block : blocks)
                        if (row.contexts.contains(block.context))
                            own.insert(block.family);
        }
        names_present_ += own.empty() ? 0U : 1U;

        // Modules of other projects are many; where they do not fit is sampled only.
        const bool other_project =
            !rows.empty() && !object.empty() &&
            std::all_of(rows.begin(), rows.end(),
                        [](const DirectiveRow& row) { return is_foreign(row); });
        std::vector<const Block*> chosen;
        std::vector<std::vector<const Block*>> foreign;
        for (const Block& block : blocks) {
            if (!has_family(block))
                continue;
            const bool sampled = !all_ && other_project && !fits(rows, block.context);
            if (all_ || (own.contains(block.family) && !sampled))
                chosen.push_back(&block);
            else if (!foreign.empty() && foreign.back().front()->family == block.family)
                foreign.back().push_back(&block);
            else
                foreign.push_back({&block});
        }
        // Blocks of a foreign module type are alike, for the type is compared before the context:
        // each name is asked about in one of them, all take their turn.
        if (!foreign.empty()) {
            const auto& group = foreign[turn_ % foreign.size()];
            chosen.push_back(group[turn_ / foreign.size() % group.size()]);
        }
        std::set<const DirectiveRow*> counted;
        for (const Block* block : chosen)
            compare_in(name, object, *block, counted);
    }

    void compare_in(std::string_view name, std::string_view object, const Block& block,
                    std::set<const DirectiveRow*>& counted) {
        Probe probe{name, &block, load_order(object, block), 1, false};
        const NginxBuild build = loaded(probe.objects);
        const DirectiveRow* row = nullptr;
        for (const DirectiveRow& candidate : find_directive(name))
            if (row == nullptr && available(candidate, build) &&
                candidate.contexts.contains(block.context))
                row = &candidate;
        if (row == nullptr) {
            compare(probe, build);
            return;
        }
        probe.brace = !row->block;
        compare(probe, build);
        if (!counted.insert(row).second)
            return;
        probe.brace = row->block;
        for (const std::size_t count : boundary_counts(*row)) {
            probe.arguments = count;
            compare(probe, build);
        }
    }

    static std::set<std::size_t> boundary_counts(const DirectiveRow& row) {
        std::set<std::size_t> counts;
        for (std::size_t count = 0; count <= 9; ++count)
            if (row.arguments.accepts(count) != row.arguments.accepts(count + 1)) {
                counts.insert(count);
                counts.insert(count + 1);
            }
        // More than the seven that can be listed, where that is allowed or nothing is checked.
        if (row.arguments.accepts(9))
            counts.insert({0, 9});
        return counts;
    }

    void compare(const Probe& probe, const NginxBuild& build) {
        const DispatchResult expected =
            dispatch(probe.name, probe.block->context, probe.arguments, probe.brace, build);
        const Dispatch said = nginx_.ask(probe);
        if (said == expected.outcome)
            return;
        if (find_known(probe.name, build.version) != nullptr) {
            ++known_;
            return;
        }
        // The table has the newest release of other people's modules; an older one knows less.
        const auto rows = find_directive(probe.name);
        const bool foreign = std::any_of(rows.begin(), rows.end(), [&](const DirectiveRow& row) {
            return is_foreign(row) && available(row, build);
        });
        const bool knows_less =
            said == Dispatch::unknown ||
            (said == Dispatch::not_allowed && expected.outcome != Dispatch::unknown) ||
            (said == Dispatch::wrong_number && expected.outcome == Dispatch::accepted);
        if (foreign && knows_less) {
            ++newer_;
            return;
        }
        ++differences_;
        const std::string_view context = context_name(probe.block->context);
        CAPTURE(probe.name);
        CAPTURE(context);
        CAPTURE(probe.arguments);
        CAPTURE(probe.brace);
        CAPTURE(nginx_.last_output());
        CHECK(outcome_name(said) == outcome_name(expected.outcome));
    }

    NginxBuild build_;
    RealNginx nginx_;
    std::set<std::string> objects_;
    bool all_;
    std::size_t turn_ = 0;
    std::size_t differences_ = 0;
    std::size_t known_ = 0;
    std::size_t newer_ = 0;
    std::size_t names_present_ = 0;
};

std::set<std::string> installed_objects(const fs::path& dir) {
    std::set<std::string> stems;
    std::error_code error;
    for (fs::directory_iterator at(dir, error), end; !error && at != end; at.increment(error))
        if (at->path().extension() == ".so")
            stems.insert(at->path().stem().string());
    return stems;
}

} // namespace

TEST_CASE("the directive table says what nginx says") {
    const std::string binary = environment("NGINX_BINARY", "/usr/sbin/nginx");
    const std::string build_file = environment("NGINX_BUILD", binary.c_str());
    const fs::path modules = environment("NGINX_MODULES", "/usr/lib/nginx/modules");
    const std::string all = environment("NGINX_PROBE_ALL", "");

    // OpenSSL's own configuration decides nothing here and takes a fifth of a probe's time.
    setenv("OPENSSL_CONF", "/dev/null", 0);
    const auto printed = run({binary, "-V"});
    if (!printed || printed->find("nginx version: ") == std::string::npos) {
        std::printf("directive_table_test: skipped: no nginx at %s\n", binary.c_str());
        return;
    }
    auto build = build_from_text(read_bytes(build_file));
    if (!build)
        build = build_from_text(*printed);
    REQUIRE(build.has_value());
    CHECK(printed->find("nginx/" + to_string(build->version)) != std::string::npos);
    CHECK_FALSE(build->modules.is_open());

    std::set<std::string> objects;
    for (const std::string& stem : installed_objects(modules)) {
        CAPTURE(stem);
        CHECK(modules_of_object(stem, *build).has_value());
        if (modules_of_object(stem, *build))
            objects.insert(stem);
    }

    const TemporaryDir dir;
    REQUIRE_FALSE(dir.path().empty());
    const auto start = std::chrono::steady_clock::now();
    Comparison comparison(*build, RealNginx(binary, modules, dir.path()), objects, !all.empty());
    comparison.run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("directive_table_test: nginx %s: %zu directives present, %zu probes in %.1f s, "
                "%zu differences, %zu known ones, %zu of modules older than the table\n",
                to_string(build->version).c_str(), comparison.names_present(), comparison.asked(),
                took.count(), comparison.differences(), comparison.known(),
                comparison.newer_than_installed());
    CHECK(comparison.differences() == 0);
    CHECK(comparison.asked() > 5000);
}

} // namespace upstream_lint
