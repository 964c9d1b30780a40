#pragma once

#include "resolve/evaluator.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace upstream_lint {

/// What is known of a value before there is a request.
struct FoldedText {
    std::string text;    ///< how it begins
    std::string unknown; ///< why nobody knows what follows; empty: nothing does

    [[nodiscard]] bool is_whole() const noexcept { return unknown.empty(); }

    friend auto operator<=>(const FoldedText&, const FoldedText&) = default;
};

/// All values that something can have. An unknown one that begins with nothing stands for all that
/// are missing.
using FoldedTexts = std::set<FoldedText>;

/// Folds the values of variables. A `set` that surely runs before a request is passed on hides
/// those before it; of the others any may have run. For one thread.
class PossibleValues {
public:
    static constexpr std::size_t most_values = 1024; ///< of one text
    /// Of all texts together, with what is made on the way to them: where a configuration has more,
    /// the rest is unknown.
    static constexpr std::size_t most_work = 500'000;

    explicit PossibleValues(HttpConfs& confs) : confs_(confs) {}

    struct Folded {
        FoldedTexts values;
        bool depends_on_place = false; ///< elsewhere the same text may have others
    };

    /// Of a value in a pass directive of a level.
    [[nodiscard]] Folded at(LocationId level, const ComplexValue& value);

private:
    using Environment = std::unordered_map<VariableIndex, FoldedTexts>;
    using ServerVariable = std::pair<ServerId, VariableIndex>;

    /// What counts where a value is folded.
    struct Context {
        ServerId server;
        const Environment* of_server = nullptr; ///< what its own `set` directives have left
        const Environment* local = nullptr;     ///< the same of the location
    };

    /// The `set` directives of one level while they run.
    struct Run {
        Context context;
        Environment& variables;
        LocationId taken_block;      ///< the `if` whose condition is known to be true
        bool may_have_ended = false; ///< a `break` or its like may have stood before
    };

    enum class State : std::uint8_t { folding, done };

    struct Known {
        State state = State::folding;
        FoldedTexts values;
    };

    struct SetValue {
        ComplexValue value;
        bool is_in_location = false; ///< not directly in a server
    };

    /// What the listeners of a server say.
    struct Listening {
        std::set<std::string> ports;
        bool has_tls = false;
        bool has_plain = false;
    };

    void spend(std::size_t work) { work_left_ -= std::min(work, work_left_); }

    [[nodiscard]] FoldedTexts fold(const ComplexValue& value, const Context& context);
    [[nodiscard]] FoldedTexts of_part(const ComplexValue::Part& part, const Context& context);
    [[nodiscard]] std::optional<FoldedTexts> of_environment(VariableIndex variable,
                                                            const Context& context);
    [[nodiscard]] std::optional<FoldedTexts> of_server(std::string_view name, ServerId server);
    [[nodiscard]] const FoldedTexts& of_variable(VariableIndex variable, ServerId server);
    [[nodiscard]] FoldedTexts collect(VariableIndex variable, ServerId server);
    [[nodiscard]] bool add_blocks(FoldedTexts& values, VariableIndex variable, ServerId server);
    [[nodiscard]] bool add_sets(FoldedTexts& values, VariableIndex variable, ServerId server);
    [[nodiscard]] const FoldedTexts& of_location_sets(VariableIndex variable, ServerId server);
    [[nodiscard]] bool is_builtin(std::string_view name) const;
    [[nodiscard]] FoldedTexts of_builtin(std::string_view name) const;

    [[nodiscard]] bool is_short(LocationId level) const;
    [[nodiscard]] const Environment* environment_of(ServerId server);
    void run(Run& run, LocationId level, bool is_certain);
    void assign(Run& run, const Setting& set, bool is_certain);

    /// `stream` has but one place for what is set: its servers change while a session goes on.
    [[nodiscard]] ServerId owner_of_sets(ServerId server) const {
        return confs_.protocol == Protocol::stream ? ServerId() : server;
    }

    void read_settings();
    void read_level(LocationId level);
    void read_captures(std::string_view pattern);
    void read_listeners();

    HttpConfs& confs_;
    /// Those that no server decides stand under none.
    std::map<ServerVariable, Known> known_;
    std::map<ServerVariable, FoldedTexts> known_location_sets_;
    std::map<ServerVariable, std::vector<SetValue>> sets_;
    std::set<VariableIndex> is_set_somewhere_;
    std::set<ServerId> servers_with_sets_;
    std::set<std::string> captures_; ///< names in regular expressions
    std::unordered_map<std::uint32_t, Environment> environments_;
    std::unordered_map<std::uint32_t, Listening> listening_;
    bool has_read_settings_ = false;
    bool has_read_listeners_ = false;
    bool has_scripts_ = false;      ///< which may set what they like
    bool depends_on_place_ = false; ///< of what is being folded
    int depth_left_ = 100;          // as deep as nginx goes
    std::size_t work_left_ = most_work;
};

} // namespace upstream_lint
