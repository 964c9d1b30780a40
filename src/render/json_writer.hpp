#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint {

/// Writes JSON as it comes, nested as deeply as it may be: a configuration's blocks have no bound
/// on depth that a recursive writer would survive. Text is taken as `to_utf8` gives it.
class JsonWriter {
public:
    /// `indent` blanks a level; 0 writes one line.
    explicit JsonWriter(unsigned indent) : indent_(indent) {}

    JsonWriter& begin_object() { return open('{'); }

    JsonWriter& begin_array() { return open('['); }

    /// Ends the innermost object or array.
    JsonWriter& end();
    JsonWriter& key(std::string_view name);
    JsonWriter& value(std::string_view text);
    JsonWriter& value(std::uint64_t number);
    JsonWriter& null();

    template <typename Value> JsonWriter& field(std::string_view name, Value v) {
        return key(name).value(v);
    }

    [[nodiscard]] std::size_t size() const noexcept { return out_.size(); }

    [[nodiscard]] std::string take() && { return std::move(out_); }

private:
    JsonWriter& open(char bracket);
    void separate();
    void new_line();

    std::string out_;
    std::vector<char> closing_;
    unsigned indent_;
    bool first_ = true; // nothing stands in the innermost object or array yet
    bool after_key_ = false;
};

} // namespace upstream_lint
