#include "damage.hpp"

#include "tokens.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace upstream_lint::differential {

namespace {

using namespace std::string_view_literals;

constexpr auto stray_texts = std::to_array<std::string_view>({
    "foo",      "}",      "{",      ";",        "\"",        "'",           "on",
    "bogus x;", "\\",     "$",      "${",       "#",         "listen 80;",  "server {",
    ")",        "1",      "}}",     "{}",       ";;",        "};",          "\"\"",
    "''",       "${x}",   "$ {",    "\\;",      "\\{",       "\\}",         "\\\"",
    "\\\\",     "\\n",    "\\\n",   "\"a\"b",   "\"a\")",    "\"a\"{",      "'a';",
    "\"a\"#",   "\"a\"}", "a\"b",   "a'b",      "a#b",       "a}",          "}a",
    "a{",       "{a",     "$${",    "$a{",      "(",         "()",          "\xef\xbb\xbf",
    "\xc2\xa0", "\v",     "\f",     "\0"sv,     "a\0b"sv,    "\r",          "\r\n",
    "\n",       "\t",     "\x7f",   "\xff",     "include",   "include x",   "include;",
    "#\n",      "# }\n",  "}#",     ";#",       "{#",        "\"#\"",       "\"",
    "events{}", "http{}", "if",     "\x1b[31m", "types {",   "map",         "=",
    "\"\n\"",   "'\\'",   "\"\\\"", "\"\\\\\"", "\"a;{}b\"", "\"a\" \"b\"", "a;b",
});

constexpr auto bad_values = std::to_array<std::string_view>({
    "-1",
    "10q",
    "maybe",
    "99999999999999999999",
    "''",
    "$nosuchvar",
    "[",
    "(",
    "*.*",
    "a:b:c",
    "${",
    "${host",
    "$",
    "\"$\"",
    "127.0.0.1:99999",
    "\xff\xfe",
    "1h 30m",
    "on",
    "/",
    "~",
    "off;",
});

constexpr auto words = std::to_array<std::string_view>({
    "on",
    "off",
    "1",
    "127.0.0.1",
    "/nowhere/x", // not `/x`: nginx would make it, when it is the name of a log
    "$host",
    "a=b",
    "10m",
    "\"\"",
    "'a b'",
    "0",
    "$x",
    "~",
});

/// Statements that belong to some context, and mostly not to the one they are put into.
constexpr auto misplaced = std::to_array<std::string_view>({
    "listen 80;",
    "worker_processes 1;",
    "proxy_pass http://127.0.0.1;",
    "server_name x;",
    "location /x { }",
    "http { }",
    "upstream u { server 127.0.0.1; }",
    "internal;",
    "worker_connections 10;",
    "log_format x y;",
    "user nobody nogroup;",
    "ssl_preread on;",
    "map $a $b { }",
    "if ($host) { }",
    "if ($a { }",
    "server { }",
    "events { }",
    "break;",
    "types { }",
    "stream { }",
    "mail { }",
    "limit_except GET { }",
    "geo $x { { } }",
    "map $a $b { a { b; } }",
    "types { a b { } }",
    "split_clients $a $b { 10% { } }",
    "charset_map a b { 80 81 { } }",
    "map $a $b { a b; c",
    "geo $g { default; }",
    "types { ; }",
    "map $a $b { ; }",
    "map $a $b;",
    "types;",
    "location;",
    "location { }",
    "location /a /b /c { }",
    "server x;",
    "server on { }",
    "events;",
    "http;",
    "http on;",
    "{ }",
    "\"\" x;",
    "'' { }",
    "\"server\" { }",
    "'listen' 80;",
    "Listen 80;",
    "listen\\ 80;",
    "lis\\ten 80;",
    "include;",
    "include a b;",
    "include /dev/null { }",
    "content_by_lua_block { }",
    "content_by_lua_block;",
    "daemon off { }",
    "load_module modules/none.so;",
    "load_module;",
    "default_type a b;",
    "gzip on off;",
    "gzip;",
    "gzip { on; }",
    "return;",
    "return 200 a b;",
    "allow;",
    "ip_hash;",
    "ip_hash on;",
    "hash a b c;",
    "keepalive 1;",
    "zone x 1m;",
    "match x { }",
    "hostnames;",
    "default 1;",
    "volatile;",
});

constexpr auto include_words = std::to_array<std::string_view>({
    "missing.conf",
    "missing/a.conf",
    "conf.d",
    "conf.d/",
    ".",
    "..",
    "./nginx.conf/x",
    "\"\"",
    "''",
    "none*.conf",
    "no/such/*/dir",
    "[",
    "[x",
    "?none",
    "\"missing file\"",
    "dangling",
    "loop",
    "folder-link",
    "/dev/null",
    "/dev/null/x",
    "$host.conf",
    "~/x",
    "{a,b}.conf",
    "missing\\ x",
    "empty.conf",
    "blank.conf",
    "only-comment.conf",
    "\\*",
    "\"a\\*b\"",
    "/",
    "//",
});

constexpr auto lua_damage = std::to_array<std::string_view>({
    "}",         "{",   "\"",     "'",  "[[", "]]",  "--[[", "--[==[",  "-- ", "\\",
    "[==[ ]=] ", "'\\", "\"\n\"", "[=", "--", "{{{", "}}}",  "\n--}\n", "'\n", "[[ ]] ]]",
});

/// The shapes of overlong text: nginx's buffer holds 4096 bytes.
enum class LongShape : std::uint8_t {
    word,
    quoted,
    single_quoted,
    comment,
    escaped,
    head,
    newlines,
    unclosed,
    count
};

class Damager {
public:
    Damager(GeneratedConfiguration& configuration, Random& random, const DamageOptions& options) :
        configuration_(configuration), random_(random), options_(options) {}

