// Compiles modules.tsv, directives.tsv and variables.tsv to the constant tables of
// config/directive_table.hpp and config/variable_table.hpp.
//
// Everything a later reader of the tables relies on is checked here, so that a mistake in the data
// stops the build with its file and line.

#include "config/data/name_hash.hpp"
#include "upstream_lint/nginx_build.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {
namespace {

/// The place of the mistake that stops the build.
struct Place {
    std::string file;
    std::size_t line = 0;
};

[[noreturn]] void fail(const Place& place, const std::string& message) {
    std::cerr << place.file << ':' << place.line << ": error: " << message << '\n';
    std::exit(EXIT_FAILURE);
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t at = 0;;) {
        const std::size_t end = text.find(separator, at);
        parts.emplace_back(text.substr(at, end - at));
        if (end == std::string_view::npos)
            return parts;
        at = end + 1;
    }
}

struct Line {
    Place place;
    std::vector<std::string> fields;
};

/// The lines of a file whose first line, after `#`, names the columns. `-` is an empty field.
std::vector<Line> read_table(const std::string& file, const std::vector<std::string>& columns) {
    std::ifstream input(file, std::ios::binary);
    if (!input)
        fail({file, 1}, "cannot be opened");
    std::vector<Line> lines;
    std::string text;
    for (std::size_t number = 1; std::getline(input, text); ++number) {
        const Place place{file, number};
        if (number == 1) {
            if (text.empty() || text.front() != '#' || split(text.substr(1), '\t') != columns)
                fail(place, "the first line must name the columns that the generator knows");
            continue;
        }
        Line line{place, split(text, '\t')};
        if (line.fields.size() != columns.size())
            fail(place, "expected " + std::to_string(columns.size()) + " columns, found " +
                            std::to_string(line.fields.size()));
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (line.fields[i].empty())
                fail(place, "column `" + columns[i] + "` is empty; write `-`");
            if (line.fields[i] == "-")
                line.fields[i].clear();
        }
        lines.push_back(std::move(line));
    }
    if (lines.empty())
        fail({file, 1}, "has no rows");
    return lines;
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

std::string version_code(Version version) {
    return '{' + std::to_string(version.major) + ", " + std::to_string(version.minor) + ", " +
           std::to_string(version.patch) + '}';
}

// ----- modules ------------------------------------------------------------------------------

struct Module {
    std::string name, built, object, directories;
};

void check_built(const Place& place, const std::string& built) {
    if (built.empty() || built == "always" || built == "plus")
        return;
    for (const std::string& alternative : split(built, ','))
        for (const std::string& term : split(alternative, '&')) {
            const bool with = term.rfind("with-", 0) == 0 && term.size() > 5;
            const bool without = term.rfind("without-", 0) == 0 && term.size() > 8;
            if (!with && !without)
                fail(place, "`" + term + "` is neither `with-X` nor `without-X`");
        }
}

std::vector<Module> read_modules(const std::string& file) {
    std::vector<Module> modules;
    std::set<std::string> names;
    for (const Line& line : read_table(file, {"name", "built", "object", "directories"})) {
        const auto& f = line.fields;
        if (f[0].empty())
            fail(line.place, "a module needs a name");
        if (!names.insert(f[0]).second)
            fail(line.place, "module `" + f[0] + "` stands twice");
        check_built(line.place, f[1]);
        modules.push_back({f[0], f[1], f[2], f[3]});
    }
    if (modules.size() > ModuleSet::capacity)
        fail({file, modules.size()}, "more modules than ModuleSet::capacity");
    return modules;
}

// ----- directives ---------------------------------------------------------------------------

struct Row {
    Place place;
    std::string name;
    std::size_t module = 0;
    std::size_t required[2] = {0, 0};
    ContextMask contexts;
    std::string arguments;
    bool block = false;
    Context opens = Context::none;
    std::string setter, replacement;
    std::vector<std::string> words;
    Version since, removed;
};

/// `include` fits every block that ngx_conf_handler reads (NGX_ANY_CONF).
ContextMask every_dispatched_context() {
    ContextMask all;
    for (std::size_t i = 0; i < context_count; ++i) {
        const auto context = static_cast<Context>(i);
        const bool own_table = context == Context::otel_exporter || context == Context::acme_issuer;
        if (context != Context::none && context != Context::raw && !is_data(context) && !own_table)
            all |= context;
    }
    return all;
}

