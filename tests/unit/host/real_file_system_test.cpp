#include "support/temporary_folder.hpp"
#include "upstream_lint/host.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace upstream_lint::test {
namespace {

void make_socket(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::close(fd);
}

Error failure(const Result<Bytes>& bytes) {
    return bytes ? Error{} : bytes.error();
}

void write_all(int fd, std::string text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        REQUIRE(written > 0);
        text.erase(0, static_cast<std::size_t>(written));
    }
}

} // namespace

TEST_CASE("disk: what can be read") {
    const TemporaryFolder folder;
    const auto files = real_file_system();
    const std::string large(3'000'000, 'x');
    folder.write("nginx.conf", "events {}");
    folder.write("empty", "");
    folder.write("large", large);
    folder.link("link", "nginx.conf");
    folder.link("gone", "nowhere");
    folder.link("loop", "loop");

    CHECK(files->read(folder.at("nginx.conf"))->view() == "events {}");
    CHECK(files->read(folder.at("link"))->view() == "events {}");
    CHECK(files->read(folder.at("empty"))->view().empty());
    CHECK(files->read(folder.at("large"))->view() == large);
    CHECK(files->read(folder.at("nginx.conf") + std::string("\0x", 2))->view() == "events {}");
    CHECK(files->read("/dev/null")->view().empty());
    CHECK(files->read("/dev/zero")->view().empty());
    // nginx goes by st_size, which is 0 for what the kernel writes as it is read.
    CHECK(files->read("/proc/self/status")->view().empty());

    CHECK(failure(files->read(folder.at("gone"))) ==
          system_error(ENOENT, "open()", folder.at("gone")));
    CHECK(failure(files->read(folder.at("loop"))).code == ELOOP);
    CHECK(failure(files->read(folder.at("nginx.conf/"))).code == ENOTDIR);
    CHECK(failure(files->read(folder.at("nginx.conf/x"))).code == ENOTDIR);
    CHECK(failure(files->read("/" + std::string(5000, 'x'))).code == ENAMETOOLONG);
    CHECK(failure(files->read("")).code == ENOENT);
}

TEST_CASE("disk: a folder reads as nginx reads it") {
    const TemporaryFolder folder;
    const auto files = real_file_system();
    const std::uint64_t size = files->status(folder.path(), Follow::yes)->size;
    const Result<Bytes> bytes = files->read(folder.path());
    if (size == 0)
        CHECK(bytes->view().empty());
    else
        CHECK(failure(bytes) == system_error(EISDIR, "pread()", folder.path()));
}

TEST_CASE("disk: pipes and sockets are left alone") {
    const TemporaryFolder folder;
    const auto files = real_file_system();
    const std::string fifo = folder.at("fifo");
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    const Result<Bytes> refused = files->read(fifo);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == 0);
    CHECK(refused.error().reason.find("named pipe") != std::string::npos);
    // No reader has come that a writer could have met.
    CHECK(::open(fifo.c_str(), O_WRONLY | O_NONBLOCK) == -1);
    CHECK(errno == ENXIO);

    make_socket(folder.at("socket"));
    CHECK(failure(files->read(folder.at("socket"))) ==
          system_error(ENXIO, "open()", folder.at("socket")));

    CHECK(files->status(fifo, Follow::no)->kind == FileKind::fifo);
    CHECK(files->status(folder.at("socket"), Follow::no)->kind == FileKind::socket);
    CHECK(files->status("/dev/null", Follow::no)->kind == FileKind::character_device);
}

TEST_CASE("disk: files over the limit are refused unread") {
    const TemporaryFolder folder;
    folder.write("huge", "");
    std::filesystem::resize_file(folder.at("huge"), max_file_size + 1);
    const Error error = failure(real_file_system()->read(folder.at("huge")));
    CHECK(error.code == 0);
    CHECK(error.reason == "larger than 2 GiB");
}

