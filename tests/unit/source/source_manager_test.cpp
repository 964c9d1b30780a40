#include "upstream_lint/source.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <doctest/doctest.h>
#include <initializer_list>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace upstream_lint {
namespace {

struct PlaceCase {
    std::string text;
    std::uint32_t offset;
    LineColumn expected;
};

struct LineCase {
    std::string text;
    std::uint32_t line;
    std::string_view expected;
};

} // namespace

TEST_CASE("offsets become lines and columns") {
    const PlaceCase cases[] = {
        {"", 0, {1, 1}},       {"abc", 0, {1, 1}},    {"abc", 2, {1, 3}},
        {"abc", 3, {1, 4}},    {"a\nb", 1, {1, 2}},   {"a\nb", 2, {2, 1}},
        {"a\nb\n", 4, {3, 1}}, {"\n\n\n", 1, {2, 1}}, {"a\r\nb", 2, {1, 3}},
        {"a\r\nb", 3, {2, 1}}, {"a\rb", 2, {1, 3}},   {"\xc3\xa4x", 2, {1, 3}},
    };
    for (const PlaceCase& place : cases) {
        SourceManager sources;
        const FileId file = sources.add("n", "p", Bytes(place.text));
        CAPTURE(place.text);
        CAPTURE(place.offset);
        CHECK(sources.line_column(file, place.offset) == place.expected);
    }
}

TEST_CASE("lines come without their ends") {
    const LineCase cases[] = {
        {"", 1, ""},          {"abc", 1, "abc"},      {"abc\n", 1, "abc"},
        {"abc\n", 2, ""},     {"abc\n", 3, ""},       {"abc", 0, ""},
        {"a\r\nb\r", 1, "a"}, {"a\r\nb\r", 2, "b\r"}, {"a\r\r\nb", 1, "a\r"},
        {"\n\nc", 2, ""},     {"\n\nc", 3, "c"},      {"a\nb", 4000000000U, ""},
    };
    for (const LineCase& line : cases) {
        SourceManager sources;
        const FileId file = sources.add("n", "p", Bytes(line.text));
        CAPTURE(line.text);
        CAPTURE(line.line);
        CHECK(sources.line_text(file, line.line) == line.expected);
    }
}

TEST_CASE("files keep their names and bytes while others are added") {
    SourceManager sources;
    const FileId first =
        sources.add("/etc/nginx/nginx.conf", "deploy/nginx.conf", Bytes("events {}"));
    const std::string_view bytes = sources.bytes(first);
    for (int i = 0; i < 1000; ++i)
        sources.add("n", "p", Bytes("x"));
    CHECK(sources.file_count() == 1001);
    CHECK(sources.name(first) == "/etc/nginx/nginx.conf");
    CHECK(sources.path(first) == "deploy/nginx.conf");
    CHECK(sources.bytes(first).data() == bytes.data());
    CHECK(sources.text({first, 7, 9}) == "{}");
    CHECK(sources.text({first, 9, 9}) == "");
    CHECK(sources.text({}) == "");
}

TEST_CASE("bytes live as long as a copy does") {
    std::string_view view;
    Bytes kept;
    {
        const Bytes bytes(std::string(100, 'x'));
        kept = bytes;
        view = bytes.view();
    }
    CHECK(view == std::string(100, 'x'));
    CHECK(kept.view().data() == view.data());
    CHECK(Bytes().view().empty());
}

TEST_CASE("lines may be asked for from several threads") {
    SourceManager sources;
    std::string text;
    for (int i = 0; i < 100'000; ++i)
        text += "line\n";
    const FileId file = sources.add("n", "p", Bytes(text));
    std::uint32_t lines[4] = {};
    std::vector<std::thread> threads;
    for (std::uint32_t& line : lines)
        threads.emplace_back(
            [&sources, file, &line] { line = sources.line_column(file, 499'999).line; });
    for (std::thread& thread : threads)
        thread.join();
    for (const std::uint32_t line : lines)
        CHECK(line == 100'000);
}

TEST_CASE("long lines and many lines are found in linear time") {
    SourceManager sources;
    const std::size_t size = std::size_t{8} << 20U;
    const FileId one = sources.add("n", "p", Bytes(std::string(size, 'x')));
    const FileId many = sources.add("n", "p", Bytes(std::string(size, '\n')));
    CHECK(sources.line_column(one, size) == LineColumn{1, size + 1});
    CHECK(sources.line_column(many, size) == LineColumn{size + 1, 1});
}

TEST_CASE("pieces of a byte store stand apart, are aligned and outlive the store") {
    std::vector<std::pair<std::shared_ptr<char[]>, std::size_t>> pieces;
    {
        ByteStore store;
        for (const std::size_t size : std::initializer_list<std::size_t>{
                 1, 100, 40'000, 3'000'000, 9'000'000, 0, 17, 65'536}) {
            pieces.emplace_back(store.take(size), size);
            std::fill_n(pieces.back().first.get(), size, static_cast<char>(pieces.size()));
        }
        const auto whole = store.take(16);
        store.give_back(16);
        CHECK(store.take(1).get() == whole.get());
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const auto& [piece, size] = pieces[i];
        CHECK(std::count(piece.get(), piece.get() + size, static_cast<char>(i + 1)) ==
              static_cast<std::ptrdiff_t>(size));
        CHECK(reinterpret_cast<std::uintptr_t>(piece.get()) % alignof(std::max_align_t) == 0);
    }
}

} // namespace upstream_lint