ContextMask read_contexts(const Place& place, const std::string& text) {
    if (text == "any")
        return every_dispatched_context();
    ContextMask mask;
    for (const std::string& name : split(text, ',')) {
        const auto context = parse_context(name);
        if (!context || *context == Context::none || *context == Context::raw || is_data(*context))
            fail(place, "`" + name + "` is no context that a directive can stand in");
        if (mask.contains(*context))
            fail(place, "context `" + name + "` stands twice");
        mask |= *context;
    }
    return mask;
}

/// One digit from 0 to 7.
unsigned read_count(const Place& place, const std::string& text) {
    if (text.size() != 1 || text[0] < '0' || text[0] > '7')
        fail(place, "`" + text + "` is no number of arguments from 0 to 7");
    return static_cast<unsigned>(text[0] - '0');
}

std::string arguments_code(const Place& place, const std::string& text) {
    static const std::map<std::string, std::string> rules{
        {"any", "any"}, {"flag", "flag"}, {"1+", "at_least_one"}, {"2+", "at_least_two"}};
    if (const auto rule = rules.find(text); rule != rules.end())
        return "{Rule::" + rule->second + ", 0}";
    unsigned mask = 0;
    if (text != "never") {
        for (const std::string& part : split(text, ',')) {
            const auto ends = split(part, '-');
            const unsigned first = read_count(place, ends.front());
            const unsigned last = read_count(place, ends.back());
            if (ends.size() > 2 || first > last)
                fail(place, "`" + part + "` is no range of numbers of arguments");
            for (unsigned count = first; count <= last; ++count)
                mask |= 1U << count;
        }
    }
    return "{Rule::listed, " + std::to_string(mask) + '}';
}

Version read_version(const Place& place, const std::string& text) {
    if (text.empty())
        return {};
    const auto version = parse_version(text);
    if (!version)
        fail(place, "`" + text + "` is no version X.Y.Z");
    return *version;
}

std::size_t read_module(const Place& place, const std::vector<Module>& modules,
                        const std::string& name) {
    for (std::size_t i = 0; i < modules.size(); ++i)
        if (modules[i].name == name)
            return i;
    fail(place, "module `" + name + "` is not in the module list");
}

Context read_opens(const Place& place, const std::string& text, bool block) {
    if (text.empty()) {
        if (block)
            fail(place, "a block directive must say what it opens");
        return Context::none;
    }
    if (!block)
        fail(place, "a simple directive opens nothing");
    const auto context = parse_context(text);
    if (!context || *context == Context::none)
        fail(place, "`" + text + "` is no context");
    return *context;
}

Row read_row(const Line& line, const std::vector<Module>& modules) {
    const auto& f = line.fields;
    const Place& place = line.place;
    Row row;
    row.place = place;
    row.name = f[0];
    if (row.name.empty())
        fail(place, "a directive needs a name");
    row.module = read_module(place, modules, f[1]);
    row.contexts = read_contexts(place, f[2]);
    row.arguments = arguments_code(place, f[3]);
    if (f[4] != "simple" && f[4] != "block")
        fail(place, "`" + f[4] + "` is neither `simple` nor `block`");
    row.block = f[4] == "block";
    row.opens = read_opens(place, f[5], row.block);
    row.setter = f[6];
    if (!f[7].empty())
        row.words = split(f[7], ' ');
    row.required[0] = row.required[1] = row.module;
    if (!f[8].empty()) {
        const auto required = split(f[8], ',');
        if (required.size() > 2)
            fail(place, "more than two required modules");
        for (std::size_t i = 0; i < required.size(); ++i)
            row.required[i] = read_module(place, modules, required[i]);
    }
    row.since = read_version(place, f[9]);
    row.removed = read_version(place, f[10]);
    if (row.removed != Version{} && row.removed <= row.since)
        fail(place, "removed before it was there");
    row.replacement = f[11];
    return row;
}

bool versions_overlap(const Row& a, const Row& b) {
    const auto ends_before = [](const Row& first, const Row& second) {
        return first.removed != Version{} && first.removed <= second.since;
    };
    return !ends_before(a, b) && !ends_before(b, a);
}

