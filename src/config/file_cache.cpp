#include "config/file_cache.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace upstream_lint {

namespace {

/// One in quotes is read when it is needed.
std::vector<NodeId> find_includes(const SyntaxTree& tree) {
    std::vector<NodeId> includes;
    const auto nodes = tree.nodes();
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
        const auto words = tree.words(NodeId{i});
        if (words.size() == 2 && words[0].length == 7 && tree.raw(words[0]) == "include") {
            includes.push_back(NodeId{i});
        }
    }
    return includes;
}

/// Whether nginx gives the path to glob(3).
bool is_pattern(std::string_view name) {
    return name.find_first_of("*?[") != std::string_view::npos;
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
    ahead_(other_threads(options),
           [this](CachedFile& file, ParseBuffers& buffers) { read_ahead(file, buffers); }) {}

/// A NUL byte ends it, as it ends a C string.
std::string FileCache::full_name(std::string_view value) const {
    const std::string_view path = value.substr(0, value.find('\0'));
    const std::string_view prefix = path.starts_with('/') ? std::string_view() : conf_prefix_;
    std::string name;
    name.reserve(prefix.size() + path.size());
    return name.append(prefix).append(path);
}

CachedFile::Content FileCache::read(const CachedFile& file, ParseBuffers& buffers) const {
    CachedFile::Content content;
    auto bytes =
        file.regular ? files_.read_regular(file.name, buffers.store) : files_.read(file.name);
    if (!bytes) {
        content.error = bytes.error();
        return content;
    }
    content.bytes = std::move(bytes).value();
    content.tree = parse(content.bytes.view(), buffers);
    if (ahead_.is_on()) {
        content.includes = find_includes(content.tree);
    }
    return content;
}

void FileCache::read_ahead(CachedFile& file, ParseBuffers& buffers) {
    auto named = CachedFile::State::named;
    if (bytes_ahead_ > max_total_bytes_ ||
        !file.state.compare_exchange_strong(named, CachedFile::State::taken)) {
        return;
    }
    try {
        file.content = std::make_unique<CachedFile::Content>(read(file, buffers));
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
            store(file, read(file, buffers_));
            return file;
        }
        if (state == CachedFile::State::read) {
            store(file, std::move(*std::exchange(file.content, nullptr)));
            return file;
        }
        if (!ahead_.help(buffers_)) {
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
    const SyntaxTree& tree = trees_[file.value];
    std::vector<CachedFile*> named;
    for (const NodeId include : includes) {
        const std::size_t known = expanded_.size();
        const Expansion& expansion = expand(tree, tree.words(include)[1], true);
        if (expanded_.size() != known) {
            named.insert(named.end(), expansion.files.begin(), expansion.files.end());
        }
    }
    ahead_.queue(named);
}

CachedFile& FileCache::file(std::string name, std::optional<FileKind> kind) {
    const auto [entry, is_new] = cached_.try_emplace(std::move(name));
    if (is_new) {
        entry->second.name = entry->first;
        entry->second.regular = kind == FileKind::regular;
    }
    return entry->second;
}

const Expansion& FileCache::expand(const SyntaxTree& tree, Word value, bool patterns) {
    Expansions& expanded = patterns ? expanded_ : expanded_without_patterns_;
    const std::string_view text = tree.unquoted(value);
    if (const auto known = expanded.find(text); known != expanded.end()) {
        return known->second;
    }
    Expansion& expansion = expanded[std::string(text)];
    std::string name = full_name(tree.value(value));
    if (patterns && is_pattern(name)) {
        expansion = matches(name);
    } else {
        expansion.files.push_back(&file(std::move(name)));
    }
    return expansion;
}

Expansion FileCache::matches(const std::string& pattern) {
    auto entries = glob_entries(files_, pattern);
    if (!entries) {
        return {.files = {}, .error = entries.error()};
    }
    Expansion expansion;
    expansion.files.reserve(entries->size());
    cached_.reserve(cached_.size() + entries->size());
    for (auto& [path, kind] : std::move(entries).value()) {
        expansion.files.push_back(&file(std::move(path), kind));
    }
    return expansion;
}

} // namespace upstream_lint
