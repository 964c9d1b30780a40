#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/value.hpp"

#include <array>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <vector>

/// src/http/modules/ngx_http_rewrite_module.c
namespace upstream_lint {

namespace {

constexpr std::int64_t last_status = 999;

bool is_redirect(std::string_view target) {
    return target.starts_with("http://") || target.starts_with("https://") ||
           target.starts_with("$scheme");
}

/// ngx_http_rewrite
void rewrite(Directive& directive) {
    std::string_view replacement = directive[2];
    if (replacement.empty()) {
        directive.emerg(2, "empty replacement");
        return;
    }
    if (!script::compile_regex(directive, 1, directive[1], Case::sensitive, true)) {
        return;
    }
    if (replacement.ends_with('?')) {
        replacement.remove_suffix(1);
    }
    if (directive.size() == 3) {
        const std::string_view flag = c_string(directive[3]);
        if (flag != "last" && flag != "break" && flag != "redirect" && flag != "permanent") {
            directive.emerg(3, fmt::format("invalid parameter \"{}\"", directive[3]))
                .notes.emplace_back("it is one of `last`, `break`, `redirect` and `permanent`");
            return;
        }
    }
    (void)script::compile(directive, 2, replacement);
}

/// ngx_http_rewrite_return
void return_(Directive& directive) {
    const auto status = parse_number(directive[1]);
    const bool is_target = !status && directive.size() == 1 && is_redirect(directive[1]);
    if (!is_target && (!status || *status > last_status)) {
        directive.emerg(1, fmt::format("invalid return code \"{}\"", directive[1]));
        return;
    }
    if (is_target || directive.size() == 2) {
        (void)script::compile(directive, is_target ? 1 : 2);
    }
}

/// ngx_http_rewrite_set
void set(Directive& directive) {
    const std::string_view name = script::variable_name(directive, 1);
    if (name.empty() || !script::define_variable(directive, 1, name, true)) {
        return;
    }
    script::use_variable(directive, 1, name);
    (void)script::compile(directive, 2);
}

/// The words between the brackets of a condition: 0 is the name of the directive, as in nginx's
/// own array, whose words it shortens in place (ngx_http_rewrite_if_condition).
class Condition {
public:
    explicit Condition(Directive& directive) : directive_(directive) {
        for (std::size_t i = 0; i <= directive.size(); ++i) {
            words_.push_back(directive[i]);
        }
        last_ = directive.size();
    }

    void check() {
        if (!open() || !close()) {
            return;
        }
        const std::string_view first = words_[at_];
        if (first.size() > 1 && first[0] == '$') {
            comparison();
        } else if ((first.size() == 2 && first[0] == '-') ||
                   (first.size() == 3 && first.starts_with("!-"))) {
            file_test();
        } else {
            refuse(at_);
        }
    }

private:
    Diagnostic& refuse(std::size_t word) {
        return directive_.emerg(word, fmt::format("invalid condition \"{}\"", words_[word]));
    }

    bool open() {
        if (!words_[1].starts_with('(')) {
            refuse(1).notes.emplace_back("a condition stands in brackets");
            return false;
        }
        at_ = words_[1].size() == 1 ? 2 : 1;
        if (at_ == 1) {
            words_[1].remove_prefix(1);
        }
        return true;
    }

    bool close() {
        if (!words_[last_].ends_with(')')) {
            refuse(last_).notes.emplace_back("the bracket that closes the condition is missing");
            return false;
        }
        if (words_[last_].size() == 1) {
            --last_;
        } else {
            words_[last_].remove_suffix(1);
        }
        return true;
    }

    void comparison() {
        if (at_ != last_ && at_ + 2 != last_) {
            refuse(at_);
            return;
        }
        script::use_variable(directive_, at_, words_[at_].substr(1));
        if (at_ == last_) {
            return;
        }
        const std::string_view sign = words_[++at_];
        if (sign == "=" || sign == "!=") {
            (void)script::compile(directive_, last_, words_[last_]);
        } else if (sign == "~" || sign == "~*" || sign == "!~" || sign == "!~*") {
            const Case letters = sign.ends_with('*') ? Case::insensitive : Case::sensitive;
            (void)script::compile_regex(directive_, last_, words_[last_], letters, true);
        } else {
            Diagnostic& diagnostic =
                directive_.emerg(at_, fmt::format("unexpected \"{}\" in condition", sign));
            if (sign == "==") {
                diagnostic.notes.emplace_back("nginx compares with a single `=`");
            }
        }
    }

    void file_test() {
        if (at_ + 1 != last_) {
            refuse(at_);
            return;
        }
        if (!script::compile(directive_, last_, words_[last_]).valid) {
            return;
        }
        if (std::string_view("fdex").find(words_[at_].back()) == std::string_view::npos) {
            refuse(at_).notes.emplace_back("the tests are `-f`, `-d`, `-e` and `-x`");
        }
    }

    Directive& directive_;
    std::vector<std::string_view> words_;
    std::size_t at_ = 1;
    std::size_t last_;
};

/// ngx_http_rewrite_if
void if_(Directive& directive) {
    Condition(directive).check();
}

constexpr std::array<DirectiveSetter, 4> setters = {{
    {"if", if_},
    {"return", return_},
    {"rewrite", rewrite},
    {"set", set},
}};

} // namespace

const ModuleSetters ngx_http_rewrite_module = {"ngx_http_rewrite", setters};

} // namespace upstream_lint
