#include "facts/fpm_file.hpp"

#include "facts/columns.hpp"
#include "fpm_pool.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <variant>

namespace upstream_lint {

namespace {

namespace rules = grammar::fpm_pool;
namespace pegtl = tao::pegtl;

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& byte : lower) {
        byte = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    }
    return lower;
}

/// A value, put together from its parts.
class Value {
public:
    void plain(std::string_view text) {
        add(text);
        only_plain_ = only_plain_ && parts_ == 1;
    }

    void quoted(std::string_view text) {
        add(text);
        only_plain_ = false;
        behind_quote_ = true;
        known_ = known_ && text.find("${") == std::string_view::npos;
    }

    void gap(std::string_view text) {
        if (parts_ != 0 && !behind_quote_) {
            gap_ = text;
        }
    }

    void depends_on_more() { known_ = false; }

    [[nodiscard]] bool is_known() const noexcept { return known_; }

    [[nodiscard]] std::string text() const {
        constexpr std::array<std::string_view, 3> yes = {"on", "yes", "true"};
        constexpr std::array<std::string_view, 5> no = {"off", "no", "false", "none", "null"};
        const std::string word = only_plain_ ? lower_case(text_) : "";
        if (std::ranges::find(yes, word) != yes.end()) {
            return "1";
        }
        return std::ranges::find(no, word) != no.end() ? "" : text_;
    }

private:
    // Blanks count between parts alone: those behind the last one are none of the value's.
    void add(std::string_view text) {
        text_ += gap_;
        text_ += text;
        gap_.clear();
        behind_quote_ = false;
        ++parts_;
    }

    std::string text_;
    std::string gap_;
    std::size_t parts_ = 0;
    bool only_plain_ = true;
    bool behind_quote_ = false;
    bool known_ = true;
};

/// A line, read.
struct Line {
    std::optional<std::string> section;
    std::string name;
    bool has_index = false;
    Value value;
};

/// Only `\"`, `\'` and `\\` lose their backslash.
std::string without_escapes(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_escape =
            text[i] == '\\' && i + 1 < text.size() &&
            std::string_view("\"'\\").find(text[i + 1]) != std::string_view::npos;
        i += is_escape ? 1U : 0U;
        plain += text[i];
    }
    return plain;
}

std::string_view inside(std::string_view quoted) {
    return quoted.substr(1, quoted.size() - 2);
}

template <typename Rule> struct Action : pegtl::nothing<Rule> {};

template <> struct Action<rules::section_name> {
    template <typename Input> static void apply(const Input& in, Line& line) {
        line.section = in.string();
    }
};

template <> struct Action<rules::name> {
    template <typename Input> static void apply(const Input& in, Line& line) {
        const std::string_view name = in.string_view();
        line.name = name.substr(0, name.find_last_not_of(' ') + 1);
    }
};

template <> struct Action<rules::index> {
    static void apply0(Line& line) { line.has_index = true; }
};

template <> struct Action<rules::gap> {
    template <typename Input> static void apply(const Input& in, Line& line) {
        line.value.gap(in.string_view());
    }
};

template <> struct Action<rules::plain> {
    template <typename Input> static void apply(const Input& in, Line& line) {
        line.value.plain(in.string_view());
    }
};

template <> struct Action<rules::double_quoted> {
    template <typename Input> static void apply(const Input& in, Line& line) {
        line.value.quoted(without_escapes(inside(in.string_view())));
    }
};

template <> struct Action<rules::single_quoted> {
    template <typename Input> static void apply(const Input& in, Line& line) {
        line.value.quoted(inside(in.string_view()));
    }
};

template <> struct Action<rules::environment> {
    static void apply0(Line& line) { line.value.depends_on_more(); }
};

template <> struct Action<rules::computation> {
    static void apply0(Line& line) { line.value.depends_on_more(); }
};

std::optional<Line> read_line(std::string_view text) {
    Line line;
    pegtl::memory_input<pegtl::tracking_mode::lazy> input(text.data(), text.data() + text.size(),
                                                          "");
    if (!pegtl::parse<rules::line, Action>(input, line)) {
        return std::nullopt;
    }
    return line;
}