std::vector<Row> read_directives(const std::string& file, const std::vector<Module>& modules) {
    const std::vector<std::string> columns{"name",     "module", "contexts", "arguments",
                                           "kind",     "opens",  "setter",   "words",
                                           "requires", "since",  "removed",  "replacement"};
    std::vector<Row> rows;
    for (const Line& line : read_table(file, columns))
        rows.push_back(read_row(line, modules));
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        return a.name != b.name ? a.name < b.name : a.module < b.module;
    });
    // Two entries of one module that could both fit would hide each other.
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t j = i;
             j-- > 0 && rows[j].name == rows[i].name && rows[j].module == rows[i].module;)
            if (!(rows[i].contexts & rows[j].contexts).empty() &&
                versions_overlap(rows[i], rows[j]))
                fail(rows[i].place, "`" + rows[i].name + "` of this module, context and version " +
                                        "stands in line " + std::to_string(rows[j].place.line) +
                                        " too");
    if (rows.size() >= 0xFFFF)
        fail(rows.back().place, "more rows than an index can hold");
    return rows;
}

// ----- variables ----------------------------------------------------------------------------

struct Variable {
    std::string name;
    std::size_t module = 0;
    bool stream = false;
    bool prefix = false;
    bool changeable = false;
    bool unhashed = false;
    Version since, removed;
};

Variable read_variable(const Line& line, const std::vector<Module>& modules) {
    const auto& f = line.fields;
    Variable variable;
    variable.name = f[0];
    if (variable.name.empty())
        fail(line.place, "a variable needs a name");
    variable.module = read_module(line.place, modules, f[1]);
    if (f[2] != "http" && f[2] != "stream")
        fail(line.place, "`" + f[2] + "` is neither `http` nor `stream`");
    variable.stream = f[2] == "stream";
    for (const std::string& kind : split(f[3], ',')) {
        variable.prefix = variable.prefix || kind == "prefix";
        variable.changeable = variable.changeable || kind == "changeable";
        variable.unhashed = variable.unhashed || kind == "unhashed";
        if (!kind.empty() && kind != "prefix" && kind != "changeable" && kind != "unhashed")
            fail(line.place, "`" + kind + "` is none of `prefix`, `changeable`, `unhashed`");
    }
    variable.since = read_version(line.place, f[4]);
    variable.removed = read_version(line.place, f[5]);
    return variable;
}

std::vector<Variable> read_variables(const std::string& file, const std::vector<Module>& modules) {
    std::vector<Variable> variables;
    for (const Line& line :
         read_table(file, {"name", "module", "protocol", "kind", "since", "removed"}))
        variables.push_back(read_variable(line, modules));
    std::stable_sort(variables.begin(), variables.end(),
                     [](const Variable& a, const Variable& b) { return a.name < b.name; });
    return variables;
}

// ----- output -------------------------------------------------------------------------------

std::string row_code(const Row& row, std::size_t words_begin) {
    std::ostringstream out;
    out << "    {" << quoted(row.name) << ", {" << row.module << "}, {{{" << row.required[0]
        << "}, {" << row.required[1] << "}}}, ContextMask(" << row.contexts.bits() << "U), "
        << row.arguments << ", " << (row.block ? "true" : "false") << ", Context{"
        << static_cast<unsigned>(row.opens) << "}, " << quoted(row.setter) << ", ";
    if (row.words.empty())
        out << "{}";
    else
        out << "{word_list + " << words_begin << ", " << row.words.size() << '}';
    out << ", " << quoted(row.replacement) << ", " << version_code(row.since) << ", "
        << version_code(row.removed) << "},\n";
    return out.str();
}

std::string slots_code(const std::vector<std::string>& names) {
    std::size_t size = 16;
    while (size < names.size() * 2)
        size *= 2;

    struct Slot {
        unsigned tag = 0;
        unsigned name = 0xFFFF;
    };

    std::vector<Slot> slots(size);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::uint32_t hash = name_hash(names[i]);
        std::size_t at = hash & (size - 1);
        while (slots[at].name != 0xFFFF)
            at = (at + 1) & (size - 1);
        slots[at] = {hash >> 16U, static_cast<unsigned>(i)};
    }
    std::ostringstream out;
    out << "constexpr NameSlot slot_list[] = {\n";
    for (const Slot& slot : slots)
        out << "    {" << slot.tag << ", " << slot.name << "},\n";
    out << "};\n\n";
    return out.str();
}

