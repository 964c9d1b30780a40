#include "resolve/http_phases.hpp"
#include "resolve/http_status.hpp"
#include "resolve/uri_escape.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

/// The rewrite directives of a level at work (src/http/modules/ngx_http_rewrite_module.c,
/// src/http/ngx_http_script.c).
namespace upstream_lint {

namespace {

bool is_true(const Value& value) {
    return !value.text.empty() && value.text != "0";
}

} // namespace

HttpPhases::Phase HttpPhases::rewrite(Phase next) {
    const LocationId level = request_.location;
    const LocationConf& own = confs_.locations.of(level);
    quotes_ = true;
    is_args_ = false;
    if (const auto ended = run_program(own.rewrites)) {
        return *ended;
    }
    if (!conf().rewrite_script.is_none() && next == Phase::post_rewrite) {
        return decided_at_run_time(conf().rewrite_script, "a script may rewrite the request");
    }
    return next;
}

/// Nothing: the request goes on to the next phase.
std::optional<HttpPhases::Phase> HttpPhases::run_program(const RewriteProgram& program) {
    using Kind = RewriteInstruction::Kind;
    std::size_t at = 0;
    while (at < program.size()) {
        const RewriteInstruction& instruction = program[at++];
        switch (instruction.kind) {
        case Kind::if_block:
            if (const auto ended = run_if(instruction, at)) {
                return ended;
            }
            break;
        case Kind::set:
            run_set(instruction);
            if (request_.has_no_buffer_space) {
                return out_of_buffer_space();
            }
            break;
        case Kind::rewrite: {
            bool matched = false;
            if (const auto ended = run_rewrite(instruction, matched)) {
                return ended;
            }
            if (matched && instruction.ends) {
                return std::nullopt;
            }
            break;
        }
        case Kind::return_code:
            return run_return(instruction);
        case Kind::break_off:
            if (request_.is_uri_changed) {
                request_.is_location_valid = false;
                request_.is_uri_changed = false;
            }
            return std::nullopt;
        }
    }
    return std::nullopt;
}

/// Goes on behind the block where the condition does not hold.
std::optional<HttpPhases::Phase> HttpPhases::run_if(const RewriteInstruction& instruction,
                                                    std::size_t& at) {
    bool failed = false;
    const bool holds = test(instruction.condition, failed);
    if (failed || request_.has_no_buffer_space) {
        return failed ? finalize(http_status::internal_server_error) : out_of_buffer_space();
    }
    add_step(Step::Kind::if_condition, instruction.directive, holds ? "true" : "false");
    if (!holds) {
        at = instruction.next;
    } else if (!instruction.block.is_none()) {
        request_.location = instruction.block;
        update_location_config();
    }
    return std::nullopt;
}

bool HttpPhases::test(const Condition& condition, bool& failed) {
    switch (condition.kind) {
    case Condition::Kind::is_set: {
        const Value value = evaluator_.variable(request_, condition.variable);
        return value.known
                   ? is_true(value)
                   : evaluator_.assumptions().holds(value.text + " is neither empty nor \"0\"",
                                                    value.text + " is empty or \"0\"");
    }
    case Condition::Kind::equal: {
        const Value value = evaluator_.variable(request_, condition.variable);
        const Value other = evaluate_quoted(condition.value);
        bool equal = value.text == other.text;
        if (!other.known) {
            equal = evaluator_.assumptions().equals(other.text, value.text);
        } else if (!value.known) {
            equal = evaluator_.assumptions().equals(value.text, other.text);
        }
        return equal != condition.negated;
    }
    case Condition::Kind::matches:
        return test_match(condition, failed);
    default:
        return test_file(condition) != condition.negated;
    }
}

bool HttpPhases::test_match(const Condition& condition, bool& failed) {
    const Value value = evaluator_.variable(request_, condition.variable);
    switch (evaluator_.match(request_, *condition.regex, value)) {
    case Matcher::Outcome::matched:
        return !condition.negated;
    case Matcher::Outcome::not_matched:
        request_.captures = {};
        return condition.negated;
    case Matcher::Outcome::failed:
        break;
    }
    failed = true;
    return false;
}

bool HttpPhases::test_file(const Condition& condition) {
    const Value path = evaluate_quoted(condition.value);
    const FoundFile found = files_.find(path);
    switch (condition.kind) {
    case Condition::Kind::file:
        return found == FoundFile::file;
    case Condition::Kind::directory:
        return found == FoundFile::directory;
    case Condition::Kind::exists:
        return found == FoundFile::file || found == FoundFile::directory;
    default:
        break;
    }
    return (found == FoundFile::file || found == FoundFile::directory) &&
           files_.is_executable(path);
}

/// ngx_http_script_complex_value_code. nginx counts the bytes before it writes them, and does not
/// count those of escapes behind the `?` of an earlier replacement.
Value HttpPhases::evaluate_quoted(const ComplexValue& value) {
    if (!value.has_variables) {
        return {std::string(value.constant())};
    }
    std::size_t counted = 0;
    for (const ComplexValue::Part& part : value.parts) {
        counted += evaluator_.evaluate_part(request_, part, quotes_).text.size();
    }
    Value text;
    for (const ComplexValue::Part& part : value.parts) {
        text += evaluator_.evaluate_part(request_, part, quotes_ || is_args_);
    }
    if (text.known && counted < text.text.size()) {
        request_.has_no_buffer_space = true;
    }
    return evaluator_.supposed(std::move(text));
}

void HttpPhases::run_set(const RewriteInstruction& instruction) {
    Value value = evaluate_quoted(instruction.value);
    const std::string& name = confs_.names.name(instruction.variable);
    add_step(Step::Kind::set, instruction.directive, fmt::format("${} = \"{}\"", name, value.text));
    if (name == "args") {
        request_.args = std::move(value);
        request_.is_unparsed_valid = false;
        return;
    }
    if (name == "limit_rate") {
        return;
    }
    auto& variables = *request_.variables;
    if (variables.size() <= instruction.variable) {
        variables.resize(confs_.names.size());
    }
    variables[instruction.variable] = {std::move(value), VariableValue::State::valid, false};
}

std::optional<HttpPhases::Phase> HttpPhases::run_rewrite(const RewriteInstruction& instruction,
                                                         bool& matched) {
    switch (evaluator_.match(request_, *instruction.regex, request_.uri)) {
    case Matcher::Outcome::matched:
        break;
    case Matcher::Outcome::not_matched:
        request_.captures = {};
        return std::nullopt;
    case Matcher::Outcome::failed:
        return finalize(http_status::internal_server_error);
    }
    matched = true;
    const bool redirects = instruction.status != 0;
    request_.is_internal = true;
    request_.is_unparsed_valid = false;
    request_.is_uri_changed = !instruction.breaks;
    if (instruction.breaks) {
        request_.is_location_valid = false;
    }
    quotes_ = redirects;
    if (instruction.value.is_mixed) {
        for (const ComplexValue::Part& part : instruction.value.parts) {
            (void)evaluator_.evaluate_part(request_, part, false);
        }
    }
    Value uri;
    std::optional<Value> new_args;
    for (const ComplexValue::Part& part : instruction.value.parts) {
        if (part.kind == ComplexValue::Part::Kind::args) {
            is_args_ = true;
            new_args = Value();
            continue;
        }
        (new_args ? *new_args : uri) +=
            evaluator_.evaluate_part(request_, part, quotes_ || is_args_);
    }
    quotes_ = false;
    const bool adds_args = instruction.adds_args && !request_.args.empty();
    if (redirects) {
        if (uri.known) {
            uri.text = unescape_redirect(uri.text);
        }
        if (adds_args) {
            uri.text += instruction.has_args ? '&' : '?';
            uri += request_.args;
        }
        request_.location_header = uri;
        add_step(Step::Kind::redirect, instruction.directive, uri.text);
        return finalize(instruction.status, Outcome::Kind::redirect);
    }
    if (new_args) {
        if (adds_args) {
            new_args->text += '&';
            *new_args += request_.args;
        }
        request_.args = *std::move(new_args);
    } else if (!instruction.adds_args) {
        request_.args = {};
    }
    request_.uri = evaluator_.supposed(std::move(uri));
    add_step(Step::Kind::rewrite, instruction.directive);
    if (request_.uri.empty()) {
        return finalize(http_status::internal_server_error);
    }
    return std::nullopt;
}

HttpPhases::Phase HttpPhases::run_return(const RewriteInstruction& instruction) {
    const int status = instruction.status;
    add_step(Step::Kind::return_code, instruction.directive, fmt::to_string(status));
    if (status >= http_status::bad_request && !instruction.has_text) {
        return finalize(status, Outcome::Kind::return_code);
    }
    discard_body();
    const Value text = evaluator_.evaluate(request_, instruction.value);
    if (request_.has_no_buffer_space) {
        return out_of_buffer_space();
    }
    if (http_status::is_redirect(status)) {
        request_.location_header = text;
        return finalize(status, Outcome::Kind::return_code);
    }
    const bool is_ok = request_.error_status.value_or(status) == http_status::ok;
    return is_ok ? send_conditionally(Outcome::Kind::return_code, {})
                 : send(status, Outcome::Kind::return_code);
}

} // namespace upstream_lint
