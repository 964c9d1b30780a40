// Compares what we say of a corpus of public configurations with what nginx said.
// usage: corpus_test [CORPUS]; without it the folder named by UPSTREAM_LINT_CORPUS, else the one
// beside the source tree. Ends with 77 where there is none.

#include "builds.hpp"
#include "corpus_files.hpp"
#include "corpus_row.hpp"
#include "nginx_message.hpp"
#include "our_answer.hpp"

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace upstream_lint::corpus {

namespace {

namespace fs = std::filesystem;
using differential::Comparison;
using differential::describe;
using differential::MessageClass;
using differential::Refusal;

/// Rows of known_differences.txt: `TABLE PATH # reason` and `TABLE directive NAME # reason`.
std::set<std::string> read_known(const fs::path& path) {
    std::set<std::string> known;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
        line = line.substr(0, line.find(" #"));
        if (!line.empty() && line.front() != '#')
            known.insert(line);
    }
    return known;
}

struct Tally {
    std::size_t rows = 0;
    std::size_t equal = 0;
};

class CorpusTest {
public:
    CorpusTest(const fs::path& folder, std::set<std::string> known) :
        folder_(folder), files_(folder), known_(std::move(known)) {}

    void table(const std::string& name, const std::optional<NginxBuild>& build) {
        const std::string bytes = read_text(folder_ / name);
        if (bytes.empty()) {
            std::cout << name << ": not there\n";
            return;
        }
        if (!build) {
            std::cout << name << ": the build is not understood\n";
            ++differences_;
            return;
        }
        std::map<std::string, Tally> by_class;
        std::size_t excluded = 0;
        const std::size_t before = differences_;
        for (const CorpusRow& row : read_rows(bytes, corpus_root)) {
            // The machine, not the configuration, made nginx stop; the other kinds are no verdict.
            if (row.kind == "env" || row.kind == "crash" || row.kind == "timeout" ||
                row.kind == "harness-error") {
                ++excluded;
                continue;
            }
            check(name, row, *build, by_class);
        }
        std::cout << name << ": " << excluded << " rows of class env left out, "
                  << differences_ - before << " differences\n";
        for (const auto& [message_class, tally] : by_class)
            std::cout << "  " << message_class << ": " << tally.rows << " rows, " << tally.equal
                      << " equal\n";
    }

    [[nodiscard]] std::size_t differences() const noexcept { return differences_; }

    [[nodiscard]] std::size_t known_differences() const noexcept { return known_differences_; }

private:
    struct Judged {
        MessageClass message_class = MessageClass::value;
        std::optional<Refusal> ours;
        Comparison comparison;
    };

    [[nodiscard]] Judged judge(const CorpusRow& row, std::size_t choice,
                               const NginxBuild& build) const {
        Judged judged;
        const CorpusFiles::Case prepared = files_.prepare(row, choice);
        const OverlayFileSystem view(prepared.files, files_.files());
        judged.ours = differential::ask_library(view, prepared.main_file, build).refusal;
        if (judged.ours)
            judged.ours->message = without_root(std::move(judged.ours->message));
        if (row.refusal) {
            Bytes bytes;
            if (row.refusal->place)
                if (const Result<Bytes> read = view.read(row.refusal->place->file))
                    bytes = *read;
            judged.message_class = differential::classify(*row.refusal, bytes.view());
        }
        judged.comparison = differential::compare(row.refusal, judged.message_class, judged.ours);
        return judged;
    }

    [[nodiscard]] Judged judge(const CorpusRow& row, const NginxBuild& build) const {
        Judged first = judge(row, 0, build);
        const std::size_t choices = first.comparison.difference.empty() ? 1 : files_.choices(row);
        for (std::size_t choice = 1; choice < choices; ++choice) {
            Judged other = judge(row, choice, build);
            if (other.comparison.difference.empty())
                return other;
        }
        return first;
    }

    void check(const std::string& table, const CorpusRow& row, const NginxBuild& build,
               std::map<std::string, Tally>& by_class) {
        const auto [message_class, ours, comparison] = judge(row, build);
        Tally& tally =
            by_class[row.refusal ? std::string(message_class_name(message_class)) : "accepted"];
        ++tally.rows;
        if (comparison.equal)
            ++tally.equal;
        if (comparison.difference.empty())
            return;
        const std::string key = table + " " + (row.content.empty() ? row.path : row.content);
        if (known_.count(key) > 0 || known_.count(directive_key(table, row.refusal)) > 0) {
            std::cout << "known difference: " << key << ": " << describe(row.refusal) << '\n';
            ++known_differences_;
            return;
        }
        ++differences_;
        std::cout << "DIFFERENCE " << key << " (" << row.wrapper << "): " << comparison.difference
                  << "\n  nginx: " << describe(row.refusal) << "\n  ours:  " << describe(ours)
                  << '\n';
    }

    /// The first quoted name of nginx's message, as the file of known differences has it.
    static std::string directive_key(const std::string& table,
                                     const std::optional<Refusal>& refusal) {
        if (!refusal)
            return {};
        const std::size_t begin = refusal->message.find('"') + 1;
        const std::size_t end = refusal->message.find('"', begin);
        if (begin == 0 || end == std::string::npos)
            return {};
        return table + " directive " + refusal->message.substr(begin, end - begin);
    }

    /// The tables name files relative to the corpus.
    static std::string without_root(std::string message) {
        const std::string root = std::string(corpus_root) + "/";
        for (std::size_t at = message.find(root); at != std::string::npos;
             at = message.find(root, at))
            message.erase(at, root.size());
        return message;
    }

    fs::path folder_;
    CorpusFiles files_;
    std::set<std::string> known_;
    std::size_t differences_ = 0;
    std::size_t known_differences_ = 0;
};

int run(int count, char** words) {
    const auto folder = find_corpus(count, words);
    if (!folder) {
        std::cout
            << "skipped: no corpus of configurations is here (UPSTREAM_LINT_CORPUS names it)\n";
        return skipped;
    }
    CorpusTest test(*folder, read_known(fs::path(UPSTREAM_LINT_SOURCE_DIR) /
                                        "tests/corpus/known_differences.txt"));
    test.table("ground-truth.tsv", debian_12_build());
    test.table("ground-truth-1.30.6.tsv", debian_sid_build());
    test.table("mutations.tsv", debian_12_build());
    std::cout << "differences: " << test.differences()
              << ", known ones: " << test.known_differences() << '\n';
    return test.differences() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

} // namespace upstream_lint::corpus

int main(int count, char** words) {
    try {
        return upstream_lint::corpus::run(count, words);
    } catch (const std::exception& error) {
        std::cerr << "corpus_test: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