    void run() {
        if (random_.chance(8))
            return;
        std::size_t count = 1;
        if (random_.chance(30))
            count = random_.between(2, 3);
        for (std::size_t i = 0; i < count; ++i)
            for (int attempt = 0; attempt < 10 && !once(); ++attempt) {
            }
    }

private:
    using Operation = bool (Damager::*)();

    struct Weighted {
        std::string_view name;
        Operation operation;
        unsigned weight;
    };

    static std::span<const Weighted> operations();

    bool once() {
        // Most text is in the main file; the others are damaged about as often as it is.
        std::size_t index = 0;
        if (configuration_.files.size() > 1 && random_.chance(40))
            index = random_.below(configuration_.files.size());
        file_ = &configuration_.files[index];
        tokens_ = scan_tokens(file_->text);
        const Weighted& chosen = choose_operation();
        detail_.clear();
        if (!(this->*chosen.operation)())
            return false;
        if (!configuration_.damage.empty())
            configuration_.damage += ", ";
        configuration_.damage += std::string(chosen.name) + detail_;
        return true;
    }

    const Weighted& choose_operation() {
        const std::span<const Weighted> all = operations();
        // Lua bodies are a small part of the text, and have a reader of their own.
        if (options_.lua && random_.chance(40))
            return all.back();
        unsigned total = 0;
        for (const Weighted& each : all)
            total += each.weight;
        std::size_t at = random_.below(total);
        const Weighted* chosen = all.data();
        while (at >= chosen->weight) {
            at -= chosen->weight;
            ++chosen;
        }
        return *chosen;
    }

    // -- choosing and changing ------------------------------------------------------------------

    template <typename Predicate> std::optional<Token> choose(Predicate predicate) {
        std::vector<Token> fitting;
        std::copy_if(tokens_.begin(), tokens_.end(), std::back_inserter(fitting), predicate);
        if (fitting.empty())
            return std::nullopt;
        return random_.pick(fitting);
    }

    std::optional<Token> choose(TokenKind kind) {
        return choose([kind](const Token& token) { return token.kind == kind; });
    }

