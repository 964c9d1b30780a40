// Compares what nginx -t says of generated and damaged configurations with what we say.

#include "config/directive_table.hpp"
#include "config/setters.hpp"
#include "configuration_generator.hpp"
#include "damage.hpp"
#include "every_error.hpp"
#include "nginx_message.hpp"
#include "nginx_process.hpp"
#include "our_answer.hpp"
#include "random.hpp"
#include "shrink.hpp"
#include "value_generator.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace upstream_lint::differential {

namespace {

namespace fs = std::filesystem;

/// What ctest understands as "skipped".
constexpr int skipped = 77;
constexpr int wrong_usage = 2;

struct Arguments {
    std::string nginx = "/usr/sbin/nginx";
    std::string modules = "/usr/lib/nginx/modules";
    std::string lint; ///< the command; empty: only the library is asked
    std::string keep; ///< folder for inputs that differ
    std::uint64_t cases = 2000;
    std::uint64_t seed = 1;
    std::optional<std::uint64_t> only;
    std::uint64_t command_every = 50;
    std::uint64_t most_differences = 20;
    std::optional<std::uint64_t> profile; ///< only this set of modules
    bool undamaged = false;
    bool sweep = false;
    bool shrink = false;
    bool values = false; ///< nginx's answers to values count
    bool every_error = false;
    bool verbose = false;
};

constexpr std::string_view usage =
    "usage: differential [--nginx BIN] [--modules DIR] [--lint BIN] [--cases N] [--seed S]\n"
    "                    [--only I] [--keep DIR] [--lint-every N] [--stop-after N]\n"
    "                    [--profile P] [--undamaged] [--sweep] [--shrink] [--values] "
    "[--every-error]\n"
    "                    [--verbose]\n";

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

template <typename T> using Options = std::span<const std::pair<std::string_view, T*>>;

/// What the option sets; null when it is none of these.
template <typename T> T* find_option(Options<T> options, std::string_view name) {
    const auto found = std::ranges::find(options, name, &std::pair<std::string_view, T*>::first);
    return found == options.end() ? nullptr : found->second;
}

std::optional<Arguments> parse_arguments(int count, char** words) {
    using Number = std::optional<std::uint64_t>;

    Arguments arguments;
    Number cases;
    Number seed;
    Number command_every;
    Number most_differences;
    const std::array<std::pair<std::string_view, bool*>, 6> flags = {
        {{"--undamaged", &arguments.undamaged},
         {"--sweep", &arguments.sweep},
         {"--shrink", &arguments.shrink},
         {"--values", &arguments.values},
         {"--every-error", &arguments.every_error},
         {"--verbose", &arguments.verbose}}};
    const std::array<std::pair<std::string_view, std::string*>, 4> texts = {
        {{"--nginx", &arguments.nginx},
         {"--modules", &arguments.modules},
         {"--lint", &arguments.lint},
         {"--keep", &arguments.keep}}};
    const std::array<std::pair<std::string_view, Number*>, 6> numbers = {
        {{"--cases", &cases},
         {"--seed", &seed},
         {"--only", &arguments.only},
         {"--profile", &arguments.profile},
         {"--lint-every", &command_every},
         {"--stop-after", &most_differences}}};
    for (int i = 1; i < count; ++i) {
        if (bool* const flag = find_option<bool>(flags, words[i])) {
            *flag = true;
            continue;
        }
        std::string* const text = find_option<std::string>(texts, words[i]);
        Number* const number = find_option<Number>(numbers, words[i]);
        if ((text == nullptr && number == nullptr) || ++i == count)
            return std::nullopt;
        if (text != nullptr)
            *text = words[i];
        else if (*number = parse_number(words[i]); !*number)
            return std::nullopt;
    }
    arguments.cases = cases.value_or(arguments.cases);
    arguments.seed = seed.value_or(arguments.seed);
    arguments.command_every = command_every.value_or(arguments.command_every);
    arguments.most_differences = most_differences.value_or(arguments.most_differences);
    return arguments;
}

/// A folder that is removed in the end.
class TemporaryFolder {
public:
    TemporaryFolder() {
        // Short, because the path of a unix socket has at most 107 bytes.
        std::string name = (fs::temp_directory_path() / "ul-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::system_error(errno, std::generic_category(), "mkdtemp");
        // A worker of another user looks for its files here.
        fs::permissions(name, fs::perms::others_exec | fs::perms::group_exec,
                        fs::perm_options::add);
        path_ = name;
    }

    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }

    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

/// A set of loaded modules, and what follows from it.
struct Profile {
    NginxCommand nginx;
    NginxBuild build;
    GeneratorOptions generator;
    std::vector<ForeignDirective> known;
    std::vector<ForeignDirective> unknown;
    DamageOptions damage;
    unsigned weight = 0;
};

/// Directives that Debian took over from later versions, as security updates of older ones, and
/// that the bytes of the executable do not tell.
constexpr std::array<std::string_view, 1> backported = {"max_errors"};

std::uint32_t good_counts(const ArgumentCounts& arguments) {
    std::uint32_t counts = 0;
    for (unsigned count = 0; count < 10; ++count)
        if (arguments.accepts(count))
            counts |= 1U << count;
    return counts;
}

bool has(const std::vector<std::string>& stems, std::string_view stem) {
    return std::find(stems.begin(), stems.end(), stem) != stems.end();
}

class Run {
public:
    explicit Run(Arguments arguments) : arguments_(std::move(arguments)) {}

