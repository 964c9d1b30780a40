// Asks a real nginx with the Lua module about random Lua blocks, and compares what it says, and in
// which line, with what the reader of Lua blocks makes of them. The Lua itself is never run.
//
// NGINX_BINARY     the program to ask; /usr/sbin/nginx when not set
// NGINX_MODULES    the folder of its shared objects; /usr/lib/nginx/modules when not set
// LUA_BLOCK_CASES  how many files; 500 when not set
// LUA_BLOCK_SEED   of the first of them; 1 when not set
// LUA_BLOCK_KEEP   a folder for files that are read differently
// LUA_BLOCK_STATISTICS  when set, print what nginx said how often

#include "config/messages.hpp"
#include "nginx_message.hpp"
#include "nginx_process.hpp"
#include "random.hpp"
#include "syntax/lua_read_window.hpp"
#include "upstream_lint/syntax.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

using namespace upstream_lint;
using namespace upstream_lint::differential;

namespace {

namespace fs = std::filesystem;

std::string environment(const char* name, const char* fallback) {
    const char* const value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : fallback;
}

class TemporaryDir {
public:
    TemporaryDir() {
        std::string name = (fs::temp_directory_path() / "lua-block-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) {
            path_ = name;
        }
    }

    TemporaryDir(const TemporaryDir&) = delete;
    TemporaryDir& operator=(const TemporaryDir&) = delete;

    ~TemporaryDir() {
        std::error_code ignored;
        if (!path_.empty()) {
            fs::remove_all(path_, ignored);
        }
    }

    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

constexpr std::size_t buffer_size = 4096;

// -- files
// ------------------------------------------------------------------------------------------

/// Lengths around those that matter to a buffer of 4096 bytes that is refilled below its half.
std::size_t edgy_length(Random& random) {
    if (random.chance(60)) {
        return random.between(1990, 2120);
    }
    return random.chance(50) ? random.between(4000, 4200) : random.between(1000, 6000);
}

/// One random file: statements before, Lua blocks, and directives that nginx does not know, so that
/// it tells where a block has ended. Lua holds such names too: nginx stops there if a block ends
/// early.
class FileGenerator {
public:
    explicit FileGenerator(Random& random) : random_(random) {}

    std::string run() {
        if (random_.chance(50)) {
            fill(Place::outside);
        }
        text_ += "events {}\n";
        if (random_.chance(30)) {
            fill(Place::outside);
        }
        text_ += "http {\n  server {\n";
        const std::size_t blocks = random_.between(1, 4);
        for (std::size_t i = 0; i < blocks; ++i) {
            if (random_.chance(70)) {
                fill(Place::server);
            }
            if (random_.chance(30)) {
                align();
            }
            location(i);
            if (random_.chance(15)) {
                marker();
            }
        }
        const bool ends_soon = random_.chance(30);
        text_ += "  }\n}\n";
        if (!ends_soon && random_.chance(50)) {
            fill(Place::outside);
        }
        marker();
        if (!ends_soon && random_.chance(30)) {
            fill(Place::outside);
        }
        if (random_.chance(25)) {
            damage();
        }
        return std::move(text_);
    }

private:
    enum class Place : std::uint8_t { outside, server };

    void marker() { text_ += "m" + std::to_string(++markers_) + ";\n"; }

    void fill_with(std::string_view bytes, std::size_t length) {
        for (std::size_t i = 0; i < length; ++i) {
            text_ += bytes[random_.below(bytes.size())];
        }
    }

    // statements

    void fill(Place place) {
        const std::size_t pieces = random_.between(1, 6);
        for (std::size_t i = 0; i < pieces; ++i) {
            const std::size_t length =
                random_.chance(15) ? edgy_length(random_) : random_.below(200);
            switch (random_.below(place == Place::server ? 6 : 2)) {
            case 0:
                blanks(length);
                break;
            case 1:
                comment(length);
                break;
            default:
                index(length);
            }
        }
    }