TEST_CASE("disk: without permission" * doctest::skip(::geteuid() == 0)) {
    const TemporaryFolder folder;
    const auto files = real_file_system();
    folder.write("secret", "x");
    REQUIRE(::chmod(folder.at("secret").c_str(), 0) == 0);
    REQUIRE(::mkfifo(folder.at("fifo").c_str(), 0) == 0);
    CHECK(failure(files->read(folder.at("secret"))).code == EACCES);
    CHECK(failure(files->read(folder.at("fifo"))).code == EACCES);
}

TEST_CASE("disk: names, folders and links") {
    const TemporaryFolder folder;
    const auto files = real_file_system();
    folder.write("sub/a", "12345");
    folder.link("sub/link", "a");
    CHECK(files->status(folder.at("sub/a"), Follow::no).value() ==
          FileStatus{FileKind::regular, 5});
    CHECK(files->status(folder.at("sub/link"), Follow::no)->kind == FileKind::symlink);
    CHECK(files->status(folder.at("sub/link"), Follow::yes)->kind == FileKind::regular);
    CHECK(files->status(folder.at("sub"), Follow::no)->kind == FileKind::directory);
    CHECK(files->status(folder.at("gone"), Follow::no).error().code == ENOENT);

    std::vector<DirectoryEntry> entries = files->list(folder.at("sub")).value();
    std::ranges::sort(entries, {}, &DirectoryEntry::name);
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].name == "a");
    CHECK(entries[0].kind.value_or(FileKind::regular) == FileKind::regular);
    CHECK(entries[1].name == "link");
    CHECK(entries[1].kind.value_or(FileKind::symlink) == FileKind::symlink);
    ByteStore store;
    CHECK(files->read_regular(folder.at("sub/a"), store)->view() == "12345");
    CHECK(files->read_regular(folder.at("sub/gone"), store).error().code == ENOENT);
    CHECK(files->read_regular("/dev/null", store)->size() == 0);
    CHECK(files->list(folder.at("sub/a")).error().code == ENOTDIR);
    CHECK(files->list(folder.at("gone")).error() ==
          system_error(ENOENT, "opendir()", folder.at("gone")));

    CHECK(files->readlink(folder.at("sub/link")).value() == "a");
    CHECK(files->readlink(folder.at("sub/a")).error().code == EINVAL);
    CHECK(files->shown_path("/a/../b") == "/a/../b");
}

TEST_CASE("disk: a file that changes while it is read gives one of its states or a part") {
    const TemporaryFolder folder;
    const auto files = real_file_system();
    folder.write("file", "");
    const std::string path = folder.at("file");
    bool stop = false;
    std::atomic<bool> done = false;
    std::thread writer([&] {
        for (int i = 0; !done; ++i) {
            folder.write("next", std::string(i % 2 == 0 ? 10 : 200'000, 'x'));
            std::filesystem::rename(folder.at("next"), path);
            std::filesystem::resize_file(path, i % 2 == 0 ? 100'000 : 5);
        }
    });
    for (int i = 0; i < 2000 && !stop; ++i) {
        const Result<Bytes> bytes = files->read(path);
        stop = !bytes || bytes->size() > 200'000;
    }
    done = true;
    writer.join();
    CHECK_FALSE(stop);
}

TEST_CASE("streams are read to their end") {
    int ends[2] = {};
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    const std::string text(1'000'000, 'y');
    std::thread writer([&] {
        write_all(ends[1], text);
        ::close(ends[1]);
    });
    const Result<Bytes> bytes = read_stream(ends[0]);
    writer.join();
    ::close(ends[0]);
    REQUIRE(bytes);
    CHECK(bytes->view() == text);

    const int folder = ::open("/", O_RDONLY | O_DIRECTORY);
    CHECK(failure(read_stream(folder)) == system_error(EISDIR, "read()", "standard input"));
    ::close(folder);
    CHECK(failure(read_stream(-1)).code == EBADF);
    const int null = ::open("/dev/null", O_RDONLY);
    CHECK(read_stream(null)->view().empty());
    CHECK_FALSE(is_terminal(null));
    ::close(null);
}

TEST_CASE("the current directory") {
    CHECK(current_directory() == std::filesystem::current_path().string());
}

} // namespace upstream_lint::test
