#include "corpus_row.hpp"

#include <charconv>
#include <cstdint>
#include <map>

namespace upstream_lint::corpus {

namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0;;) {
        const std::size_t end = text.find(separator, at);
        parts.push_back(text.substr(at, end - at));
        if (end == std::string_view::npos)
            return parts;
        at = end + 1;
    }
}

/// Undoes `\\`, `\t`, `\n`, `\r` of a column.
std::string unescape(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\' || at + 1 == text.size()) {
            result += text[at];
            continue;
        }
        const char code = text[++at];
        switch (code) {
        case 't':
            result += '\t';
            break;
        case 'n':
            result += '\n';
            break;
        case 'r':
            result += '\r';
            break;
        default:
            result += code;
        }
    }
    return result;
}

/// A row by the names of its columns.
class Fields {
public:
    Fields(const std::vector<std::string_view>& names, std::string_view line) {
        const std::vector<std::string_view> values = split(line, '\t');
        for (std::size_t i = 0; i < names.size() && i < values.size(); ++i)
            values_[names[i]] = values[i];
    }

    [[nodiscard]] bool has(std::string_view name) const { return values_.count(name) > 0; }

    [[nodiscard]] std::string_view operator[](std::string_view name) const {
        const auto found = values_.find(name);
        return found == values_.end() ? std::string_view{} : found->second;
    }

private:
    std::map<std::string_view, std::string_view> values_;
};

CorpusRow row_of(const Fields& fields, std::string_view root) {
    CorpusRow row;
    row.path = fields[fields.has("seed_path") ? "seed_path" : "path"];
    row.content = fields["mutated"];
    row.wrapper = fields["wrapper"];
    row.kind = fields["class"];
    if (fields.has("pre"))
        row.pre = unescape(fields["pre"]);
    for (const std::string_view stub : split(fields["stubs"], ' '))
        if (!stub.empty())
            row.stubs.emplace_back(stub);
    if (row.kind == "ok")
        return row;
    differential::Refusal refusal;
    refusal.message = unescape(fields["message"]);
    const std::string file = unescape(fields["file"]);
    const std::string_view line = fields["line"];
    if (!file.empty()) {
        differential::Place place;
        place.file = file.front() == '/' ? file : std::string(root) + "/" + file;
        std::from_chars(line.data(), line.data() + line.size(), place.line);
        refusal.place = std::move(place);
    }
    row.refusal = std::move(refusal);
    return row;
}

} // namespace

std::vector<CorpusRow> read_rows(std::string_view table, std::string_view root) {
    std::vector<CorpusRow> rows;
    std::vector<std::string_view> names;
    for (const std::string_view line : split(table, '\n')) {
        if (line.empty())
            continue;
        if (names.empty())
            names = split(line, '\t');
        else
            rows.push_back(row_of(Fields(names, line), root));
    }
    return rows;
}

} // namespace upstream_lint::corpus