    static bool is_argument(const Token& token) {
        return !token.head && (token.kind == TokenKind::word || token.kind == TokenKind::quoted);
    }

    static bool is_head(const Token& token) {
        return token.head && (token.kind == TokenKind::word || token.kind == TokenKind::quoted);
    }

    void replace(const Token& token, std::string_view text) {
        file_->text.replace(token.begin, token.end - token.begin, text);
    }

    void insert(std::size_t at, std::string_view text) { file_->text.insert(at, text); }

    bool replace_some(TokenKind kind, std::string_view text) {
        const std::optional<Token> token = choose(kind);
        if (token)
            replace(*token, text);
        return token.has_value();
    }

    /// Where a statement begins; the text's end too.
    std::size_t statement_place() {
        const std::optional<Token> token =
            choose([](const Token& each) { return each.head || each.kind == TokenKind::close; });
        return token ? token->begin : file_->text.size();
    }

    void note(std::string_view text) { detail_ = " `" + std::string(text.substr(0, 40)) + "`"; }

    std::string random_word() { return std::string(random_.pick(words)); }

    // -- operations -----------------------------------------------------------------------------

    bool drop_semicolon() { return replace_some(TokenKind::semicolon, ""); }

    bool drop_close() { return replace_some(TokenKind::close, ""); }

    bool drop_open() { return replace_some(TokenKind::open, ""); }

    bool double_open() { return replace_some(TokenKind::open, "{ {"); }

    bool double_close() { return replace_some(TokenKind::close, "} }"); }

    bool double_semicolon() { return replace_some(TokenKind::semicolon, ";;"); }

    bool open_to_semicolon() { return replace_some(TokenKind::open, ";"); }

    bool semicolon_to_open() { return replace_some(TokenKind::semicolon, " {"); }

    bool semicolon_to_block() {
        return replace_some(TokenKind::semicolon, random_.chance(50) ? " { }" : " { x; }");
    }

    bool block_to_simple() {
        const std::optional<Token> open = choose(TokenKind::open);
        if (!open)
            return false;
        std::size_t depth = 0;
        for (const Token& token : tokens_) {
            if (token.begin < open->begin)
                continue;
            if (token.kind == TokenKind::open)
                ++depth;
            if (token.kind == TokenKind::close && --depth == 0) {
                file_->text.replace(open->begin, token.end - open->begin, ";");
                return true;
            }
        }
        return false;
    }

    bool open_quote() {
        const std::optional<Token> token = choose(is_argument);
        if (!token)
            return false;
        insert(random_.chance(80) ? token->begin : token->end, random_.chance(50) ? "\"" : "'");
        return true;
    }

    bool drop_quote() {
        const std::optional<Token> token = choose(TokenKind::quoted);
        if (!token || token->end - token->begin < 2)
            return false;
        file_->text.erase(random_.chance(50) ? token->begin : token->end - 1, 1);
        return true;
    }

    bool stray_text() {
        if (tokens_.empty())
            return false;
        const Token token = random_.pick(tokens_);
        const std::string_view text = random_.pick(stray_texts);
        note(text);
        const bool spaced = random_.chance(50);
        const std::size_t at = random_.chance(70) ? token.begin : token.end;
        insert(at, spaced ? " " + std::string(text) + " " : std::string(text));
        return true;
    }

    bool stray_byte() {
        constexpr auto bytes = "\0\r\n\t \"'\\{};#$()\x80\xff\x0b=~*?["sv;
        const char byte = random_.pick(bytes);
        note({&byte, 1});
        insert(random_.below(file_->text.size() + 1), {&byte, 1});
        return true;
    }

    bool change_byte() {
        if (file_->text.empty())
            return false;
        constexpr auto bytes = "\0\r\n\t \"'\\{};#$()ax"sv;
        file_->text[random_.below(file_->text.size())] = random_.pick(bytes);
        return true;
    }

