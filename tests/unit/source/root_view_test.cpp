#include "upstream_lint/file_system.hpp"

#include <cerrno>
#include <doctest/doctest.h>
#include <memory>
#include <string>

namespace upstream_lint {
namespace {

std::shared_ptr<const FileSystem> image_files() {
    auto files = std::make_shared<MemoryFileSystem>();
    files->add("/etc/passwd", "the host's");
    files->add("/image/etc/passwd", "the image's");
    files->add("/image/etc/nginx/sites-available/a", "a");
    files->add_symlink("/image/etc/nginx/sites-enabled/absolute", "/etc/nginx/sites-available/a");
    files->add_symlink("/image/etc/nginx/sites-enabled/relative", "../sites-available/a");
    files->add_symlink("/image/etc/nginx/out", "../../../../../etc/passwd");
    files->add_symlink("/image/etc/nginx/top", "/");
    files->add_symlink("/image/etc/nginx/host", "/image/etc/passwd");
    files->add_symlink("/link-to-image", "image");
    return files;
}

struct RootCase {
    std::string_view path;
    std::string_view text;
    std::string_view shown;
};

} // namespace

TEST_CASE("nothing leads out of a root") {
    const RootCase cases[] = {
        {"/etc/passwd", "the image's", "/etc/passwd"},
        {"/../../etc/passwd", "the image's", "/etc/passwd"},
        {"/etc/nginx/../../../../etc/passwd", "the image's", "/etc/passwd"},
        {"/etc/nginx/out", "the image's", "/etc/passwd"},
        {"/etc/nginx/top/etc/passwd", "the image's", "/etc/passwd"},
        {"/etc/nginx/top/../etc/passwd", "the image's", "/etc/passwd"},
        {"/etc/nginx/sites-enabled/absolute", "a", "/etc/nginx/sites-available/a"},
        {"/etc/nginx/sites-enabled/relative", "a", "/etc/nginx/sites-available/a"},
    };
    for (const std::string root : {"/image", "/image/", "/link-to-image", "/./image/../image//"}) {
        const auto files = root_view(image_files(), root);
        const std::string folder = root.substr(0, root.find_last_not_of('/') + 1);
        for (const RootCase& wanted : cases) {
            CAPTURE(root);
            CAPTURE(wanted.path);
            const Result<Bytes> bytes = files->read(wanted.path);
            REQUIRE(bytes);
            CHECK(bytes->view() == wanted.text);
            CHECK(files->shown_path(wanted.path) == folder + std::string(wanted.shown));
            CHECK(files->status(wanted.path, Follow::yes)->kind == FileKind::regular);
        }
    }
}

TEST_CASE("a root names what was asked for in its errors") {
    const auto files = root_view(image_files(), "/image");
    const Result<Bytes> gone = files->read("/etc/nginx/host");
    REQUIRE_FALSE(gone);
    CHECK(gone.error() == system_error(ENOENT, "open()", "/etc/nginx/host"));
    CHECK(files->read("/etc/nginx").error() == system_error(EISDIR, "pread()", "/etc/nginx"));
    CHECK(files->read("/etc/passwd/").error() == system_error(ENOTDIR, "open()", "/etc/passwd/"));
    CHECK(files->list("/gone").error() == system_error(ENOENT, "opendir()", "/gone"));
    CHECK(files->shown_path("/etc/../../gone") == "/image/gone");
}

TEST_CASE("a root is listed and globbed like a file system") {
    const auto files = root_view(image_files(), "/image");
    CHECK(*glob(*files, "/etc/nginx/*/a*") ==
          std::vector<std::string>{"/etc/nginx/sites-available/a",
                                   "/etc/nginx/sites-enabled/absolute"});
    CHECK(*glob(*files, "/../*") == std::vector<std::string>{"/../etc"});
    CHECK(files->readlink("/etc/nginx/out").value() == "../../../../../etc/passwd");
    CHECK(files->status("/etc/nginx/out", Follow::no)->kind == FileKind::symlink);
    CHECK(files->status("/", Follow::no)->kind == FileKind::directory);
    CHECK(resolve_path(*files, "/etc/nginx/top/..", Follow::yes).value() == "/");
}

TEST_CASE("the root of everything changes nothing") {
    const auto files = root_view(image_files(), "/");
    CHECK(files->read("/etc/passwd")->view() == "the host's");
    CHECK(files->shown_path("/image/etc") == "/image/etc");
    CHECK(files->list("/").value().size() == 3);
}

TEST_CASE("roots nest") {
    const auto files = root_view(root_view(image_files(), "/image"), "/etc/nginx/top/etc");
    CHECK(files->read("/passwd")->view() == "the image's");
    CHECK(files->shown_path("/passwd") == "/image/etc/passwd");
}

} // namespace upstream_lint
