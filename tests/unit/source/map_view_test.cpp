#include "unit/source/listing.hpp"
#include "upstream_lint/file_system.hpp"

#include <cerrno>
#include <doctest/doctest.h>
#include <memory>
#include <string>

namespace upstream_lint {
namespace {

using test::listing;

std::shared_ptr<const FileSystem> checkout_files() {
    auto files = std::make_shared<MemoryFileSystem>();
    files->add("/etc/nginx/nginx.conf", "the host's");
    files->add("/etc/nginx/only-host.conf", "the host's");
    files->add("/etc/hosts", "the host's hosts");
    files->add("/checkout/deploy/nginx/nginx.conf", "main");
    files->add("/checkout/deploy/nginx/conf.d/a.conf", "a");
    files->add("/checkout/deploy/nginx/available/site", "site");
    files->add("/checkout/deploy/nginx/ssl/shadowed", "never seen");
    files->add("/checkout/secrets/cert.pem", "cert");
    files->add("/checkout/common/proxy.conf", "common");
    files->add("/checkout/mime.types", "types");
    files->add_symlink("/checkout/deploy/nginx/enabled/absolute", "/etc/nginx/available/site");
    files->add_symlink("/checkout/deploy/nginx/enabled/relative", "../available/site");
    files->add_symlink("/checkout/deploy/nginx/enabled/mapped", "../ssl/cert.pem");
    files->add_symlink("/checkout/deploy/nginx/common", "../../common");
    files->add_symlink("/checkout/deploy/nginx/hosts", "/etc/hosts");
    files->add_symlink("/checkout/current", "deploy");
    return files;
}

std::vector<PathMapping> example_mappings() {
    return {{"/etc/nginx", "/checkout/deploy/nginx"},
            {"/etc/nginx/ssl/", "/checkout/secrets"},
            {"/usr/share/nginx/mime.types", "/checkout/mime.types"}};
}

struct MapCase {
    std::string_view path;
    std::string_view text; // or the reason of the failure
    std::string_view shown;
};

} // namespace

TEST_CASE("mapped names are read from their paths") {
    const MapCase cases[] = {
        {"/etc/nginx/nginx.conf", "main", "/checkout/deploy/nginx/nginx.conf"},
        {"/etc/nginx/conf.d/../nginx.conf", "main", "/checkout/deploy/nginx/nginx.conf"},
        {"/etc/nginx/../hosts", "the host's hosts", "/etc/hosts"},
        {"/etc/nginx/only-host.conf", "No such file or directory",
         "/checkout/deploy/nginx/only-host.conf"},
        {"/etc/nginx/ssl/cert.pem", "cert", "/checkout/secrets/cert.pem"},
        {"/etc/nginx/ssl/shadowed", "No such file or directory", "/checkout/secrets/shadowed"},
        {"/etc/nginx/enabled/absolute", "site", "/checkout/deploy/nginx/available/site"},
        {"/etc/nginx/enabled/relative", "site", "/checkout/deploy/nginx/available/site"},
        {"/etc/nginx/enabled/mapped", "cert", "/checkout/secrets/cert.pem"},
        {"/etc/nginx/common/proxy.conf", "common",
         "/checkout/deploy/nginx/../../common/proxy.conf"},
        {"/etc/nginx/common/../secrets/cert.pem", "cert",
         "/checkout/deploy/nginx/../../common/../secrets/cert.pem"},
        {"/etc/nginx/hosts", "the host's hosts", "/etc/hosts"},
        {"/usr/share/nginx/mime.types", "types", "/checkout/mime.types"},
        {"/usr/share/nginx/mime.types/", "Not a directory", "/checkout/mime.types"},
        {"/usr/share/nginx", "Is a directory", "/usr/share/nginx"},
        {"/etc/nginx", "Is a directory", "/checkout/deploy/nginx"},
        {"/checkout/mime.types", "types", "/checkout/mime.types"},
        {"/etc/nginxx", "No such file or directory", "/etc/nginxx"},
    };
    const auto files = map_view(checkout_files(), example_mappings());
    for (const MapCase& wanted : cases) {
        CAPTURE(wanted.path);
        const Result<Bytes> bytes = files->read(wanted.path);
        CHECK((bytes ? bytes->view() : bytes.error().reason) == wanted.text);
        CHECK(files->shown_path(wanted.path) == wanted.shown);
        if (!bytes)
            CHECK(bytes.error().object == wanted.path);
    }
}

TEST_CASE("folders that only mappings make are listed") {
    const auto files = map_view(checkout_files(), example_mappings());
    CHECK(listing(*files, "/") == "checkout etc usr ");
    CHECK(listing(*files, "/usr") == "share ");
    CHECK(listing(*files, "/usr/share/nginx/") == "mime.types ");
    CHECK(listing(*files, "/etc/nginx") == "available common conf.d enabled hosts nginx.conf ssl ");
    CHECK(listing(*files, "/etc/nginx/ssl") == "cert.pem ");
    CHECK(listing(*files, "/etc/nginx/common") == "proxy.conf ");
    CHECK(listing(*files, "/usr/lib") == "No such file or directory");
    CHECK(files->status("/usr/share", Follow::no)->kind == FileKind::directory);
    CHECK(files->status("/etc/nginx/common", Follow::no)->kind == FileKind::symlink);
    CHECK(files->readlink("/etc/nginx/common").value() == "../../common");
    CHECK(files->readlink("/usr/share").error().code == EINVAL);
}

TEST_CASE("mapped names are globbed") {
    const auto files = map_view(checkout_files(), example_mappings());
    CHECK(*glob(*files, "/etc/nginx/*/*e*") ==
          std::vector<std::string>{"/etc/nginx/available/site", "/etc/nginx/enabled/absolute",
                                   "/etc/nginx/enabled/mapped", "/etc/nginx/enabled/relative",
                                   "/etc/nginx/ssl/cert.pem"});
    CHECK(*glob(*files, "/usr/*/*/*.types") ==
          std::vector<std::string>{"/usr/share/nginx/mime.types"});
    CHECK(*glob(*files, "/etc/nginx/*.conf") == std::vector<std::string>{"/etc/nginx/nginx.conf"});
}

TEST_CASE("a mapping wins over links on the way to it and may itself lead to one") {
    auto base = std::make_shared<MemoryFileSystem>();
    base->add("/opt/nginx/conf/nginx.conf", "the host's");
    base->add("/opt/nginx/html", "html");
    base->add_symlink("/usr/local/nginx", "/opt/nginx");
    base->add("/checkout/v2/nginx.conf", "ours");
    base->add_symlink("/checkout/current", "v2");
    const auto files = map_view(base, {{"/usr/local/nginx/conf", "/checkout/current"}});
    CHECK(files->read("/usr/local/nginx/conf/nginx.conf")->view() == "ours");
    CHECK(files->read("/usr/local/nginx/html")->view() == "html");
    CHECK(files->status("/usr/local/nginx/conf", Follow::no)->kind == FileKind::directory);
    CHECK(files->status("/usr/local/nginx", Follow::no)->kind == FileKind::directory);
    CHECK(listing(*files, "/usr/local/nginx") == "conf html ");
}

TEST_CASE("mappings over roots and of the root") {
    auto base = std::make_shared<MemoryFileSystem>();
    base->add("/image/etc/nginx/nginx.conf", "image");
    base->add("/image/new/nginx.conf", "new");
    const auto in_root = map_view(root_view(base, "/image"), {{"/etc/nginx", "/new"}});
    CHECK(in_root->read("/etc/nginx/nginx.conf")->view() == "new");
    CHECK(in_root->shown_path("/etc/nginx/nginx.conf") == "/image/new/nginx.conf");

    const auto all =
        map_view(base, {{"/", "/image"}, {"/etc/nginx", "/gone"}, {"/etc/nginx", "/image/new"}});
    CHECK(all->read("/etc/nginx/nginx.conf")->view() == "new");
    CHECK(all->read("/new/nginx.conf")->view() == "new");
    CHECK(listing(*all, "/") == "etc new ");
}

TEST_CASE("mappings read backwards") {
    const std::vector<PathMapping> mappings = example_mappings();
    CHECK(mapped_name(mappings, "/checkout/deploy/nginx/nginx.conf") == "/etc/nginx/nginx.conf");
    CHECK(mapped_name(mappings, "/checkout/deploy/nginx") == "/etc/nginx");
    CHECK(mapped_name(mappings, "/checkout/deploy/./nginx//x/../y") == "/etc/nginx/y");
    CHECK(mapped_name(mappings, "/checkout/secrets/cert.pem") == "/etc/nginx/ssl/cert.pem");
    CHECK(mapped_name(mappings, "/checkout/mime.types") == "/usr/share/nginx/mime.types");
    CHECK(mapped_name(mappings, "/checkout/deploy/nginx-old/x") == "/checkout/deploy/nginx-old/x");
    CHECK(mapped_name({}, "/a/../b") == "/b");
    CHECK(mapped_name({{"/", "/image"}}, "/image/etc/x") == "/etc/x");
    CHECK(mapped_name({{"/etc", "/"}}, "/x") == "/etc/x");
}

} // namespace upstream_lint