    bool delete_range() {
        if (file_->text.empty())
            return false;
        const std::size_t begin = random_.below(file_->text.size());
        file_->text.erase(begin, random_.between(1, random_.chance(70) ? 3 : 60));
        return true;
    }

    bool misplaced_statement() {
        const std::string_view text = random_.pick(misplaced);
        note(text);
        insert(statement_place(), std::string(text) + " ");
        return true;
    }

    bool foreign_directive() {
        const std::span<const ForeignDirective> rows =
            random_.chance(85) ? options_.known : options_.unknown;
        if (rows.empty())
            return false;
        const ForeignDirective& row = random_.pick(rows);
        std::size_t count = random_.below(10);
        if (random_.chance(40))
            for (int attempt = 0; attempt < 30 && (row.good_counts >> count & 1U) == 0; ++attempt)
                count = random_.below(10);
        std::string text(row.name);
        for (std::size_t i = 0; i < count; ++i)
            text += " " + random_word();
        const bool block = random_.chance(75) ? row.block : !row.block;
        text += block ? " { }" : ";";
        note(text);
        insert(statement_place(), text + " ");
        return true;
    }

    bool drop_argument() {
        const std::optional<Token> token = choose(is_argument);
        if (token)
            replace(*token, "");
        return token.has_value();
    }

    bool add_arguments() {
        const std::optional<Token> token =
            choose([](const Token& each) { return is_argument(each) || is_head(each); });
        if (!token)
            return false;
        std::string text;
        for (std::size_t i = random_.chance(70) ? 1 : random_.between(2, 9); i > 0; --i)
            text += " " + random_word();
        note(text);
        insert(token->end, text);
        return true;
    }

    bool drop_head() {
        const std::optional<Token> token = choose(is_head);
        if (token)
            replace(*token, "");
        return token.has_value();
    }

    bool change_head() {
        const std::optional<Token> token = choose(is_head);
        if (!token)
            return false;
        std::string name = file_->text.substr(token->begin, token->end - token->begin);
        const std::size_t at = random_.below(name.size());
        switch (random_.below(7)) {
        case 0:
            name[at] = static_cast<char>(name[at] ^ 0x20);
            break;
        case 1:
            name += random_.pick("xs_\0"sv);
            break;
        case 2:
            name.erase(at, 1);
            break;
        case 3:
            name.insert(at, 1, random_.pick("\\\0\"'$x"sv));
            break;
        case 4:
            name = (random_.chance(50)
                        ? options_.known.empty() ? "x" : random_.pick(options_.known).name
                        : "http"sv);
            break;
        case 5:
            name = "\"" + name + "\"";
            break;
        default:
            name[at] = random_.pick("xz_-9"sv);
        }
        note(name);
        replace(*token, name);
        return true;
    }

    /// The statement's end: behind `;`, or behind the `}` of its block.
    std::optional<std::size_t> statement_end(const Token& head) {
        std::size_t depth = 0;
        for (const Token& token : tokens_) {
            if (token.begin < head.begin)
                continue;
            if (token.kind == TokenKind::open)
                ++depth;
            if (token.kind == TokenKind::close && (depth == 0 || --depth == 0))
                return token.end;
            if (token.kind == TokenKind::semicolon && depth == 0)
                return token.end;
        }
        return std::nullopt;
    }

    bool double_statement() {
        const std::optional<Token> head = choose(is_head);
        const std::optional<std::size_t> end = head ? statement_end(*head) : std::nullopt;
        if (!end)
            return false;
        insert(*end, " " + file_->text.substr(head->begin, *end - head->begin));
        return true;
    }

    bool move_statement() {
        const std::optional<Token> head = choose(is_head);
        const std::optional<std::size_t> end = head ? statement_end(*head) : std::nullopt;
        if (!end)
            return false;
        const std::string text = file_->text.substr(head->begin, *end - head->begin);
        note(text);
        const std::size_t to = statement_place();
        if (to <= head->begin) {
            file_->text.erase(head->begin, text.size());
            insert(to, text + " ");
        } else {
            insert(to, text + " ");
            file_->text.erase(head->begin, text.size());
        }
        return true;
    }