std::string variables_code(const std::vector<Variable>& variables) {
    std::ostringstream out;
    out << "constexpr VariableRow variable_list[] = {\n";
    for (const Variable& variable : variables)
        out << "    {" << quoted(variable.name) << ", {" << variable.module
            << "}, VariableScope::" << (variable.stream ? "stream" : "http") << ", "
            << (variable.prefix ? "true" : "false") << ", "
            << (variable.changeable ? "true" : "false") << ", "
            << (variable.unhashed ? "true" : "false") << ", " << version_code(variable.since)
            << ", " << version_code(variable.removed) << "},\n";
    out << "};\n\n";
    return out.str();
}

std::string generate(const std::vector<Module>& modules, const std::vector<Row>& rows,
                     const std::vector<Variable>& variables) {
    std::ostringstream out;
    out << "// Generated from modules.tsv, directives.tsv and variables.tsv.\n\n"
        << "#include \"config/directive_table.hpp\"\n"
        << "#include \"config/variable_table.hpp\"\n\n"
        << "namespace upstream_lint::generated {\n"
        << "namespace {\n\n"
        << "using Rule = ArgumentCounts::Rule;\n\n"
        << "constexpr std::string_view word_list[] = {\n";
    std::vector<std::size_t> words_begin;
    std::size_t words = 0;
    for (const Row& row : rows) {
        words_begin.push_back(words);
        for (const std::string& word : row.words)
            out << "    " << quoted(word) << ",\n";
        words += row.words.size();
    }
    out << "    \"\"};\n\n" // an array cannot be empty
        << "constexpr DirectiveRow row_list[] = {\n";
    for (std::size_t i = 0; i < rows.size(); ++i)
        out << row_code(rows[i], words_begin[i]);
    out << "};\n\n";

    std::vector<std::string> names;
    out << "constexpr std::uint16_t first_row_list[] = {";
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (i == 0 || rows[i].name != rows[i - 1].name) {
            out << i << ", ";
            names.push_back(rows[i].name);
        }
    out << rows.size() << "};\n\n"
        << "constexpr std::string_view name_list[] = {\n";
    for (const std::string& name : names)
        out << "    " << quoted(name) << ",\n";
    out << "};\n\n" << slots_code(names) << "constexpr ModuleRow module_list[] = {\n";
    for (const Module& module : modules)
        out << "    {" << quoted(module.name) << ", " << quoted(module.built) << ", "
            << quoted(module.object) << ", " << quoted(module.directories) << "},\n";
    out << "};\n\n"
        << variables_code(variables) << "} // namespace\n\n"
        << "constinit const std::span<const DirectiveRow> rows{row_list};\n"
        << "constinit const std::span<const std::string_view> names{name_list};\n"
        << "constinit const std::span<const std::uint16_t> first_rows{first_row_list};\n"
        << "constinit const std::span<const NameSlot> slots{slot_list};\n"
        << "constinit const std::span<const ModuleRow> modules{module_list};\n"
        << "constinit const std::span<const VariableRow> variables{variable_list};\n\n"
        << "} // namespace upstream_lint::generated\n";
    return out.str();
}

/// Exits at the first mistake in the data.
void compile_table(const std::string& modules_file, const std::string& directives_file,
                   const std::string& variables_file, const std::string& output_file) {
    const auto modules = read_modules(modules_file);
    const auto rows = read_directives(directives_file, modules);
    const auto variables = read_variables(variables_file, modules);
    std::ofstream output(output_file, std::ios::binary | std::ios::trunc);
    output << generate(modules, rows, variables);
    output.close();
    if (!output)
        fail({output_file, 1}, "cannot be written");
}

} // namespace
} // namespace upstream_lint

int main(int argc, char** argv) {
    if (argc != 5) {
        std::cerr << "usage: generate_table MODULES.tsv DIRECTIVES.tsv VARIABLES.tsv OUTPUT.cpp\n";
        return EXIT_FAILURE;
    }
    upstream_lint::compile_table(argv[1], argv[2], argv[3], argv[4]);
    return EXIT_SUCCESS;
}
