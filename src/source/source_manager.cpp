#include "source/large_pages.hpp"
#include "upstream_lint/source.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

namespace upstream_lint {
namespace {

constexpr std::size_t alignment = alignof(std::max_align_t);
constexpr std::size_t smallest_block = std::size_t{1} << 16U;
constexpr std::size_t largest_block = std::size_t{1} << 22U;

std::uint32_t offset32(std::size_t offset) {
    return static_cast<std::uint32_t>(offset);
}

std::vector<std::uint32_t> find_line_starts(std::string_view bytes) {
    std::vector<std::uint32_t> starts{0};
    for (std::size_t at = bytes.find('\n'); at != std::string_view::npos;
         at = bytes.find('\n', at + 1))
        starts.push_back(offset32(at + 1));
    return starts;
}

std::string_view without_line_end(std::string_view line) {
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    else
        return line;
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

} // namespace

Bytes::Bytes(std::string text) {
    auto owner = std::make_shared<const std::string>(std::move(text));
    view_ = *owner;
    owner_ = std::move(owner);
}

Bytes::Bytes(std::shared_ptr<const char[]> data, std::size_t size) :
    owner_(std::move(data)), view_(static_cast<const char*>(owner_.get()), size) {}

std::shared_ptr<char[]> ByteStore::take(std::size_t size) {
    std::size_t begin = (used_ + alignment - 1) / alignment * alignment;
    if (begin + size > block_size_) {
        block_size_ = std::max(size, std::clamp(2 * block_size_, smallest_block, largest_block));
        block_ = allocate_for_filling(block_size_);
        begin = 0;
    }
    used_ = begin + size;
    return {block_, block_.get() + begin};
}

void ByteStore::give_back(std::size_t size) noexcept {
    used_ -= size;
}

FileId SourceManager::add(std::string name, std::string path, Bytes bytes) {
    const FileId id{offset32(files_.size())};
    File& file = files_.emplace_back();
    if (path != name)
        file.path = std::move(path);
    file.name = std::move(name);
    file.bytes = std::move(bytes);
    return id;
}

std::string_view SourceManager::text(Span span) const {
    if (span.file.is_none())
        return {};
    return bytes(span.file).substr(span.begin, span.end - span.begin);
}

LineColumn SourceManager::line_column(FileId file, std::uint32_t offset) const {
    const std::vector<std::uint32_t>& starts = line_starts(at(file));
    const auto behind = std::upper_bound(starts.begin(), starts.end(), offset);
    return {offset32(static_cast<std::size_t>(behind - starts.begin())),
            offset - *std::prev(behind) + 1};
}

std::string_view SourceManager::line_text(FileId file, std::uint32_t line) const {
    const std::vector<std::uint32_t>& starts = line_starts(at(file));
    if (line == 0 || line > starts.size())
        return {};
    const std::string_view all = bytes(file);
    const std::size_t begin = starts[line - 1];
    const std::size_t end = line < starts.size() ? starts[line] : all.size();
    return without_line_end(all.substr(begin, end - begin));
}

const std::vector<std::uint32_t>& SourceManager::line_starts(const File& file) {
    std::call_once(file.lines_once,
                   [&file] { file.line_starts = find_line_starts(file.bytes.view()); });
    return file.line_starts;
}

} // namespace upstream_lint