    bool truncate() {
        if (file_->text.empty())
            return false;
        std::size_t at = random_.below(file_->text.size());
        if (random_.chance(50) && !tokens_.empty())
            at = random_.pick(tokens_).begin;
        file_->text.resize(at);
        return true;
    }

    bool swap_arguments() {
        std::vector<std::size_t> places;
        for (std::size_t i = 1; i < tokens_.size(); ++i)
            if (is_argument(tokens_[i]) && (is_argument(tokens_[i - 1]) || is_head(tokens_[i - 1])))
                places.push_back(i);
        if (places.empty())
            return false;
        const std::size_t place = random_.pick(places);
        const Token first = tokens_[place - 1];
        const Token second = tokens_[place];
        const std::string left = file_->text.substr(first.begin, first.end - first.begin);
        const std::string right = file_->text.substr(second.begin, second.end - second.begin);
        replace(second, left);
        replace(first, right);
        return true;
    }

    bool glue() {
        if (tokens_.size() < 2)
            return false;
        const std::size_t place = random_.between(1, tokens_.size() - 1);
        const std::size_t begin = tokens_[place - 1].end;
        file_->text.erase(begin, tokens_[place].begin - begin);
        return true;
    }

    bool bad_value() {
        const std::optional<Token> token = choose(is_argument);
        if (!token)
            return false;
        const std::string_view text = random_.pick(bad_values);
        note(text);
        replace(*token, text);
        return true;
    }

    bool long_text() {
        std::size_t length = random_.between(4090, 4100);
        if (random_.chance(15))
            length = random_.between(2000, 13000);
        // Bytes in front move the text about in nginx's buffer.
        std::string front;
        if (random_.chance(50))
            front = std::string(random_.below(5000), ' ');
        else if (random_.chance(30))
            front = "\n" + std::string(random_.below(4000), '\t');
        std::string filler(length, 'l');
        std::string text;
        const auto shape =
            static_cast<LongShape>(random_.below(static_cast<std::size_t>(LongShape::count)));
        switch (shape) {
        case LongShape::word:
            text = filler;
            break;
        case LongShape::quoted:
            text = '"' + filler + '"';
            break;
        case LongShape::single_quoted:
            text = '\'' + filler + '\'';
            break;
        case LongShape::comment:
            text = "#" + filler + "\n";
            break;
        case LongShape::escaped:
            for (std::size_t i = 0; i < length; i += 2)
                text += random_.chance(50) ? "\\\"" : "\\;";
            if (random_.chance(50))
                text += 'x';
            break;
        case LongShape::head:
            insert(statement_place(), front + filler + (random_.chance(50) ? " x; " : " { } "));
            return true;
        case LongShape::newlines:
            text = '"' + filler + '"';
            for (std::size_t i = random_.below(6); i > 0; --i)
                text[random_.between(1, length)] = '\n';
            break;
        default:
            text = (random_.chance(50) ? "\"" : "'") + filler;
        }
        detail_ = " of " + std::to_string(length) + " shape " +
                  std::to_string(static_cast<unsigned>(shape));
        const std::optional<Token> token =
            choose([](const Token& each) { return each.kind != TokenKind::comment; });
        const std::size_t at = token ? token->begin : 0;
        insert(at, front + text + " ");
        return true;
    }

    bool long_lines() {
        // Many words or comments that fill buffers exactly, so that tokens cross their ends.
        const std::size_t at = tokens_.empty() ? 0 : random_.pick(tokens_).begin;
        std::string text;
        const std::size_t total = random_.between(3000, 9000);
        if (random_.chance(50)) {
            while (text.size() < total)
                text += "# " + std::string(random_.below(200), 'c') + "\n";
        } else {
            text = std::string(total, random_.chance(50) ? ' ' : '\n');
        }
        insert(at, text);
        return true;
    }