    void blanks(std::size_t length) { fill_with(" \t\r\n ", length); }

    void comment(std::size_t length) {
        text_ += '#';
        fill_with("abc {}\"'\\;#\r[]-", std::min<std::size_t>(length, 4090));
        text_ += '\n';
    }

    void index(std::size_t length) {
        text_ += "index";
        const std::size_t words = random_.between(1, 4);
        for (std::size_t i = 0; i < words; ++i) {
            text_ += random_.pick(
                std::array<std::string_view, 6>{" ", " ", "\n", "\r\n", "\t ", " # x\n "});
            word(std::min<std::size_t>(random_.chance(50) ? length : random_.below(length + 1),
                                       3900));
        }
        text_ += random_.pick(std::array<std::string_view, 4>{";", " ;", ";\n", "\n;\n"});
    }

    void word(std::size_t length) {
        const std::string_view quote =
            random_.pick(std::array<std::string_view, 4>{"", "", "\"", "'"});
        const std::size_t end = text_.size() + length;
        text_ += quote;
        text_ += 'w';
        while (text_.size() < end) {
            switch (random_.below(12)) {
            case 0:
                text_ += random_.pick(
                    std::array<std::string_view, 5>{"\\\"", "\\'", "\\;", "\\ ", "\\\\"});
                break;
            case 1:
                text_ += random_.pick(std::array<std::string_view, 3>{"${host}", "$uri/", "}"});
                break;
            case 2:
                text_ += quote.empty() ? "#" : "{;\n ";
                break;
            default:
                fill_with("abc", 1);
            }
        }
        text_ += quote;
    }

    /// Lets what follows begin where a refill is near.
    void align() {
        const std::size_t target = (text_.size() / 2048 + 1) * 2048 + random_.below(80) -
                                   std::min<std::size_t>(70, random_.below(140));
        if (target <= text_.size() + 3) {
            return;
        }
        const std::size_t left = target - text_.size();
        if (random_.chance(50)) {
            blanks(left);
        } else {
            comment(left - 2);
        }
    }

    // Lua blocks

    void location(std::size_t number) {
        text_ += "location /" + std::to_string(number) + " {";
        blanks(random_.below(4));
        const bool conditional = random_.chance(15);
        if (conditional) {
            text_ += "if ($uri = \"";
            fill_with("abc }\n",
                      random_.chance(30) ? edgy_length(random_) % 3800 : random_.below(50));
            text_ += random_.pick(std::array<std::string_view, 3>{"\"){", "\" ){", "\") {\n"});
        }
        const std::string_view name = random_.pick(std::array<std::string_view, 5>{
            "content_by_lua_block", "rewrite_by_lua_block\n", "\"access_by_lua_block\"",
            "set_by_lua_block $v", "'set_by_lua_block' \"$v\""});
        if (random_.chance(15)) {
            approach(window_end() - name.size());
        }
        text_ += name;
        blanks(random_.below(3));
        if (random_.chance(25)) {
            // about here the Lua module begins to refill the buffer
            approach(window_end() - buffer_size / 2 - 1);
        }
        text_ += '{';
        const bool aimed = random_.chance(40);
        if (aimed) {
            aimed_piece();
        }
        if (!aimed || random_.chance(60)) {
            body();
        }
        text_ += '}';
        blanks(random_.below(4));
        if (random_.chance(10)) {
            marker();
        }
        text_ += conditional ? "}}\n" : "}\n";
    }

    /// Where nginx's buffer ends when it has read the statements so far, if more than that follows.
    [[nodiscard]] std::size_t window_end() const {
        const std::string followed = text_ + std::string(2 * buffer_size, ' ');
        ReadWindow window(followed);
        window.read_statements(text_.size());
        return std::max(window.end(), text_.size());
    }

    /// A few bytes more or less than `at`.
    std::size_t about(std::size_t at) { return at + random_.below(7) - 3; }

