#include "upstream_lint/file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <doctest/doctest.h>
#include <string>
#include <utility>

namespace upstream_lint {
namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

// As nginx writes it (src/core/nginx.c, main).
std::string dump_of(const Files& files) {
    std::string dump;
    for (const auto& [name, text] : files)
        dump += "# configuration file " + name + ":\n" + text + "\n";
    return dump;
}

std::string with_carriage_returns(std::string_view text) {
    std::string result;
    for (const char byte : text) {
        if (byte == '\n')
            result += '\r';
        result += byte;
    }
    return result;
}

const Files example = {
    {"/etc/nginx/nginx.conf", "events {}\nhttp { include conf.d/*.conf; }\n"},
    {"/etc/nginx/conf.d/a.conf", "no line end"},
    {"/etc/nginx/conf.d/empty.conf", ""},
    {"/etc/nginx/conf.d/z.conf", "\n\ntext\n\n"},
};

constexpr std::string_view messages =
    "nginx: [warn] conflicting server name \"x\" on 0.0.0.0:80, ignored\n"
    "2024/01/31 10:20:30 [warn] 12#12: something\n"
    "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n"
    "nginx: configuration file /etc/nginx/nginx.conf test is successful\n";

void check_files(std::string_view dump_text, const Files& expected) {
    const std::optional<NginxDump> dump = parse_nginx_dump(Bytes(std::string(dump_text)));
    REQUIRE(dump);
    CHECK(dump->main_file == expected.front().first);
    for (const auto& file : expected) {
        CAPTURE(file.first);
        const Result<Bytes> bytes = dump->files->read(file.first);
        REQUIRE(bytes);
        CHECK(bytes->view() == file.second);
        CHECK(dump->files->status(file.first, Follow::no).value() ==
              FileStatus{FileKind::regular, file.second.size()});
    }
}

struct DumpCase {
    std::string text;
    bool is_dump;
};

} // namespace

TEST_CASE("a dump is cut into the files nginx read") {
    check_files(dump_of(example), example);
    check_files(std::string(messages) + dump_of(example), example);
    check_files("\xef\xbb\xbf" + dump_of(example), example);
}

TEST_CASE("a dump that went through Windows keeps its lines") {
    Files expected;
    for (const auto& [name, text] : example)
        expected.emplace_back(name, with_carriage_returns(text));
    check_files(with_carriage_returns(std::string(messages) + dump_of(example)), expected);
}

TEST_CASE("what is a dump") {
    const DumpCase cases[] = {
        {"# configuration file /etc/nginx/nginx.conf:\n", true},
        {"# configuration file /etc/nginx/nginx.conf:", true},
        {"# configuration file ./conf/nginx.conf:\nevents {}\n", true},
        {"# configuration file nginx.conf:\nevents {}\n", true},
        {"# configuration file /a b:c:\n", true},
        {std::string(messages), false},
        {"", false},
        {"\n# configuration file /etc/nginx/nginx.conf:\n", false},
        {"events {}\n# configuration file /etc/nginx/nginx.conf:\n", false},
        {"# configuration file for the office:\n", false},
        {"# configuration file /etc/nginx/nginx.conf\n", false},
        {"# configuration file /etc/nginx/nginx.conf: \n", false},
        {"# configuration file :\n", false},
        {"#configuration file /etc/nginx/nginx.conf:\n", false},
        {" # configuration file /etc/nginx/nginx.conf:\n", false},
        {"# configuration file /" + std::string(4096, 'x') + ":\n", false},
        {std::string("# configuration file /a\0b:\n", 27), false},
    };
    for (const DumpCase& dump : cases) {
        CAPTURE(dump.text);
        CHECK(is_nginx_dump(dump.text) == dump.is_dump);
        CHECK(parse_nginx_dump(Bytes(dump.text)).has_value() == dump.is_dump);
    }
}

TEST_CASE("comments that look like headers stay comments") {
    const Files absolute = {
        {"/etc/nginx/nginx.conf", "# configuration file for x:\n"
                                  "# configuration file conf.d/x.conf:\n"
                                  "  # configuration file /etc/x:\n"
                                  "# configuration file /etc/nginx/nginx.conf:\n"},
        {"/etc/nginx/a.conf", "# configuration file /etc/nginx/nginx.conf:\n"
                              "# configuration file /etc/nginx/a.conf:\n"},
    };
    check_files(dump_of(absolute), absolute);

    const Files relative = {
        {"conf/nginx.conf", "# configuration file other/x.conf:\n"},
        {"conf/mime.types", "types {}"},
        {"/etc/absolute.conf", "x"},
    };
    check_files(dump_of(relative), relative);
}

TEST_CASE("the files of a dump are a file system") {
    Files files = example;
    files.emplace_back("/etc/nginx/sites/../conf.d/y.conf", "y");
    files.emplace_back("/etc/nginx/conf.d/../conf.d/a.conf", "the same path through a link");
    const std::optional<NginxDump> dump = parse_nginx_dump(Bytes(dump_of(files)));
    REQUIRE(dump);
    const FileSystem& view = *dump->files;

    CHECK(*glob(view, "/etc/nginx/conf.d/*.conf") ==
          std::vector<std::string>{"/etc/nginx/conf.d/a.conf", "/etc/nginx/conf.d/empty.conf",
                                   "/etc/nginx/conf.d/y.conf", "/etc/nginx/conf.d/z.conf"});
    CHECK(view.read("/etc/nginx/conf.d/a.conf")->view() == "no line end");
    CHECK(view.read("/etc/nginx//conf.d/./a.conf")->view() == "no line end");
    CHECK(view.read("/etc/nginx/conf.d/../conf.d/a.conf")->view() ==
          "the same path through a link");
    CHECK(view.read("/etc/nginx/conf.d/y.conf")->view() == "y");
    CHECK(view.read("/etc/nginx/gone").error().code == ENOENT);
    CHECK(view.read("/etc/nginx").error().code == EISDIR);
    CHECK(view.list("/etc").value() == std::vector<DirectoryEntry>{{"nginx"}});
    CHECK(view.list("/").value() == std::vector<DirectoryEntry>{{"etc"}});
    CHECK(view.list("/etc/nginx/nginx.conf").error().code == ENOTDIR);
    CHECK(view.list("/usr").error().code == ENOENT);
    CHECK(view.status("/etc/nginx", Follow::yes)->kind == FileKind::directory);
    CHECK(view.readlink("/etc/nginx/nginx.conf").error().code == EINVAL);
    CHECK(view.readlink("/etc/nginx/gone").error().code == ENOENT);
}

TEST_CASE("a dump's files view into its bytes and keep them alive") {
    Bytes file;
    const char* begin = nullptr;
    {
        const Bytes bytes(dump_of(example));
        begin = bytes.view().data();
        file = parse_nginx_dump(bytes)->files->read("/etc/nginx/nginx.conf").value();
    }
    CHECK(file.view().data() ==
          begin + std::string_view("# configuration file /etc/nginx/nginx.conf:\n").size());
    CHECK(file.view() == example.front().second);
}

} // namespace upstream_lint