    bool byte_order_mark() {
        insert(random_.chance(80) ? 0 : random_.below(file_->text.size() + 1), "\xef\xbb\xbf");
        return true;
    }

    bool carriage_returns() {
        std::string text;
        const bool instead = random_.chance(30);
        for (const char byte : file_->text) {
            if (byte == '\n') {
                text += instead ? "\r" : "\r\n";
            } else {
                text += byte;
            }
        }
        file_->text = text;
        return true;
    }

    bool odd_include() {
        const auto ensure = [this](std::string_view path, std::string_view text) {
            const bool there =
                std::any_of(configuration_.files.begin(), configuration_.files.end(),
                            [&](const GeneratedFile& each) { return each.path == path; });
            if (!there)
                pending_.push_back({std::string(path), std::string(text)});
        };
        pending_.clear();
        ensure("empty.conf", "");
        ensure("blank.conf", "\n \r\n");
        ensure("only-comment.conf", "# nothing");
        if (configuration_.directories.empty()) {
            configuration_.directories = {"conf.d", "folder"};
            configuration_.links.emplace_back("dangling", "nowhere");
            configuration_.links.emplace_back("loop", "loop");
            configuration_.links.emplace_back("folder-link", "folder");
        }
        std::string word(random_.pick(include_words));
        if (random_.chance(8))
            word = std::string(random_.between(250, 260), 'n');
        if (random_.chance(3))
            word = std::string("a\0b", 3);
        note(word);
        insert(statement_place(), "include " + word + "; ");
        // Growing the list of files moves them, so it comes last.
        for (GeneratedFile& each : pending_)
            configuration_.files.push_back(std::move(each));
        return true;
    }

    /// An included file that ends inside a block or a statement, or closes its parent's.
    bool broken_include() {
        constexpr auto texts = std::to_array<std::string_view>({
            "server {",
            "}",
            "server_name",
            "server_name x",
            "x {",
            "{",
            "\"a",
            "'a;\n",
            "server_name \"a\"",
            "include broken-deeper.conf;",
            "server_name a;}",
            "location / {\n\n",
            "; ",
            "# c\n}\n",
            "\\",
            "listen 80; }",
            "a b;",
            "a b; c {",
            "if ($a = \"b\"",
            "server_name \"a\"b;",
            "\xef\xbb\xbf",
        });
        const std::string path = "broken-" + std::to_string(configuration_.files.size()) + ".conf";
        const std::string_view text = random_.pick(texts);
        note(text);
        insert(statement_place(), "include " + path + "; ");
        configuration_.files.push_back({path, std::string(text)});
        configuration_.files.push_back(
            {"broken-deeper.conf", random_.chance(50) ? "\n}" : "\nx {"});
        return true;
    }

    bool load_module() {
        std::string text = "load_module ";
        text +=
            options_.module_path.empty() || random_.chance(50) ? "/none.so" : options_.module_path;
        text += random_.chance(85) ? ";" : random_.chance(50) ? " x;" : " { }";
        insert(statement_place(), text + " ");
        return true;
    }

    bool rename_main_block() {
        static constexpr std::array<std::string_view, 4> names = {"events", "http", "stream",
                                                                  "mail"};
        const std::optional<Token> token = choose([this](const Token& each) {
            const std::string_view text =
                std::string_view(file_->text).substr(each.begin, each.end - each.begin);
            return each.head && std::find(names.begin(), names.end(), text) != names.end();
        });
        if (!token)
            return false;
        replace(*token, random_.pick(names));
        return true;
    }

