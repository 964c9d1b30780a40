#pragma once

#include "facts/json_document.hpp"
#include "facts/json_formats.hpp"
#include "source/utf8.hpp"

#include <cstddef>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Members of structures, written to JSON and read from it. A function `describe(field, value)`
/// names the members of a type once; `field` is a FieldWriter or a FieldReader:
///
///     field("pid", worker.pid);                     // as its type is written
///     field("started_at", worker.started_at, TimeFormat{}); // as that format writes it
///     field.group("state", [&](auto& state) { ... }); // an object of its own in the document
///     alone field.derived("docker", [&] { ... });          // written, never read
namespace upstream_lint {

template <typename Value> struct IsOptional : std::false_type {};

template <typename Value> struct IsOptional<std::optional<Value>> : std::true_type {};

template <typename Value> struct IsList : std::false_type {};

template <typename Value> struct IsList<std::vector<Value>> : std::true_type {};

template <typename Format> inline constexpr bool is_plain = std::is_same_v<Format, PlainFormat>;

class FieldWriter {
public:
    using Json = nlohmann::ordered_json;

    template <typename Value, typename Format = PlainFormat>
    void operator()(const char* name, const Value& value, Format /*format*/ = {}) {
        object_[name] = write<Format>(value);
    }

    template <typename Describe> void group(const char* name, Describe describe_group) {
        FieldWriter inner;
        describe_group(inner);
        object_[name] = std::move(inner.object_);
    }

    template <typename Derive> void derived(const char* name, Derive derive) {
        object_[name] = write<PlainFormat>(derive());
    }

    [[nodiscard]] Json take() && { return std::move(object_); }

private:
    template <typename Format, typename Value> static Json write(const Value& value) {
        if constexpr (IsOptional<Value>::value) {
            return value ? write<Format>(*value) : Json(nullptr);
        } else if constexpr (IsList<Value>::value) {
            Json list = Json::array();
            for (const auto& each : value) {
                list.push_back(write<Format>(each));
            }
            return list;
        } else if constexpr (is_plain<Format> &&
                             requires(FieldWriter field) { describe(field, value); }) {
            FieldWriter inner;
            describe(inner, value);
            return std::move(inner.object_);
        } else {
            return Format::write(value);
        }
    }

    Json object_ = Json::object();
};

/// Where a value stands in a document.
struct JsonPlace {
    const JsonPlace* parent = nullptr; ///< none: of the document
    std::string_view name{};           ///< of a member; empty: an element
    std::size_t index = 0;
};

/// RFC 6901
[[nodiscard]] std::string pointer_text(const JsonPlace& place);

/// Leaves alone what the document does not have or has as null, and what it has and nobody asks
/// for. The first thing of a wrong shape becomes the problem.
class FieldReader {
public:
    using Json = nlohmann::json;

    FieldReader(const Json& object, const JsonPlace& place, std::string& problem) :
        object_(object), place_(place), problem_(problem) {}

    template <typename Value, typename Format = PlainFormat>
    void operator()(const char* name, Value& value, Format /*format*/ = {}) {
        if (const Json* const found = find(name)) {
            read<Format>(*found, value, {&place_, name});
        }
    }

    template <typename Describe> void group(const char* name, Describe describe_group) {
        if (const Json* const found = find(name)) {
            const JsonPlace place{&place_, name};
            if (require(found->is_object(), *found, "an object", place)) {
                FieldReader inner(*found, place, problem_);
                describe_group(inner);
            }
        }
    }

    template <typename Derive> void derived(const char* /*name*/, const Derive& /*derive*/) {}

private:
    [[nodiscard]] const Json* find(const char* name) const {
        const auto found = object_.find(name);
        const bool is_there = problem_.empty() && found != object_.end() && !found->is_null();
        return is_there ? &*found : nullptr;
    }

    bool require(bool holds, const Json& json, std::string_view wanted, const JsonPlace& place) {
        if (!holds && problem_.empty()) {
            problem_ = fmt::format("{}: {} belongs here, not {}", pointer_text(place), wanted,
                                   json_excerpt(json));
        }
        return holds;
    }

    template <typename Format, typename Value>
    void read(const Json& json, Value& value, const JsonPlace& place) {
        if constexpr (IsOptional<Value>::value) {
            read<Format>(json, value.emplace(), place);
        } else if constexpr (IsList<Value>::value) {
            read_list<Format>(json, value, place);
        } else if constexpr (is_plain<Format> && requires { describe(*this, value); }) {
            read_object(json, value, place);
        } else {
            require(Format::read(json, value), json, Format::template wanted<Value>(), place);
        }
    }

    template <typename Format, typename Value>
    void read_list(const Json& json, std::vector<Value>& list, const JsonPlace& place) {
        if (!require(json.is_array(), json, "a list", place)) {
            return;
        }
        list.clear();
        list.reserve(json.size());
        for (std::size_t i = 0; i < json.size() && problem_.empty(); ++i) {
            read<Format>(json[i], list.emplace_back(), {&place, {}, i});
        }
    }

    template <typename Value>
    void read_object(const Json& json, Value& value, const JsonPlace& place) {
        if constexpr (requires { read_short_form(std::string_view(), value); }) {
            if (json.is_string() && read_short_form(json.get_ref<const std::string&>(), value)) {
                return;
            }
        }
        if (require(json.is_object(), json, "an object", place)) {
            FieldReader inner(json, place, problem_);
            describe(inner, value);
        }
    }

    const Json& object_;
    const JsonPlace& place_;
    std::string& problem_;
};

} // namespace upstream_lint