    int execute() {
        if (const std::string reason = prepare(); !reason.empty()) {
            std::cout << "skipped: " << reason << '\n';
            return skipped;
        }
        if (arguments_.sweep)
            sweep();
        else if (arguments_.only)
            one_case(*arguments_.only);
        else
            for (std::uint64_t number = 0; number < arguments_.cases && go_on(); ++number)
                one_case(number);
        report();
        return differences_ == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }

private:
    [[nodiscard]] bool go_on() const { return differences_ < arguments_.most_differences; }

    // -- preparation ----------------------------------------------------------------------------

    /// The reason why nothing can be compared, or nothing.
    std::string prepare() {
        version_text_ = nginx_version_text(arguments_.nginx);
        if (version_text_.empty())
            return "no nginx at " + arguments_.nginx;
        build_source_ = executable();
        if (!build_from_text(read_file(build_source_)))
            return "not understood: " + escape(version_text_.substr(0, 80));
        if (!arguments_.lint.empty() && ::access(arguments_.lint.c_str(), X_OK) != 0)
            return "no command at " + arguments_.lint;
        build_bytes_ = read_file(build_source_);
        other_pcre_ = has_other_pcre();
        own_network_ = leave_network();

        std::vector<std::string> usable;
        for (const std::string& stem : module_stems(arguments_.modules))
            if (loads(usable, stem))
                usable.push_back(stem);
        skip_names(usable);
        const std::vector<std::string> common =
            only(usable, {"ngx_stream_module", "ngx_mail_module"});
        add_profile({}, 20);
        if (!common.empty())
            add_profile(common, 50);
        // Older ones read Lua in another way.
        lua_reader_known_ =
            object("ngx_http_lua_module").find("the inlined Lua code may be too long") !=
            std::string::npos;
        if (has(usable, "ngx_http_lua_module") && lua_reader_known_)
            add_profile(
                only(usable, {"ndk_http_module", "ngx_stream_module", "ngx_http_lua_module"}), 22);
        if (usable.size() > common.size()) {
            // The perl, image and nchan modules take as long to load as all others together.
            std::vector<std::string> light = usable;
            std::erase_if(light, [](const std::string& stem) {
                return stem == "ngx_http_perl_module" || stem == "ngx_http_image_filter_module" ||
                       stem == "ngx_nchan_module" || stem == "ngx_http_js_module";
            });
            add_profile(light, 10);
            add_profile(usable, 3);
        }
        return profiles_.empty() ? "no set of modules is understood" : "";
    }