    bool damage_lua() {
        constexpr std::string_view mark = "_by_lua_block";
        std::vector<std::pair<GeneratedFile*, std::size_t>> blocks;
        for (GeneratedFile& file : configuration_.files)
            for (std::size_t at = file.text.find(mark); at != std::string::npos;
                 at = file.text.find(mark, at + 1))
                blocks.emplace_back(&file, at + mark.size());
        if (blocks.empty())
            return false;
        const auto [file, body] = random_.pick(blocks);
        file_ = file;
        // Mostly inside: the bodies are that long.
        const std::size_t place = std::min(body + random_.below(90), file->text.size());
        const std::string_view text = random_.pick(lua_damage);
        note(text);
        if (random_.chance(15))
            insert(place, long_lua());
        else if (random_.chance(15))
            file->text.resize(place);
        else if (random_.chance(15))
            file->text.erase(place, random_.between(1, 3));
        else
            insert(place, text);
        return true;
    }

    /// More Lua than fits into nginx's buffer at once, or just about.
    std::string long_lua() {
        std::size_t length = random_.between(4040, 4110);
        if (random_.chance(40))
            length = random_.between(3000, 13000);
        const std::string filler(length, 'l');
        switch (random_.below(7)) {
        case 0:
            return '"' + filler + '"';
        case 1:
            return "[[" + filler + "]]";
        case 2:
            return "--[==[" + filler + "]==]";
        case 3:
            return "-- " + filler + "\n";
        case 4:
            return "'" + filler;
        case 5: {
            std::string text;
            while (text.size() < length)
                text += random_.chance(30) ? " local t = { 'a', \"}\" } -- }\n" : " local a = 1\n";
            return text;
        }
        default:
            return filler;
        }
    }

    GeneratedConfiguration& configuration_;
    Random& random_;
    const DamageOptions& options_;
    GeneratedFile* file_ = nullptr;
    std::vector<Token> tokens_;
    std::vector<GeneratedFile> pending_;
    std::string detail_;
};

std::span<const Damager::Weighted> Damager::operations() {
    static constexpr auto table = std::to_array<Weighted>({
        {"drop semicolon", &Damager::drop_semicolon, 6},
        {"drop close", &Damager::drop_close, 5},
        {"drop open", &Damager::drop_open, 4},
        {"double open", &Damager::double_open, 3},
        {"double close", &Damager::double_close, 3},
        {"double semicolon", &Damager::double_semicolon, 3},
        {"open to semicolon", &Damager::open_to_semicolon, 4},
        {"semicolon to open", &Damager::semicolon_to_open, 4},
        {"semicolon to block", &Damager::semicolon_to_block, 4},
        {"block to simple", &Damager::block_to_simple, 4},
        {"open quote", &Damager::open_quote, 6},
        {"drop quote", &Damager::drop_quote, 5},
        {"stray text", &Damager::stray_text, 14},
        {"stray byte", &Damager::stray_byte, 10},
        {"change byte", &Damager::change_byte, 6},
        {"delete range", &Damager::delete_range, 6},
        {"misplaced", &Damager::misplaced_statement, 14},
        {"foreign", &Damager::foreign_directive, 30},
        {"drop argument", &Damager::drop_argument, 5},
        {"add arguments", &Damager::add_arguments, 6},
        {"drop head", &Damager::drop_head, 4},
        {"change head", &Damager::change_head, 9},
        {"double statement", &Damager::double_statement, 4},
        {"move statement", &Damager::move_statement, 7},
        {"truncate", &Damager::truncate, 6},
        {"swap arguments", &Damager::swap_arguments, 4},
        {"glue", &Damager::glue, 5},
        {"bad value", &Damager::bad_value, 4},
        {"long text", &Damager::long_text, 9},
        {"long lines", &Damager::long_lines, 3},
        {"byte order mark", &Damager::byte_order_mark, 1},
        {"carriage returns", &Damager::carriage_returns, 1},
        {"include", &Damager::odd_include, 10},
        {"broken include", &Damager::broken_include, 6},
        {"load module", &Damager::load_module, 2},
        {"rename main block", &Damager::rename_main_block, 3},
        {"lua", &Damager::damage_lua, 12},
    });
    return table;
}

} // namespace

void damage(GeneratedConfiguration& configuration, Random& random, const DamageOptions& options) {
    Damager(configuration, random, options).run();
}

} // namespace upstream_lint::differential
