#include "unit/source/listing.hpp"
#include "upstream_lint/file_system.hpp"

#include <cerrno>
#include <doctest/doctest.h>

namespace upstream_lint {
namespace {

using test::listing;

MemoryFileSystem example_files() {
    MemoryFileSystem files;
    files.add("/etc/nginx/nginx.conf", "events {}");
    files.add("/etc/nginx/conf.d/a.conf", "a");
    files.add("/etc/nginx/conf.d-old/b.conf", "b");
    files.add_directory("/etc/nginx/empty");
    files.add_symlink("/etc/nginx/link", "conf.d");
    files.add_symlink("/etc/nginx/conf.d/gone.conf", "nowhere");
    files.add_symlink("/loop", "/loop");
    files.add_special("/dev/null", FileKind::character_device);
    files.add_special("/dev/sda", FileKind::block_device);
    files.add_special("/run/fifo", FileKind::fifo);
    files.add_special("/run/socket", FileKind::socket);
    files.add_unreadable("/etc/nginx/secret.conf", EACCES);
    return files;
}

struct ReadCase {
    std::string_view path;
    int code;
    std::string_view text; // or the operation that failed
};

} // namespace

TEST_CASE("memory: what can be read") {
    const MemoryFileSystem files = example_files();
    const ReadCase cases[] = {
        {"/etc/nginx/nginx.conf", 0, "events {}"},
        {"//etc/./nginx/../nginx//nginx.conf", 0, "events {}"},
        {"etc/nginx/nginx.conf", 0, "events {}"},
        {"/../etc/nginx/nginx.conf", 0, "events {}"},
        {"/etc/nginx/link/a.conf", 0, "a"},
        {"/etc/nginx/link/../conf.d-old/b.conf", 0, "b"},
        {std::string_view("/etc/nginx/nginx.conf\0x", 23), 0, "events {}"},
        {"/dev/null", 0, ""},
        {"/dev/sda", 0, ""},
        {"/etc/nginx", EISDIR, "pread()"},
        {"/", EISDIR, "pread()"},
        {"/etc/nginx/empty", EISDIR, "pread()"},
        {"/etc/nginx/nginx.conf/", ENOTDIR, "open()"},
        {"/etc/nginx/nginx.conf/x", ENOTDIR, "open()"},
        {"/etc/nginx/nginx.conf/..", ENOTDIR, "open()"},
        {"/etc/nginx/gone", ENOENT, "open()"},
        {"/etc/nginx/gone/../nginx.conf", ENOENT, "open()"},
        {"/etc/nginx/conf.d/gone.conf", ENOENT, "open()"},
        {"/loop", ELOOP, "open()"},
        {"/run/socket", ENXIO, "open()"},
        {"/etc/nginx/secret.conf", EACCES, "open()"},
        {"", ENOENT, "open()"},
    };
    for (const ReadCase& read : cases) {
        const Result<Bytes> bytes = files.read(read.path);
        CAPTURE(read.path);
        REQUIRE(bytes.has_value() == (read.code == 0));
        if (bytes) {
            CHECK(bytes->view() == read.text);
            continue;
        }
        CHECK(bytes.error().code == read.code);
        CHECK(bytes.error().operation == read.text);
        CHECK(bytes.error().object == read.path);
    }
}

TEST_CASE("memory: a named pipe is refused") {
    const MemoryFileSystem files = example_files();
    const Result<Bytes> bytes = files.read("/run/fifo");
    REQUIRE_FALSE(bytes);
    CHECK(bytes.error().code == 0);
    CHECK(bytes.error().reason.find("named pipe") != std::string::npos);
}

TEST_CASE("memory: what names are") {
    const MemoryFileSystem files = example_files();
    CHECK(files.status("/etc/nginx/nginx.conf", Follow::yes).value() ==
          FileStatus{FileKind::regular, 9});
    CHECK(files.status("/etc/nginx/link", Follow::no)->kind == FileKind::symlink);
    CHECK(files.status("/etc/nginx/link", Follow::yes)->kind == FileKind::directory);
    CHECK(files.status("/etc/nginx/link/", Follow::no)->kind == FileKind::directory);
    CHECK(files.status("/etc", Follow::no)->kind == FileKind::directory);
    CHECK(files.status("/", Follow::no)->kind == FileKind::directory);
    CHECK(files.status("/run/fifo", Follow::no)->kind == FileKind::fifo);
    CHECK(files.status("/et", Follow::no).error().code == ENOENT);
    CHECK(files.readlink("/etc/nginx/link").value() == "conf.d");
    CHECK(files.readlink("/etc/nginx").error().code == EINVAL);
    CHECK(files.readlink("/etc/nginx/nginx.conf").error().code == EINVAL);
    CHECK(files.shown_path("/etc/nginx") == "/etc/nginx");
}

TEST_CASE("memory: folders list their own names") {
    const MemoryFileSystem files = example_files();
    CHECK(listing(files, "/") == "dev etc loop run ");
    CHECK(listing(files, "/etc/nginx") == "conf.d conf.d-old empty link nginx.conf secret.conf ");
    CHECK(listing(files, "/etc/nginx/link/") == "a.conf gone.conf ");
    CHECK(listing(files, "/etc/nginx/empty") == "");
    CHECK(listing(files, "/etc/nginx/nginx.conf") == "Not a directory");
    CHECK(listing(files, "/etc/apache") == "No such file or directory");
}

TEST_CASE("memory: later entries replace earlier ones") {
    MemoryFileSystem files;
    files.add("/a", "file");
    files.add("/a/b", "below");
    CHECK(files.read("/a/b")->view() == "below");
    CHECK(files.status("/a", Follow::no)->kind == FileKind::directory);
    files.add("/a", "file again");
    CHECK(files.read("/a")->view() == "file again");
    CHECK(files.read("/a/b").error().code == ENOTDIR);
    files.add("/a", "third");
    CHECK(files.read("/a")->view() == "third");

    files.add_symlink("/link", "/folder");
    files.add("/link/x", "through");
    CHECK(files.read("/folder/x")->view() == "through");
    files.add("/link", "no link");
    CHECK(files.read("/link")->view() == "no link");
    files.add("/", "ignored");
    CHECK(files.status("/", Follow::no)->kind == FileKind::directory);
}

} // namespace upstream_lint