    static std::string read_file(const std::string& path) {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    /// The bytes of a dynamic module; empty where it is not there.
    [[nodiscard]] std::string object(const std::string& stem) const {
        return read_file(arguments_.modules + "/" + stem + ".so");
    }

    /// The file that tells what nginx is made of: the executable, which scripts/nginx-of-suite
    /// keeps behind a wrapper; the saved `nginx -V` where that is neither.
    [[nodiscard]] std::string executable() const {
        const std::string unpacked =
            (fs::path(arguments_.nginx).parent_path() / "root/usr/sbin/nginx").string();
        for (const std::string& path : {arguments_.nginx, unpacked})
            if (build_from_text(read_file(path)))
                return path;
        std::string saved = temporary_.path() + "/nginx-V.txt";
        std::ofstream(saved, std::ios::binary) << version_text_;
        return saved;
    }

    static bool is_outside(const DirectiveRow& row) {
        const std::string_view built = module_rows()[row.module.value].built;
        return built.empty() || built == "-";
    }

    /// Whether that nginx has another PCRE2 than we: versions differ in how far they read a pattern
    /// before they refuse it.
    [[nodiscard]] bool has_other_pcre() const {
        const fs::path library = "usr/lib/x86_64-linux-gnu/libpcre2-8.so.0";
        const fs::path theirs = fs::path(arguments_.nginx).parent_path() / "root" / library;
        std::error_code error;
        return fs::exists(theirs, error) && fs::canonical(theirs, error).filename() !=
                                                fs::canonical("/" / library, error).filename();
    }

    /// Modules that are built outside nginx have versions of their own, which nothing tells: what
    /// the table knows of a newer one is not asked for. An object has the names of its directives.
    void skip_names(const std::vector<std::string>& stems) {
        for (const std::string_view name : backported)
            skipped_names_.insert(name);
        skipped_names_.insert("pid");           // every run is given one
        skipped_names_.insert("track_uploads"); // looked at in part: docs/unchecked-values.md
        for (const DirectiveRow& row : directive_rows())
            if (is_outside(row) && setter_of(row) == nullptr)
                skipped_names_.insert(row.name); // docs/unchecked-values.md
        std::string newer;
        for (const std::string& stem : stems) {
            const std::string bytes = object(stem);
            for (const DirectiveRow& row : directive_rows()) {
                if (module_rows()[row.module.value].object != stem || !is_outside(row) ||
                    row.name == "*")
                    continue;
                const std::string terminated = std::string(row.name) + '\0';
                if (bytes.find(terminated) == std::string::npos &&
                    skipped_names_.insert(row.name).second)
                    newer += ' ' + std::string(row.name);
            }
        }
        if (!newer.empty())
            std::cout << "note: not in the modules here, left out:" << newer << '\n';
    }

    static std::vector<std::string> only(const std::vector<std::string>& stems,
                                         std::initializer_list<std::string_view> wanted) {
        std::vector<std::string> result;
        for (const std::string& stem : stems)
            if (std::find(wanted.begin(), wanted.end(), stem) != wanted.end())
                result.push_back(stem);
        return result;
    }

    [[nodiscard]] std::string folder() const { return temporary_.path() + "/c"; }

    [[nodiscard]] NginxCommand command(std::vector<std::string> stems) const {
        return {arguments_.nginx, arguments_.modules, folder() + "/", std::move(stems)};
    }

    /// Whether nginx starts with the object, and with the Lua module whether its library is there.
    bool loads(const std::vector<std::string>& before, const std::string& stem) {
        std::vector<std::string> stems = only(before, {"ndk_http_module", "ngx_stream_module"});
        stems.push_back(stem);
        GeneratedConfiguration smallest;
        smallest.files.push_back({"nginx.conf", "events { }\nhttp { access_log off; }\n"});
        write_files(smallest, folder());
        return ask_nginx(command(stems), folder() + "/nginx.conf").status ==
               NginxAnswer::Status::accepted;
    }

    void add_profile(const std::vector<std::string>& stems, unsigned weight) {
        const std::optional<NginxBuild> build = build_with_modules(build_bytes_, stems);
        if (!build) {
            std::cout << "note: a module among these is not known:";
            for (const std::string& stem : stems)
                std::cout << ' ' << stem;
            std::cout << '\n';
            return;
        }
        Profile profile;
        profile.nginx = command(stems);
        profile.build = *build;
        GeneratorOptions& generator = profile.generator;
        generator.folder = folder();
        generator.stream = has(stems, "ngx_stream_module");
        generator.mail = has(stems, "ngx_mail_module");
        generator.lua = has(stems, "ngx_http_lua_module") && lua_reader_known_;
        generator.geo_patterns = build->version >= Version{1, 29, 8};
        generator.own_temp_paths = ::geteuid() != 0;
        for (const DirectiveRow& row : directive_rows()) {
            if (skipped_names_.count(row.name) > 0)
                continue;
            std::vector<ForeignDirective>& list =
                available(row, profile.build) ? profile.known : profile.unknown;
            list.push_back({row.name, row.block, good_counts(row.arguments)});
        }
        profile.weight = weight;
        profiles_.push_back(std::move(profile));
        // Spans into the lists, which do not move any more.
        for (Profile& each : profiles_) {
            each.damage.known = each.known;
            each.damage.unknown = each.unknown;
            each.damage.lua = each.generator.lua;
            each.damage.module_path = arguments_.modules + "/ngx_mail_module.so";
        }
    }

    const Profile& choose_profile(Random& random) {
        if (arguments_.profile)
            return profiles_[*arguments_.profile % profiles_.size()];
        unsigned total = 0;
        for (const Profile& profile : profiles_)
            total += profile.weight;
        std::size_t at = random.below(total);
        const Profile* chosen = profiles_.data();
        while (at >= chosen->weight) {
            at -= chosen->weight;
            ++chosen;
        }
        return *chosen;
    }

    // -- comparing ------------------------------------------------------------------------------

    struct Judged {
        NginxAnswer nginx;
        OurAnswer ours;
        MessageClass nginx_class = MessageClass::value;
        Comparison comparison;
        bool counted = false; ///< nginx gave an answer that can be compared
    };

    [[nodiscard]] std::string main_file() const { return folder() + "/nginx.conf"; }

    static const GeneratedFile* find_file(const GeneratedConfiguration& configuration,
                                          std::string_view path) {
        const auto found =
            std::find_if(configuration.files.begin(), configuration.files.end(),
                         [&](const GeneratedFile& file) { return path.ends_with(file.path); });
        return found == configuration.files.end() ? nullptr : &*found;
    }

    Judged judge(const GeneratedConfiguration& configuration, const Profile& profile) {
        Judged judged;
        write_files(configuration, folder());
        judged.nginx = ask_nginx(profile.nginx, main_file());
        judged.ours = ask_library(in_memory(configuration, folder()), main_file(), profile.build,
                                  arguments_.every_error ? Errors::every : Errors::first);
        if (judged.nginx.status != NginxAnswer::Status::accepted &&
            judged.nginx.status != NginxAnswer::Status::refused)
            return judged;
        judged.counted = true;
        if (judged.nginx.refusal) {
            const Refusal& refusal = *judged.nginx.refusal;
            const GeneratedFile* const file =
                refusal.place ? find_file(configuration, refusal.place->file) : nullptr;
            judged.nginx_class =
                classify(refusal, file != nullptr ? std::string_view(file->text) : "");
        }
        if (other_pcre_) {
            cut_regex_offset(judged.nginx.refusal);
            cut_regex_offset(judged.ours.refusal);
        }
        judged.comparison = compare(judged.nginx.refusal, judged.nginx_class, judged.ours.refusal);
        return judged;
    }

    void one_case(std::uint64_t number) {
        Random random(arguments_.seed, number);
        const Profile& profile = choose_profile(random);
        if (arguments_.every_error) {
            const ValueOptions values{&profile.build, &skipped_names_};
            check_every_error(number, generate_values(random, profile.generator, values), profile);
            return;
        }
        if (arguments_.values && random.chance(80)) {
            const ValueOptions values{&profile.build, &skipped_names_};
            check(number, generate_values(random, profile.generator, values), profile);
            return;
        }
        GeneratedConfiguration configuration = generate_configuration(random, profile.generator);
        if (!arguments_.undamaged)
            damage(configuration, random, profile.damage);
        check(number, configuration, profile);
    }

    /// Returns the class of nginx's message.
    MessageClass check(std::uint64_t number, const GeneratedConfiguration& configuration,
                       const Profile& profile) {
        const Judged judged = judge(configuration, profile);
        ++cases_;
        count(judged);
        if (arguments_.verbose || (arguments_.only && !arguments_.sweep))
            std::cout << "case " << number << ": " << escape(configuration.damage)
                      << "\n  nginx: " << describe(judged.nginx.refusal)
                      << "\n  ours:  " << describe(judged.ours.refusal) << '\n';
        const bool expected_good = arguments_.undamaged || configuration.damage.empty();
        if (expected_good && !arguments_.sweep &&
            judged.nginx.status != NginxAnswer::Status::accepted) {
            ++spoilt_;
            std::cout << "note: case " << number
                      << ", undamaged, is refused: " << describe(judged.nginx.refusal) << '\n';
            keep(number, configuration, judged);
        }
        if (judged.counted && !judged.comparison.difference.empty()) {
            show_difference(number, judged.comparison.difference, configuration, profile, judged);
            return judged.nginx_class;
        }
        const bool with_command = !arguments_.lint.empty() && arguments_.command_every > 0 &&
                                  (arguments_.only || number % arguments_.command_every == 0);
        if (with_command)
            check_command(number, configuration, profile, judged);
        return judged.nginx_class;
    }

    void check_every_error(std::uint64_t number, const GeneratedConfiguration& configuration,
                           const Profile& profile) {
        const Judged judged = judge(configuration, profile);
        ++cases_;
        count(judged);
        if (!judged.counted)
            return;
        const std::string difference =
            compare_every(every_error(configuration, profile, judged), judged.ours.refusals);
        if (arguments_.verbose || arguments_.only)
            std::cout << "case " << number << ": " << (difference.empty() ? "the same" : difference)
                      << '\n';
        if (!difference.empty()) {
            ++differences_;
            std::cout << "DIFFERENCE seed " << arguments_.seed << " case " << number << ": "
                      << difference << '\n';
            keep(number, configuration, judged);
        }
    }

    EveryError every_error(GeneratedConfiguration configuration, const Profile& profile,
                           Judged judged) {
        EveryError every;
        while (judged.counted && judged.nginx.refusal &&
               judged.nginx_class != MessageClass::world) {
            const Refusal refusal = *judged.nginx.refusal;
            if (!every.taken_out.empty() && is_of_missing(refusal))
                return every;
            every.refusals.push_back(refusal);
            const auto name =
                refusal.place ? take_out(configuration, *refusal.place) : std::nullopt;
            if (!name)
                return every;
            every.taken_out.push_back({*name, refusal.place->line});
            judged = judge(configuration, profile);
        }
        every.is_complete = judged.nginx.status == NginxAnswer::Status::accepted;
        return every;
    }

    void check_command(std::uint64_t number, const GeneratedConfiguration& configuration,
                       const Profile& profile, const Judged& judged) {
        const LintCommand lint{arguments_.lint, build_source_, profile.nginx.stems};
        const OurAnswer said = ask_command(lint, main_file());
        ++command_cases_;
        const bool same =
            said.problem.empty() && said.refusal.has_value() == judged.ours.refusal.has_value() &&
            (!said.refusal || (said.refusal->message == judged.ours.refusal->message &&
                               said.refusal->place == judged.ours.refusal->place));
        if (same)
            return;
        ++differences_;
        std::cout << "DIFFERENCE seed " << arguments_.seed << " case " << number
                  << ": the command does not say what the library says\n  command: "
                  << (said.problem.empty() ? describe(said.refusal) : said.problem)
                  << "\n  library: " << describe(judged.ours.refusal) << '\n';
        keep(number, configuration, judged);
    }

    void count(const Judged& judged) {
        switch (judged.nginx.status) {
        case NginxAnswer::Status::accepted:
            ++accepted_;
            break;
        case NginxAnswer::Status::refused: {
            const auto index = static_cast<std::size_t>(judged.nginx_class);
            ++refused_[index];
            if (judged.comparison.equal)
                ++equal_[index];
            break;
        }
        case NginxAnswer::Status::crashed:
            ++crashed_;
            break;
        case NginxAnswer::Status::timed_out:
            ++timed_out_;
            break;
        case NginxAnswer::Status::unreadable:
            // A few setters fail without a word.
            ++unreadable_;
            break;
        }
    }

    void show_difference(std::uint64_t number, std::string_view difference,
                         GeneratedConfiguration configuration, const Profile& profile,
                         const Judged& judged) {
        ++differences_;
        std::cout << "DIFFERENCE seed " << arguments_.seed << " case " << number << ": "
                  << difference << "\n  damage: " << escape(configuration.damage)
                  << "\n  nginx:  " << describe(judged.nginx.refusal)
                  << "\n  ours:   " << describe(judged.ours.refusal) << "\n  modules:";
        for (const std::string& stem : profile.nginx.stems)
            std::cout << ' ' << stem;
        std::cout << '\n';
        keep(number, configuration, judged);
        if (!arguments_.shrink)
            return;
        configuration =
            shrink(std::move(configuration), 3000, [&](const GeneratedConfiguration& each) {
                const Judged again = judge(each, profile);
                return again.counted && again.comparison.difference == difference &&
                       again.nginx_class == judged.nginx_class;
            });
        const Judged smallest = judge(configuration, profile);
        std::cout << "  smallest: nginx: " << describe(smallest.nginx.refusal)
                  << "\n            ours:  " << describe(smallest.ours.refusal) << '\n';
        for (const GeneratedFile& file : configuration.files) {
            const std::string text = escape(file.text);
            std::cout << "    " << escape(file.path) << " (" << file.text.size()
                      << " bytes): " << text.substr(0, 600) << (text.size() > 600 ? "..." : "")
                      << '\n';
        }
        std::cout << std::flush;
    }

    void keep(std::uint64_t number, const GeneratedConfiguration& configuration,
              const Judged& judged) {
        if (arguments_.keep.empty())
            return;
        const std::string into =
            arguments_.keep + "/" + std::to_string(arguments_.seed) + "-" + std::to_string(number);
        write_files(configuration, into);
        std::ofstream(into + "/answers.txt") << "damage: " << escape(configuration.damage)
                                             << "\nnginx: " << describe(judged.nginx.refusal)
                                             << "\nours: " << describe(judged.ours.refusal) << '\n';
        std::cout << "  kept in " << into << '\n';
    }

    // -- every directive in every context ---------------------------------------------------------

    /// Forms of a directive whose fate is decided before any value is looked at, in most contexts.
    void sweep() {
        struct Surroundings {
            std::string_view before;
            std::string_view after;
            std::string_view module; ///< the object that has the context, or empty
        };

        constexpr auto surroundings = std::to_array<Surroundings>({
            {"events { }\n", "\n", ""},
            {"events {\n", "\n}\n", ""},
            {"events { } http {\n", "\n}\n", ""},
            {"events { } http { server {\n", "\n} }\n", ""},
            {"events { } http { server { location / {\n", "\n} } }\n", ""},
            {"events { } http { upstream u { server 127.0.0.1;\n", "\n} }\n", ""},
            {"events { } http { server { if ($host) {\n", "\n} } }\n", ""},
            {"events { } http { server { location / { if ($host) {\n", "\n} } } }\n", ""},
            {"events { } http { server { location / { limit_except GET {\n", "\n} } } }\n", ""},
            {"events { } stream {\n", "\n}\n", "ngx_stream_module"},
            {"events { } stream { server {\n", "\n} }\n", "ngx_stream_module"},
            {"events { } stream { upstream u { server 127.0.0.1:1;\n", "\n} }\n",
             "ngx_stream_module"},
            {"events { } mail {\n", "\n}\n", "ngx_mail_module"},
            {"events { } mail { server {\n", "\n} }\n", "ngx_mail_module"},
            {"events { } rtmp {\n", "\n}\n", "ngx_rtmp_module"},
            {"events { } rtmp { server {\n", "\n} }\n", "ngx_rtmp_module"},
            {"events { } rtmp { server { application a {\n", "\n} } }\n", "ngx_rtmp_module"},
            {"events { } rtmp { server { application a { recorder r {\n", "\n} } } }\n",
             "ngx_rtmp_module"},
        });
        constexpr auto forms = std::to_array<std::string_view>({
            " { }",
            ";",
            " 1 2 3 4 5 6 7 8;",
            " a1 a2 a3 a4 a5 a6 a7 a8 { }",
            " 1;",
            " 1 2;",
            " 1 2 3;",
            " 1 2 3 4;",
        });
        std::uint64_t number = 0;
        // Without a choice the first one that has other modules than the executable's own.
        const std::size_t chosen = arguments_.profile.value_or(profiles_.size() > 1 ? 1 : 0);
        const Profile& profile = profiles_[chosen % profiles_.size()];
        for (const std::string_view name : directive_names()) {
            bool known = skipped_names_.count(name) == 0 && name != "*";
            for (const Surroundings& each : surroundings) {
                if (!known || (!each.module.empty() && !has(profile.nginx.stems, each.module)))
                    continue;
                for (const std::string_view form : forms) {
                    if (!go_on())
                        return;
                    GeneratedConfiguration configuration;
                    configuration.damage = std::string(name) + std::string(form);
                    configuration.files.push_back({"nginx.conf", std::string(each.before) +
                                                                     configuration.damage +
                                                                     std::string(each.after)});
                    const MessageClass said = check(number++, configuration, profile);
                    // Neither depends on what follows the name, the first not on the context.
                    known = said != MessageClass::unknown_directive;
                    if (!known || said == MessageClass::not_allowed)
                        break;
                }
            }
        }
    }

    // -- result -----------------------------------------------------------------------------------

    void report() const {
        const std::string version = version_text_.substr(0, version_text_.find('\n'));
        std::cout << version << "; seed " << arguments_.seed << ", " << cases_ << " cases"
                  << (own_network_ ? "" : ", in the machine's own network") << '\n'
                  << "  accepted by nginx: " << accepted_ << '\n';
        for (std::size_t i = 0; i < message_class_count; ++i)
            std::cout << "  " << message_class_name(static_cast<MessageClass>(i)) << ": "
                      << refused_[i] << " (" << equal_[i] << " equal)\n";
        std::cout << "  nginx crashed: " << crashed_ << ", timed out: " << timed_out_
                  << ", refused without a reason: " << unreadable_ << '\n';
        if (spoilt_ > 0)
            std::cout << "  undamaged and yet refused: " << spoilt_ << '\n';
        std::cout << "  command asked: " << command_cases_ << '\n'
                  << "  differences: " << differences_ << '\n';
    }

    Arguments arguments_;
    TemporaryFolder temporary_;
    std::string version_text_;
    std::string build_source_;
    std::string build_bytes_;
    std::vector<Profile> profiles_;
    std::set<std::string_view> skipped_names_;
    bool own_network_ = false;
    bool other_pcre_ = false;
    bool lua_reader_known_ = false;
    std::uint64_t cases_ = 0;
    std::uint64_t accepted_ = 0;
    std::uint64_t crashed_ = 0;
    std::uint64_t timed_out_ = 0;
    std::uint64_t unreadable_ = 0;
    std::uint64_t spoilt_ = 0;
    std::uint64_t command_cases_ = 0;
    std::uint64_t differences_ = 0;
    std::array<std::uint64_t, message_class_count> refused_{};
    std::array<std::uint64_t, message_class_count> equal_{};
};

} // namespace

} // namespace upstream_lint::differential

int main(int count, char** words) {
    namespace differential = upstream_lint::differential;
    const auto arguments = differential::parse_arguments(count, words);
    if (!arguments) {
        std::cerr << differential::usage;
        return differential::wrong_usage;
    }
    try {
        return differential::Run(*arguments).execute();
    } catch (const std::exception& error) {
        std::cerr << "differential: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
