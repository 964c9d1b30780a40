#include "config/file_cache.hpp"

#include <algorithm>
#include <thread>
#include <unordered_set>
#include <utility>

namespace upstream_lint {

namespace {

// A thread costs as much as reading some of these.
constexpr std::size_t files_per_thread = 16;

/// Calls `work(i)` for every i below `count`, on up to `threads` threads.
template <typename Work> void for_each_index(std::size_t count, unsigned threads, Work work) {
    std::atomic<std::size_t> next = 0;
    const auto loop = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            work(i);
        }
    };
    const std::size_t useful = std::min<std::size_t>(threads, count / files_per_thread);
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < useful; ++i) {
        others.emplace_back(loop);
    }
    loop();
}

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

} // namespace

FileCache::FileCache(const FileSystem& files, SourceManager& sources, std::vector<SyntaxTree>& trees,
                     const LoadOptions& options, std::string conf_prefix)
    : files_(files), sources_(sources), trees_(trees), conf_prefix_(std::move(conf_prefix)),
      max_total_bytes_(options.limits.total_bytes), max_files_(options.limits.inclusions),
      threads_(options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency())) {}

bool FileCache::is_pattern(std::string_view name) {
    const auto has = [name](char c) { return name.find(c) != std::string_view::npos; };
    return has('*') || has('?') || has('[');
}

std::string FileCache::full_name(std::string_view value) const {
    const std::string_view path = value.substr(0, value.find('\0'));
    return path.starts_with('/') ? std::string(path) : conf_prefix_ + std::string(path);
}

FileCache::Parsed FileCache::read(const std::string& name) {
    auto bytes = files_.read(name);
    if (!bytes) {
        return {.bytes = {}, .tree = {}, .includes = {}, .error = bytes.error()};
    }
    const std::uint64_t size = bytes->size();
    if (total_bytes_.fetch_add(size) + size > max_total_bytes_) {
        return {.bytes = {},
                .tree = {},
                .includes = {},
                .error = Error{.code = 0,
                               .operation = "read()",
                               .object = name,
                               .reason = "the configuration's files hold more bytes than the limit"}};
    }
    SyntaxTree tree = parse(bytes->view());
    std::vector<NodeId> includes = find_includes(tree);
    return {.bytes = *bytes, .tree = std::move(tree), .includes = std::move(includes), .error = std::nullopt};
}

const CachedFile& FileCache::insert(const std::string& name, Parsed parsed) {
    auto file = std::make_unique<CachedFile>();
    file->name = name;
    if (parsed.error) {
        file->error = std::move(parsed.error);
    } else {
        file->id = sources_.add(name, files_.shown_path(name), std::move(parsed.bytes));
        file->includes = std::move(parsed.includes);
        trees_.push_back(std::move(parsed.tree));
    }
    return *(cached_[name] = std::move(file));
}

const CachedFile& FileCache::open(const std::string& name) {
    const auto found = cached_.find(name);
    return found != cached_.end() ? *found->second : insert(name, read(name));
}

const Result<std::vector<std::string>>& FileCache::expand(const std::string& pattern) {
    auto& result = expanded_[pattern];
    if (!result) {
        result = std::make_unique<Result<std::vector<std::string>>>(glob(files_, pattern));
    }
    return *result;
}

void FileCache::collect(const CachedFile& file, std::vector<std::string>& names) {
    if (file.id.is_none()) {
        return;
    }
    const SyntaxTree& tree = trees_[file.id.value];
    for (const NodeId include : file.includes) {
        const std::string name = full_name(tree.value(tree.words(include)[1]));
        if (!is_pattern(name)) {
            names.push_back(name);
        } else if (const auto& matches = expand(name)) {
            names.insert(names.end(), matches->begin(), matches->end());
        }
    }
}

void FileCache::prefetch(const std::string& main_file) {
    std::unordered_set<std::string> seen{main_file};
    std::vector<const CachedFile*> wave{&open(main_file)};
    while (!wave.empty() && cached_.size() < max_files_) {
        std::vector<std::string> names;
        for (const CachedFile* file : wave) {
            collect(*file, names);
        }
        std::erase_if(names, [&seen](const std::string& name) { return !seen.insert(name).second; });
        std::vector<Parsed> parsed(names.size());
        for_each_index(names.size(), threads_, [&](std::size_t i) { parsed[i] = read(names[i]); });
        wave.clear();
        for (std::size_t i = 0; i < names.size(); ++i) {
            wave.push_back(&insert(names[i], std::move(parsed[i])));
        }
    }
}

} // namespace upstream_lint
