#include "resolve/rewrite_program.hpp"

#include "config/ascii.hpp"
#include "config/value.hpp"
#include "resolve/http_status.hpp"

#include <algorithm>

namespace upstream_lint {

namespace {

using Kind = RewriteInstruction::Kind;
using Words = std::span<const std::string>;

/// What redirects the client wherever it stands.
bool begins_like_url(std::string_view text) {
    return text.starts_with("http://") || text.starts_with("https://") ||
           text.starts_with("$scheme");
}

class Compiler {
public:
    Compiler(const Model& model, VariableNames& names, HttpRegexes& regexes) :
        model_(model), names_(names), regexes_(regexes) {}

    void add_level(LocationId level) {
        for (const Setting& setting : model_.settings(level)) {
            add(setting, level);
        }
    }

    [[nodiscard]] RewriteProgram take() && { return std::move(program_); }

private:
    void add(const Setting& setting, LocationId level) {
        if (setting.name == "if") {
            add_if(setting, level);
        } else if (setting.name == "set") {
            add_set(setting);
        } else if (setting.name == "rewrite") {
            add_rewrite(setting);
        } else if (setting.name == "return") {
            add_return(setting);
        } else if (setting.name == "break") {
            append(Kind::break_off, setting);
        }
    }

    RewriteInstruction& append(Kind kind, const Setting& setting) {
        RewriteInstruction& instruction = program_.emplace_back();
        instruction.kind = kind;
        instruction.directive = setting.directive;
        return instruction;
    }

    void add_if(const Setting& setting, LocationId level) {
        const std::size_t at = program_.size();
        {
            RewriteInstruction& instruction = append(Kind::if_block, setting);
            instruction.condition = condition(model_.words(setting.directive));
            if (model_.location(level).kind != Location::Kind::server) {
                instruction.block = setting.block;
            }
        }
        add_level(setting.block);
        program_[at].next = program_.size();
    }

    [[nodiscard]] Condition condition(std::vector<std::string> words) {
        words.erase(words.begin());
        words.front().erase(0, 1);
        words.back().pop_back();
        std::erase_if(words, [&](const std::string& word) {
            return word.empty() && (&word == &words.front() || &word == &words.back());
        });
        Condition result;
        for (const std::string& word : words) {
            result.text += (result.text.empty() ? "" : " ") + word;
        }
        const std::string& first = words.front();
        if (first.size() > 1 && first.front() == '$') {
            take_variable(result, words);
        } else {
            take_file(result, words);
        }
        return result;
    }

    void take_variable(Condition& condition, Words words) {
        condition.variable = names_.index(lower(std::string_view(words[0]).substr(1)));
        if (words.size() == 1) {
            return;
        }
        const std::string_view sign = words[1];
        condition.negated = sign.front() == '!';
        if (sign.back() == '=') {
            condition.kind = Condition::Kind::equal;
            condition.value = compile_complex_value(words.back(), names_);
            return;
        }
        condition.kind = Condition::Kind::matches;
        condition.regex =
            &regexes_.find(words.back(), sign.back() == '*' ? Case::insensitive : Case::sensitive);
    }

    void take_file(Condition& condition, Words words) {
        const std::string_view sign = words[0];
        condition.negated = sign.front() == '!';
        condition.value = compile_complex_value(words.back(), names_);
        switch (sign.back()) {
        case 'f':
            condition.kind = Condition::Kind::file;
            break;
        case 'd':
            condition.kind = Condition::Kind::directory;
            break;
        case 'e':
            condition.kind = Condition::Kind::exists;
            break;
        default:
            condition.kind = Condition::Kind::executable;
        }
    }

    void add_set(const Setting& setting) {
        const auto words = model_.words(setting.directive);
        RewriteInstruction& instruction = append(Kind::set, setting);
        instruction.variable = names_.index(lower(std::string_view(words[1]).substr(1)));
        instruction.value = compile_complex_value(words[2], names_);
    }

    void add_rewrite(const Setting& setting) {
        auto words = model_.words(setting.directive);
        RewriteInstruction& instruction = append(Kind::rewrite, setting);
        instruction.regex = &regexes_.find(words[1], Case::sensitive);
        std::string& replacement = words[2];
        instruction.adds_args = !replacement.ends_with('?');
        if (!instruction.adds_args) {
            replacement.pop_back();
        }
        const std::string_view flag = words.size() > 3 ? std::string_view(words[3]) : "";
        if (begins_like_url(replacement) || flag == "redirect") {
            instruction.status = http_status::moved_temporarily;
        }
        if (flag == "permanent") {
            instruction.status = http_status::moved_permanently;
        }
        instruction.breaks = flag == "break";
        instruction.ends = instruction.status != 0 || !flag.empty();
        instruction.value = compile_replacement(replacement, names_);
        if (instruction.status != 0) {
            instruction.value = compile_complex_value(replacement, names_);
            instruction.has_args =
                std::ranges::any_of(instruction.value.parts, [](const auto& part) {
                    return part.text.find('?') != std::string::npos;
                });
        }
    }

    void add_return(const Setting& setting) {
        const auto words = model_.words(setting.directive);
        RewriteInstruction& instruction = append(Kind::return_code, setting);
        const auto status = parse_number(words[1]);
        instruction.status = static_cast<int>(status.value_or(http_status::moved_temporarily));
        if (status && words.size() == 2) {
            return;
        }
        const std::string& text = status ? words[2] : words[1];
        instruction.has_text = !text.empty();
        instruction.value = compile_complex_value(text, names_);
    }

    const Model& model_;
    VariableNames& names_;
    HttpRegexes& regexes_;
    RewriteProgram program_;
};

} // namespace

RewriteProgram compile_rewrites(const Model& model, LocationId level, VariableNames& names,
                                HttpRegexes& regexes) {
    Compiler compiler(model, names, regexes);
    compiler.add_level(level);
    return std::move(compiler).take();
}

} // namespace upstream_lint