using Member = std::variant<std::string FpmPool::*, std::optional<std::int64_t> FpmPool::*,
                            std::optional<std::uint32_t> FpmPool::*>;

struct Setting {
    std::string_view name;
    Member member;
};

constexpr std::array<Setting, 14> settings = {{
    {"listen", &FpmPool::listen},
    {"listen.owner", &FpmPool::owner},
    {"listen.group", &FpmPool::group},
    {"listen.mode", &FpmPool::mode},
    {"listen.acl_users", &FpmPool::acl_users},
    {"listen.allowed_clients", &FpmPool::allowed_clients},
    {"listen.backlog", &FpmPool::backlog},
    {"pm", &FpmPool::process_manager},
    {"pm.max_children", &FpmPool::max_children},
    {"pm.status_path", &FpmPool::status_path},
    {"ping.path", &FpmPool::ping_path},
    {"request_terminate_timeout", &FpmPool::request_terminate_timeout},
    {"user", &FpmPool::user},
    {"chroot", &FpmPool::chroot},
}};

std::string with_pool_name(std::string text, std::string_view pool) {
    constexpr std::string_view variable = "$pool";
    for (std::size_t at = text.find(variable); at != std::string::npos;
         at = text.find(variable, at < variable.size() ? 0 : at - variable.size())) {
        text.replace(at, variable.size(), pool);
    }
    return text;
}

bool assign(std::string& member, const std::string& text, std::string_view pool) {
    member = with_pool_name(text, pool);
    return true;
}

template <typename Number>
bool assign(std::optional<Number>& member, const std::string& text, std::string_view /*pool*/) {
    const auto number = parse_number<Number>(text);
    member = number ? number : member;
    return number.has_value();
}

constexpr std::size_t max_name = 255; // each `$pool` grows by this

class Reader {
public:
    Reader(std::string_view file, FpmFile& read) : file_(file), read_(read) {}

    void take(std::string_view text) {
        ++number_;
        const auto line = read_line(text);
        if (!line) {
            problem("cannot be read");
            is_global_ = is_global_ || text.starts_with('['); // whose settings follow is not known
        } else if (line->section) {
            begin_section(*line->section);
        } else if (!line->name.empty() && !line->has_index) {
            set(*line);
        }
    }

private:
    void begin_section(const std::string& name) {
        const std::string key = lower_case(name);
        is_global_ = key == "global";
        if (name.size() > max_name) {
            problem("a name of this length is none");
            is_global_ = true;
        }
        if (is_global_) {
            return;
        }
        const auto [place, is_new] = pools_.emplace(key, read_.pools.size());
        pool_ = place->second;
        if (is_new) {
            FpmPool& pool = read_.pools.emplace_back();
            pool.file = file_;
            pool.name = name;
        }
    }

    void set(const Line& line) {
        if (line.name == "include") {
            if (line.value.is_known()) {
                read_.includes.push_back(line.value.text());
            } else {
                problem("what `include` names is computed");
            }
            return;
        }
        const auto* const setting =
            std::ranges::find(settings, lower_case(line.name), &Setting::name);
        if (is_global_ || setting == settings.end()) {
            return;
        }
        FpmPool& pool = read_.pools[pool_];
        if (!line.value.is_known()) {
            problem("the value of `" + std::string(setting->name) + "` is computed");
            std::visit([&](auto member) { pool.*member = {}; }, setting->member);
            return;
        }
        const bool is_right = std::visit(
            [&](auto member) { return assign(pool.*member, line.value.text(), pool.name); },
            setting->member);
        if (!is_right) {
            problem("`" + std::string(setting->name) + "` needs a number");
        }
    }

    void problem(std::string reason) { read_.problems.push_back({number_, std::move(reason)}); }

    std::string_view file_;
    FpmFile& read_;
    std::map<std::string, std::size_t> pools_;
    std::size_t number_ = 0;
    std::size_t pool_ = 0;
    bool is_global_ = true;
};

} // namespace

FpmFile parse_fpm_file(std::string_view text, std::string_view file) {
    FpmFile read;
    Reader reader(file, read);
    Lines lines(text);
    while (const auto line = lines.next()) {
        reader.take(*line);
    }
    return read;
}

} // namespace upstream_lint