    /// Blanks up to a few bytes more or less than `at`.
    void approach(std::size_t at) {
        const std::size_t target = about(at);
        if (target > text_.size() && target - text_.size() < buffer_size) {
            blanks(target - text_.size());
        }
    }

    /// The body's first token ends about where the buffer does.
    void aimed_piece() {
        std::size_t end = window_end();
        if (end - text_.size() < buffer_size / 2) {
            end = text_.size() + buffer_size;
        }
        end = about(end);
        const auto fill_up = [&](std::string_view bytes, std::size_t reserved) {
            const std::size_t used = text_.size() + reserved;
            fill_with(bytes, end > used ? end - used : 0);
        };
        const std::string_view first =
            random_.pick(std::array<std::string_view, 3>{"[[", "--[[", "[=["});
        switch (random_.below(6)) {
        case 0:
        case 1:
            text_ += first;
            fill_up("abc {}\n", 2 + first.size() % 2);
            text_ += first == "[=[" ? "]=]" : "]]";
            break;
        case 2:
            text_ += "--";
            fill_up("abc{ ", 0);
            text_ += "{}}}{\n";
            break;
        case 3:
            text_ += '"';
            fill_up("abc}", 1);
            text_ += '"';
            break;
        default:
            if (random_.chance(40)) {
                end += random_.chance(50) ? buffer_size / 2 : random_.below(buffer_size / 2);
            }
            fill_up("abc ,.\n", 0);
            text_ += random_.pick(
                std::array<std::string_view, 5>{"\n", "--}\n", "[=[}]=]", "{ } }", "'}'"});
        }
    }

    void body() {
        const std::size_t pieces = random_.chance(10) ? 1 : random_.between(2, 14);
        for (std::size_t i = 0; i < pieces; ++i) {
            piece(random_.chance(18) ? edgy_length(random_) : random_.below(60));
        }
    }

    void piece(std::size_t length) {
        switch (random_.below(16)) {
        case 0:
        case 1:
            quoted(length);
            break;
        case 2:
        case 3:
            long_bracket(length);
            break;
        case 4:
        case 5:
            text_ += "--";
            fill_with("abc }{\"'-=[ \r", length);
            text_ += '\n';
            break;
        case 6:
            text_ += "--";
            long_bracket(length);
            break;
        case 7:
        case 8:
            text_ += "{ ";
            piece(length);
            text_ += " }";
            break;
        case 9:
            text_ += '\n';
            marker();
            break;
        case 10:
            text_ += random_.pick(std::array<std::string_view, 10>{"\"", "'", "[", "]", "-", "]]",
                                                                   "\\", "[=", "\\\n", "\"\\\n\""});
            break;
        case 11:
            fill_with("\n\r ", 3);
            break;
        default:
            fill_with(random_.chance(50) ? "abc  " : "ab =,.\n", length);
            text_ += '\n';
        }
    }

    void quoted(std::size_t length) {
        const char quote = random_.chance(50) ? '"' : '\'';
        const std::size_t end = text_.size() + length;
        text_ += quote;
        while (text_.size() < end) {
            if (random_.chance(8)) {
                text_ += random_.pick(
                    std::array<std::string_view, 6>{"\\\"", "\\'", "\\\\", "\\n", "--", "[["});
            } else {
                fill_with(quote == '"' ? "abc {}'-[]=" : "abc {}\"-[]=", 1);
            }
        }
        text_ += quote;
    }

    void long_bracket(std::size_t length) {
        const std::string level(random_.below(4), '=');
        text_ += "[" + level + "[";
        fill_with(random_.chance(50) ? "abc }{\n" : "ab ]=[\"'-}\n", length);
        text_ += "]" + level + "]";
    }

