#include "config/file_cache.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace upstream_lint {

namespace {

std::vector<NodeId> find_includes(const SyntaxTree& tree) {
    std::vector<NodeId> includes;
    const auto nodes = tree.nodes();
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
        const auto words = tree.words(NodeId{i});
        if (words.size() == 2 && tree.unquoted(words[0]) == "include") {
            includes.push_back(NodeId{i});
        }
    }
    return includes;
}

/// Besides the thread that opens the files.
unsigned other_threads(const LoadOptions& options) {
    const unsigned threads =
        options.threads != 0 ? options.threads : std::thread::hardware_concurrency();
    return std::max(1U, threads) - 1;
}

} // namespace

FileCache::FileCache(const FileSystem& files, SourceManager& sources,
                     std::vector<SyntaxTree>& trees, const LoadOptions& options,
                     std::string conf_prefix) :
    files_(files),
    sources_(sources), trees_(trees), conf_prefix_(std::move(conf_prefix)),
    max_total_bytes_(options.limits.total_bytes),
    ahead_(other_threads(options), [this](CachedFile& file) { read_ahead(file); }) {}

bool FileCache::is_pattern(std::string_view name) {
    const auto has = [name](char c) { return name.find(c) != std::string_view::npos; };
    return has('*') || has('?') || has('[');
}

std::string FileCache::full_name(std::string_view value) const {
    const std::string_view path = value.substr(0, value.find('\0'));
    std::string name(path.starts_with('/') ? std::string_view() : conf_prefix_);
    return name.append(path);
}

CachedFile::Content FileCache::read(const CachedFile& file) const {
    CachedFile::Content content;
    auto bytes = file.regular ? files_.read_regular(file.name) : files_.read(file.name);
    if (!bytes) {
        content.error = bytes.error();
        return content;
    }
    content.bytes = std::move(bytes).value();
    content.tree = parse(content.bytes.view());
    if (ahead_.is_on()) {
        content.includes = find_includes(content.tree);
    }
    return content;
}

void FileCache::read_ahead(CachedFile& file) {
    auto named = CachedFile::State::named;
    if (bytes_ahead_ > max_total_bytes_ ||
        !file.state.compare_exchange_strong(named, CachedFile::State::taken)) {
        return;
    }
    try {
        file.content = std::make_unique<CachedFile::Content>(read(file));
        bytes_ahead_ += file.content->bytes.size();
        file.state = CachedFile::State::read;
    } catch (const std::bad_alloc&) {
        file.state = CachedFile::State::named; // whoever opens the file has to deal with it
    }
    file.state.notify_one();
}

const CachedFile& FileCache::open(CachedFile& file) {
    if (std::exchange(file.opened, true)) {
        return file;
    }
    for (;;) {
        auto state = CachedFile::State::named;
        if (file.state.compare_exchange_strong(state, CachedFile::State::taken)) {
            store(file, read(file));
            return file;
        }
        if (state == CachedFile::State::read) {
            store(file, std::move(*file.content));
            file.content.reset();
            return file;
        }
        if (!ahead_.help()) {
            file.state.wait(CachedFile::State::taken);
        }
    }
}

void FileCache::store(CachedFile& file, CachedFile::Content content) {
    opened_bytes_ += content.bytes.size();
    if (content.error) {
        file.error = std::make_unique<const Error>(*std::move(content.error));
        return;
    }
    if (opened_bytes_ > max_total_bytes_) {
        file.error = std::make_unique<const Error>(
            Error{.code = 0,
                  .operation = "read()",
                  .object = std::string(file.name),
                  .reason = "the configuration's files hold more bytes than the limit"});
        return;
    }
    file.id = sources_.add(std::string(file.name), files_.shown_path(file.name),
                           std::move(content.bytes));
    trees_.push_back(std::move(content.tree));
    queue_includes(file.id, content.includes);
}

void FileCache::queue_includes(FileId file, const std::vector<NodeId>& includes) {
    std::vector<CachedFile*> named;
    for (const NodeId include : includes) {
        const SyntaxTree& tree = trees_[file.value];
        std::string name = full_name(tree.value(tree.words(include)[1]));
        if (is_pattern(name)) {
            (void)expand(name);
            continue;
        }
        const std::size_t known = cached_.size();
        CachedFile& included = this->file(std::move(name));
        if (cached_.size() != known) {
            named.push_back(&included);
        }
    }
    ahead_.queue(named);
}

CachedFile& FileCache::file(std::string name) {
    const auto [entry, is_new] = cached_.try_emplace(std::move(name));
    if (is_new) {
        entry->second.name = entry->first;
    }
    return entry->second;
}

const Expansion& FileCache::expand(const std::string& pattern) {
    const auto [entry, is_new] = expanded_.try_emplace(pattern);
    Expansion& expansion = entry->second;
    if (!is_new) {
        return expansion;
    }
    auto matches = glob_entries(files_, pattern);
    if (!matches) {
        expansion.error = matches.error();
        return expansion;
    }
    expansion.files.reserve(matches->size());
    for (auto& [path, kind] : std::move(matches).value()) {
        const std::size_t known = cached_.size();
        CachedFile& match = file(std::move(path));
        if (cached_.size() != known) {
            match.regular = kind == FileKind::regular;
        }
        expansion.files.push_back(&match);
    }
    ahead_.queue(expansion.files);
    return expansion;
}

} // namespace upstream_lint
