#include "host/nginx_title.hpp"

#include <algorithm>
#include <cstddef>

namespace upstream_lint {

namespace {

constexpr std::string_view options_with_value = "pecgs";
constexpr std::string_view all_options = "?hvVtTqpecgs";

// One option letter with its value.
void take_option(char letter, std::string value, NginxArguments& arguments) {
    switch (letter) {
    case 'c':
        arguments.configuration = std::move(value);
        break;
    case 'p':
        arguments.prefix = std::move(value);
        break;
    case 'g':
        arguments.global_directives = std::move(value);
        break;
    case 's':
        arguments.is_command = true;
        break;
    default:
        break;
    }
}

bool looks_like_option(std::string_view word) {
    return word.size() > 1 && word.front() == '-' &&
           all_options.find(word[1]) != std::string_view::npos;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

// Whether the value of the last option of a word is the next word.
bool wants_value(std::string_view word) {
    if (!looks_like_option(word))
        return false;
    const std::size_t with_value = word.find_first_of(options_with_value, 1);
    return with_value == word.size() - 1;
}

// A value that had spaces has become several words.
std::vector<std::string> join_values(const std::vector<std::string>& words) {
    std::vector<std::string> arguments;
    bool goes_on = false; // the last argument is a value
    for (const std::string& word : words) {
        if (looks_like_option(word)) {
            arguments.push_back(word);
            goes_on = word.find_first_of(options_with_value, 1) < word.size() - 1;
        } else if (goes_on) {
            arguments.back() += " " + word;
        } else {
            goes_on = !arguments.empty() && wants_value(arguments.back());
            arguments.push_back(word);
        }
    }
    return arguments;
}

} // namespace

NginxArguments read_nginx_arguments(const std::vector<std::string>& arguments) {
    NginxArguments result;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view word = arguments[i];
        if (!word.starts_with('-'))
            continue;
        const std::size_t with_value = word.find_first_of(options_with_value, 1);
        const std::string_view flags = word.substr(1, with_value - 1);
        if (flags.find_first_of("?hvVtT") != std::string_view::npos)
            result.is_command = true;
        if (with_value == std::string_view::npos)
            continue;
        if (with_value + 1 < word.size())
            take_option(word[with_value], std::string(word.substr(with_value + 1)), result);
        else if (i + 1 < arguments.size())
            take_option(word[with_value], arguments[++i], result);
    }
    return result;
}

std::vector<std::string> command_line_words(std::string_view command_line) {
    return split(command_line, '\0');
}

std::optional<NginxTitle> read_nginx_title(std::string_view command_line) {
    constexpr std::string_view ours = "nginx: ";
    constexpr std::string_view master = "master process ";
    constexpr std::string_view worker = "worker process";
    const std::string_view text = command_line.substr(0, command_line.find('\0'));
    if (!text.starts_with(ours))
        return std::nullopt;
    const std::string_view title = text.substr(ours.size());
    NginxTitle result;
    if (title.starts_with(master)) {
        result.role = NginxTitle::Role::master;
        std::vector<std::string> words = split(title.substr(master.size()), ' ');
        if (!words.empty()) {
            result.program = std::move(words.front());
            words.erase(words.begin());
        }
        result.arguments = read_nginx_arguments(join_values(words));
    } else if (title.starts_with(worker)) {
        result.role = title.find("shutting down") != std::string_view::npos
                          ? NginxTitle::Role::worker_shutting_down
                          : NginxTitle::Role::worker;
    }
    return result;
}

} // namespace upstream_lint