    void damage() {
        const std::size_t times = random_.between(1, 3);
        for (std::size_t i = 0; i < times && !text_.empty(); ++i) {
            const std::size_t at = random_.below(text_.size());
            switch (random_.below(6)) {
            case 5:
                text_.resize(text_.size() - std::min(text_.size(), random_.below(80)));
                break;
            case 0:
                text_.erase(at, random_.between(1, 3));
                break;
            case 1:
                text_.insert(at, 1, "{}\"'[]-=\\\n;#"[random_.below(12)]);
                break;
            case 2:
                text_.resize(at);
                break;
            case 3:
                text_.insert(at, text_.substr(random_.below(text_.size()), random_.below(3000)));
                break;
            default:
                text_[at] = static_cast<char>(random_.below(256));
            }
        }
    }

    Random& random_;
    std::string text_;
    std::size_t markers_ = 0;
};

// -- our answer
// -------------------------------------------------------------------------------------

enum Blocks : unsigned { in_main = 1, in_http = 2, in_server = 4, in_location = 8, in_if = 16 };

struct Directive {
    unsigned where;
    unsigned opens; // 0: ended by `;`
    std::size_t least;
    std::size_t most;
};

constexpr std::size_t any = 1'000'000;

/// The directives of the generated files.
const std::map<std::string, Directive, std::less<>>& directives() {
    static const std::map<std::string, Directive, std::less<>> table{
        {"events", {in_main, 64, 0, 0}},
        {"http", {in_main, in_http, 0, 0}},
        {"server", {in_http, in_server, 0, 0}},
        {"location", {in_server | in_location, in_location, 1, 2}},
        {"if", {in_server | in_location, in_if, 1, any}},
        {"index", {in_http | in_server | in_location, 0, 1, any}},
        {"content_by_lua_block", {in_location | in_if, 64, 0, 0}},
        {"rewrite_by_lua_block", {in_http | in_server | in_location | in_if, 64, 0, 0}},
        {"access_by_lua_block", {in_http | in_server | in_location | in_if, 64, 0, 0}},
        {"rewrite", {in_server | in_location | in_if, 0, 2, 3}},
        {"set", {in_server | in_location | in_if, 0, 2, 2}},
        {"set_by_lua_block", {in_server | in_location | in_if, 64, 1, 1}},
    };
    return table;
}

/// What nginx's dispatcher would say of a directive; empty when it is content.
std::string dispatch(const SyntaxTree& tree, NodeId id, unsigned inside, unsigned& opens) {
    const Node& node = tree.node(id);
    const auto words = tree.words(id);
    const std::string name = tree.value(words.front());
    const auto found = directives().find(c_string(name));
    if (found == directives().end() || found->first.size() != name.size()) {
        return unknown_directive(name);
    }
    const Directive& directive = found->second;
    opens = directive.opens;
    const bool block = node.kind == NodeKind::block || node.kind == NodeKind::lua_block;
    if ((directive.where & inside) == 0) {
        return not_allowed(name);
    }
    if (directive.opens == 0 && block) {
        return not_terminated(name);
    }
    if (directive.opens != 0 && !block) {
        return no_opening(name);
    }
    if (words.size() - 1 < directive.least || words.size() - 1 > directive.most) {
        return wrong_number(name);
    }
    return {};
}

class Reading {
public:
    Reading(const std::string& bytes, std::string file) :
        bytes_(bytes), file_(std::move(file)), tree_(parse(bytes)) {}

    [[nodiscard]] const SyntaxTree& tree() const { return tree_; }

    [[nodiscard]] bool has_only_lua_errors() const {
        return std::ranges::all_of(tree_.errors(), [](const SyntaxError& error) {
            return error.kind >= SyntaxErrorKind::lua_unexpected_end;
        });
    }

