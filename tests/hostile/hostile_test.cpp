#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <doctest/doctest.h>
#include <filesystem>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace upstream_lint {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using testing::ProcessResult;

constexpr int killed = 128;

constexpr std::size_t mib = std::size_t{1} << 20U;

class Site {
public:
    void write(const std::string& name, const std::string& text) const {
        folder_.write(name, text);
    }

    void write_main(const std::string& text) const { folder_.write("nginx.conf", text); }

    [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

    /// The command on the main file, with as much memory as docs/limits.md says that it takes.
    [[nodiscard]] ProcessResult run(const std::string& command,
                                    const std::vector<std::string>& options = {}) const {
        const std::uint64_t size = fs::file_size(folder_.at("nginx.conf"));
        const std::uint64_t kilobytes = (256 * mib + 24 * size) / 1024;
        std::vector<std::string> words{"/bin/sh",
                                       "-c",
                                       "ulimit -v \"$0\" && exec \"$@\"",
                                       std::to_string(kilobytes),
                                       UPSTREAM_LINT_COMMAND,
                                       command,
                                       folder_.at("nginx.conf")};
        words.insert(words.end(), options.begin(), options.end());
        ProcessResult result = testing::run_process(words);
        CAPTURE(result.err.substr(0, 1000));
        CHECK(result.status < killed);
        return result;
    }

private:
    TemporaryFolder folder_;
};

std::string repeated(std::string_view text, std::size_t count) {
    std::string result;
    result.reserve(text.size() * count);
    for (std::size_t i = 0; i < count; ++i)
        result += text;
    return result;
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a million nested blocks") {
    const Site site;
    site.write_main("events { }\nhttp {" + repeated("if {", 1'000'000));
    const ProcessResult first = site.run("test");
    CHECK(first.status == 1);
    CHECK(contains(first.err, "[emerg] \"if\" directive is not allowed here in "));
    const ProcessResult all = site.run("test", {"--all"});
    CHECK(all.status == 1);
    CHECK(contains(all.out, "is not allowed here"));
}

TEST_CASE("a single line of 64 MiB") {
    struct Row {
        std::string_view what;
        std::string text;
        int status;
        std::string_view said;
    };

    const std::size_t size = 64 * mib;
    const std::vector<Row> rows{
        {"one word", std::string(size, 'a'), 1, "too long parameter \"aaaaaaaaaa...\" started in "},
        {"one quoted word", '"' + std::string(size, 'a'), 1,
         "too long parameter, probably missing terminating \"\"\" character in "},
        {"one comment", '#' + std::string(size, 'a'), 1,
         "too long parameter \"#aaaaaaaaa...\" started in "},
        {"servers",
         "events { } http {" + repeated("server { listen 80; root /srv; } ", size / 33) + '}', 0,
         ""},
        {"empty statements", "events { }" + std::string(size, ';'), 1, "unexpected \";\" in "},
        {"closing braces", "events { }" + std::string(size, '}'), 1, "unexpected \"}\" in "},
        {"blanks", "events { }" + std::string(size, ' '), 0, ""},
        {"NUL bytes", std::string(size, '\0'), 1, "too long parameter "},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        const Site site;
        site.write_main(row.text);
        for (const std::vector<std::string>& options : {std::vector<std::string>{}, {"--all"}}) {
            const ProcessResult result = site.run("test", options);
            CHECK(result.status == row.status);
            CHECK(result.out.size() < 16 * mib);
            if (options.empty())
                CHECK(contains(result.err, row.said));
        }
    }
}

TEST_CASE("ten thousand included files") {
    const Site site;
    std::string by_name;
    for (int i = 0; i < 10'000; ++i) {
        site.write("s/" + std::to_string(i), "server { listen 80; }");
        by_name += "include s/" + std::to_string(i) + ";\n";
    }
    site.write_main("events { }\nhttp { include s/*; " + by_name + "}");
    CHECK(site.run("test").status == 0);
    site.write("s/9999", "server { listn 80; }");
    CHECK(contains(site.run("test").err,
                   "unknown directive \"listn\" in " + site.folder().at("s/9999:1")));
}

TEST_CASE("includes without an end") {
    const Site site;
    site.write_main("events { }\nhttp { include *.loop; }");
    site.write("a.loop", "include b.loop;");
    site.write("b.loop", "include a.loop;");
    const ProcessResult cycle = site.run("test");
    CHECK(cycle.status == 1);
    CHECK(contains(cycle.err, "include cycle: " + site.folder().at("a.loop") + " includes "));

    site.write_main("events { }\nhttp { include 0.double; }");
    for (int i = 0; i < 60; ++i)
        site.write(std::to_string(i) + ".double",
                   repeated("include " + std::to_string(i + 1) + ".double;\n", 2));
    site.write("60.double", "");
    const ProcessResult doubling = site.run("test", {"--all"});
    CHECK(doubling.status == 3);
    CHECK(contains(doubling.out, "more than 1000000 inclusions of files"));
}

TEST_CASE("what is no file, named as one") {
    struct Row {
        std::string_view name;
        int status;
        std::string_view said;
    };

    const Site site;
    const TemporaryFolder& folder = site.folder();
    fs::create_directory(folder.at("folder"));
    REQUIRE(::mkfifo(folder.at("fifo").c_str(), 0600) == 0);
    folder.link("dangling", "nowhere");
    folder.link("loop", "loop");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string socket_path = folder.at("socket");
    REQUIRE(socket_path.size() < sizeof address.sun_path);
    std::ranges::copy(socket_path, address.sun_path);
    const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0); // NOLINT

    const std::vector<Row> rows{
        {"folder", 1, "failed (21: Is a directory)"},
        {"fifo", 3, "fifo"},
        {"dangling", 1, "failed (2: No such file or directory)"},
        {"loop", 1, "failed (40: Too many levels of symbolic links)"},
        {"socket", 1, "failed (6: No such device or address)"},
        {"/dev/null", 0, ""},
        {"/dev/zero", 0, ""},
        {"/dev/tty", 0, ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        site.write_main("events { }\ninclude " + std::string(row.name) + ";\n");
        const ProcessResult result = site.run("test");
        CHECK(result.status == row.status);
        CHECK(contains(result.err, row.said));
    }
    ::close(listener);
}

TEST_CASE("files that come and go while they are read") {
    const Site site;
    for (int i = 0; i < 200; ++i)
        site.write("s/" + std::to_string(i), "server { listen 80; }");
    site.write_main("events { }\nhttp { include s/*; }");
    std::atomic<bool> done = false;
    std::jthread mover([&] {
        for (int i = 0; !done; i = (i + 1) % 200) {
            const std::string file = site.folder().at("s/" + std::to_string(i));
            fs::rename(file, site.folder().at("away"));
            fs::rename(site.folder().at("away"), file);
        }
    });
    for (int i = 0; i < 50; ++i) {
        const ProcessResult result = site.run("test");
        const bool vanished = contains(result.err, "failed (2: No such file or directory)");
        CHECK((result.status == 0 || (result.status == 1 && vanished)));
    }
    done = true;
}

} // namespace upstream_lint
