#include "json_schema.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <stdexcept>
#include <utility>

namespace upstream_lint::testing {

namespace {

using nlohmann::json;

bool has_type(const json& value, const std::string& type) {
    if (type == "integer") {
        return value.is_number_integer();
    }
    if (type == "number") {
        return value.is_number();
    }
    return type == value.type_name();
}

class Validator {
public:
    explicit Validator(const json& schema) : root_(schema) {}

    std::vector<std::string> run(const json& document) {
        open_.push_back({&root_, &document, ""});
        while (!open_.empty()) {
            const Task task = std::move(open_.back());
            open_.pop_back();
            check(task);
        }
        return std::move(problems_);
    }

private:
    struct Task {
        const json* schema;
        const json* value;
        std::string path;
    };

    void check(const Task& task) {
        static const std::set<std::string> known{"$schema",     "$id",
                                                 "$defs",       "title",
                                                 "description", "type",
                                                 "const",       "enum",
                                                 "minimum",     "pattern",
                                                 "items",       "properties",
                                                 "required",    "additionalProperties",
                                                 "$ref"};
        for (const auto& [keyword, argument] : task.schema->items()) {
            if (!known.contains(keyword)) {
                throw std::runtime_error("keyword not known here: " + keyword);
            }
            apply(keyword, argument, task);
        }
    }

    void apply(const std::string& keyword, const json& argument, const Task& task) {
        const json& value = *task.value;
        if (keyword == "$ref") {
            const auto reference = argument.get<std::string>();
            open_.push_back(
                {&root_.at(json::json_pointer(reference.substr(1))), task.value, task.path});
        } else if (keyword == "type") {
            const auto types = argument.is_array() ? argument.get<std::vector<std::string>>()
                                                   : std::vector{argument.get<std::string>()};
            expect(
                std::ranges::any_of(types, [&](const auto& type) { return has_type(value, type); }),
                task, keyword);
        } else if (keyword == "const") {
            expect(value == argument, task, keyword);
        } else if (keyword == "enum") {
            expect(std::ranges::find(argument, value) != argument.end(), task, keyword);
        } else if (keyword == "minimum") {
            expect(!value.is_number() || value >= argument, task, keyword);
        } else if (keyword == "pattern") {
            expect(!value.is_string() || std::regex_search(value.get<std::string>(),
                                                           std::regex(argument.get<std::string>())),
                   task, keyword);
        } else if (value.is_array() && keyword == "items") {
            for (std::size_t i = 0; i < value.size(); ++i) {
                open_.push_back({&argument, &value[i], task.path + "/" + std::to_string(i)});
            }
        } else if (value.is_object()) {
            apply_to_object(keyword, argument, task);
        }
    }

    void apply_to_object(const std::string& keyword, const json& argument, const Task& task) {
        const json& value = *task.value;
        if (keyword == "required") {
            for (const auto& name : argument) {
                expect(value.contains(name.get<std::string>()), task,
                       "required " + name.get<std::string>());
            }
        } else if (keyword == "properties") {
            for (const auto& [name, member] : value.items()) {
                if (argument.contains(name)) {
                    open_.push_back({&argument.at(name), &member, task.path + "/" + name});
                }
            }
        } else if (keyword == "additionalProperties") {
            if (argument != json(false)) {
                throw std::runtime_error("additionalProperties is known here only as false");
            }
            const json& properties = task.schema->at("properties");
            for (const auto& [name, member] : value.items()) {
                expect(properties.contains(name), task, "additionalProperties " + name);
            }
        }
    }

    void expect(bool kept, const Task& task, const std::string& what) {
        if (!kept) {
            problems_.push_back(task.path + ": " + what);
        }
    }

    const json& root_;
    std::vector<Task> open_;
    std::vector<std::string> problems_;
};

} // namespace

std::vector<std::string> schema_problems(const json& schema, const json& document) {
    return Validator(schema).run(document);
}

} // namespace upstream_lint::testing