    std::optional<Refusal> first_refusal() {
        struct Open {
            std::uint32_t subtree_end;
            unsigned inside;
        };

        std::vector<Open> open{{static_cast<std::uint32_t>(tree_.nodes().size()), in_main}};
        for (std::uint32_t i = 0; i < tree_.nodes().size(); ++i) {
            while (open.size() > 1 && open.back().subtree_end <= i) {
                open.pop_back();
            }
            const Node& node = tree_.node(NodeId{i});
            if (!tree_.errors().empty() && tree_.errors().front().position <= node.terminator) {
                return syntax_refusal();
            }
            unsigned opens = 0;
            if (std::string message = dispatch(tree_, NodeId{i}, open.back().inside, opens);
                !message.empty()) {
                return refusal(std::move(message), node.terminator);
            }
            open.push_back({node.subtree_end, opens});
        }
        if (!tree_.errors().empty()) {
            return syntax_refusal();
        }
        return std::nullopt;
    }

private:
    [[nodiscard]] Refusal syntax_refusal() const {
        const SyntaxError& error = tree_.errors().front();
        return refusal(syntax_message(tree_, error), error.at);
    }

    [[nodiscard]] Refusal refusal(std::string message, std::uint32_t at) const {
        const auto begin = bytes_.begin();
        const auto lines = std::count(begin, begin + tree_.nginx_offset(at), '\n');
        return {.level = "emerg",
                .message = cut_message(std::move(message)),
                .place = differential::Place{file_, static_cast<std::uint32_t>(lines) + 1}};
    }

    const std::string& bytes_;
    std::string file_;
    SyntaxTree tree_;
};

} // namespace

TEST_CASE("Lua blocks are read as the Lua module reads them") {
    const TemporaryDir folder;
    const std::string file = (folder.path() / "nginx.conf").string();
    const NginxCommand nginx{.binary = environment("NGINX_BINARY", "/usr/sbin/nginx"),
                             .modules = environment("NGINX_MODULES", "/usr/lib/nginx/modules"),
                             .prefix = folder.path().string() + "/",
                             .stems = {"ndk_http_module", "ngx_http_lua_module"}};
    if (::access(nginx.binary.c_str(), X_OK) != 0 ||
        !fs::exists(fs::path(nginx.modules) / "ngx_http_lua_module.so")) {
        MESSAGE("skipped: no nginx with the Lua module");
        return;
    }
    const std::uint64_t seed = std::stoull(environment("LUA_BLOCK_SEED", "1"));
    const std::uint64_t cases = std::stoull(environment("LUA_BLOCK_CASES", "500"));
    const std::string keep = environment("LUA_BLOCK_KEEP", "");
    MESSAGE("seeds " << seed << " to " << seed + cases - 1);

    std::map<std::string, std::size_t> said;
    for (std::uint64_t number = seed; number < seed + cases; ++number) {
        Random random(number);
        const std::string text = FileGenerator(random).run();
        std::ofstream(file, std::ios::binary) << text;
        const NginxAnswer answer = ask_nginx(nginx, file);
        REQUIRE(answer.status != NginxAnswer::Status::unreadable);

        Reading reading(text, file);
        const std::optional<Refusal> ours = reading.first_refusal();
        const MessageClass message_class =
            answer.refusal ? classify(*answer.refusal, {}) : MessageClass::value;
        const bool says_nothing_of_syntax = message_class == MessageClass::missing_block ||
                                            message_class == MessageClass::duplicate_block ||
                                            message_class == MessageClass::value;
        const Comparison comparison = compare(
            answer.refusal, says_nothing_of_syntax ? MessageClass::world : message_class, ours);
        CAPTURE(number);
        CAPTURE(describe(answer.refusal));
        CAPTURE(describe(ours));
        CHECK_MESSAGE(comparison.difference.empty(), comparison.difference);
        if (reading.has_only_lua_errors()) {
            CHECK(verify(reading.tree()).value_or("") == "");
        }
        CHECK(print(reading.tree()) == text);
        if (!comparison.difference.empty() && !keep.empty()) {
            std::ofstream(fs::path(keep) / (std::to_string(number) + ".conf"), std::ios::binary)
                << text;
        }
        ++said[answer.refusal ? std::string(answer.refusal->message.substr(0, 40)) : "accepted"];
    }
    if (!environment("LUA_BLOCK_STATISTICS", "").empty()) {
        for (const auto& [message, count] : said) {
            MESSAGE(count << " " << escape(message));
        }
    }
}
