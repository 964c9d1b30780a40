#include "host/path_walk.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_socket.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <random>
#include <string>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <thread>
#include <unistd.h>

namespace upstream_lint::test {

namespace {

using Type = PathComponent::Type;

bool is_root() {
    return ::geteuid() == 0;
}

// Looks as another user does, in a thread whose user alone changes (setfsuid(2)).
PathFacts read_as_nobody(const std::string& path) {
    constexpr uid_t nobody = 65534;
    PathFacts facts;
    std::thread([&] {
        ::setfsgid(nobody);
        ::setfsuid(nobody);
        facts = PathReader("").read(path);
    }).join();
    return facts;
}

std::vector<std::string> names_of(const std::vector<Sibling>& siblings) {
    std::vector<std::string> names;
    for (const Sibling& sibling : siblings)
        names.push_back(sibling.name);
    return names;
}

} // namespace

TEST_CASE("path: a socket, listening or not") {
    const TemporaryFolder folder;
    TestSocket listener(AF_UNIX, SOCK_STREAM);
    listener.bind_path(folder.at("app.sock")).listen();
    for (const bool is_stale : {false, true}) {
        if (is_stale)
            listener.close();
        const PathFacts facts = PathReader("").read(folder.at("app.sock"));
        CHECK(facts.reading.status == ReadStatus::ok);
        CHECK(facts.error.empty());
        CHECK(facts.resolved == folder.at("app.sock"));
        REQUIRE(facts.components.size() > 2);
        CHECK(facts.components.front().path == "/");
        CHECK(facts.components.front().type == Type::directory);
        const PathComponent& last = facts.components.back();
        CHECK(last.path == folder.at("app.sock"));
        CHECK(last.type == Type::socket);
        CHECK(last.uid == ::geteuid());

        struct stat status {};

        REQUIRE(::stat(folder.at("app.sock").c_str(), &status) == 0);
        CHECK(last.inode == status.st_ino);
        CHECK(last.device == status.st_dev);
        CHECK(last.mode == (status.st_mode & 07777U));
        CHECK(facts.siblings.empty());
        CHECK(facts.siblings_reading.status == ReadStatus::not_asked);
        CHECK_FALSE(facts.is_mount_point);
    }
}

TEST_CASE("path: nothing there") {
    const TemporaryFolder folder;
    TestSocket listener(AF_UNIX, SOCK_STREAM);
    listener.bind_path(folder.at("b.sock")).listen();
    folder.write("a", "");
    std::filesystem::create_directory(folder.at("c"));
    const PathFacts missing = PathReader("").read(folder.at("x.sock"));
    CHECK(missing.reading.status == ReadStatus::absent);
    CHECK(missing.error == "ENOENT");
    CHECK(missing.resolved == folder.at("x.sock"));
    CHECK(missing.components.back().path == folder.path());
    CHECK(names_of(missing.siblings) == std::vector<std::string>{"a", "b.sock", "c"});
    CHECK(missing.siblings[0].type == Type::regular);
    CHECK(missing.siblings[1].type == Type::socket);
    CHECK(missing.siblings[2].type == Type::directory);
    CHECK(missing.siblings_reading.status == ReadStatus::ok);

    const PathFacts no_folder = PathReader("").read(folder.at("no/x.sock"));
    CHECK(no_folder.error == "ENOENT");
    CHECK(no_folder.siblings_reading.status == ReadStatus::absent);
    CHECK(no_folder.components.back().path == folder.path());

    const PathFacts through_file = PathReader("").read(folder.at("a/x.sock"));
    CHECK(through_file.error == "ENOTDIR");
    CHECK(through_file.reading.status == ReadStatus::absent);
    CHECK(PathReader("").read(folder.at("b.sock/")).error == "ENOTDIR");
}

TEST_CASE("path: what is no socket") {
    const TemporaryFolder folder;
    folder.write("file", "");
    REQUIRE(::mkfifo(folder.at("fifo").c_str(), 0600) == 0);
    CHECK(PathReader("").read(folder.at("file")).components.back().type == Type::regular);
    CHECK(PathReader("").read(folder.at("fifo")).components.back().type == Type::fifo);
    CHECK(PathReader("").read("/dev/null").components.back().type == Type::device);
    const PathFacts itself = PathReader("").read(folder.path() + "//./");
    CHECK(itself.components.back().type == Type::directory);
    CHECK(itself.resolved == folder.path());
    CHECK(names_of(PathReader("").read(folder.at("file")).siblings) ==
          std::vector<std::string>{"fifo", "file"});
}

TEST_CASE("path: links") {
    const TemporaryFolder folder;
    TestSocket listener(AF_UNIX, SOCK_STREAM);
    std::filesystem::create_directories(folder.at("real/deep"));
    listener.bind_path(folder.at("real/s")).listen();
    folder.link("absolute", folder.at("real"));
    folder.link("relative", "real/deep/..");
    folder.link("dangling", "real/gone");
    folder.link("loop", "loop");
    for (const char* name : {"absolute/s", "relative/s", "real/deep/../../relative/s"}) {
        const PathFacts facts = PathReader("").read(folder.at(name));
        CHECK(facts.resolved == folder.at("real/s"));
        CHECK(facts.reading.status == ReadStatus::ok);
    }
    const PathFacts facts = PathReader("").read(folder.at("absolute/s"));
    const auto link = std::ranges::find(facts.components, Type::symlink, &PathComponent::type);
    REQUIRE(link != facts.components.end());
    CHECK(link->path == folder.at("absolute"));
    CHECK(link->link_target == folder.at("real"));

    const PathFacts dangling = PathReader("").read(folder.at("dangling"));
    CHECK(dangling.error == "ENOENT");
    CHECK(dangling.resolved == folder.at("real/gone"));
    CHECK(names_of(dangling.siblings) == std::vector<std::string>{"deep", "s"});

    const PathFacts loop = PathReader("").read(folder.at("loop"));
    CHECK(loop.error == "ELOOP");
    CHECK(loop.resolved.empty());
    CHECK(loop.reading.status == ReadStatus::absent);
}

TEST_CASE("path: what is remembered of a folder changes nothing") {
    const TemporaryFolder folder;
    TestSocket listener(AF_UNIX, SOCK_STREAM);
    std::filesystem::create_directories(folder.at("real/deep"));
    listener.bind_path(folder.at("real/s")).listen();
    folder.write("real/file", "");
    folder.write("real/deep/file", "");
    folder.link("absolute", folder.at("real"));
    folder.link("real/up", "../absolute/deep");
    folder.link("loop", "loop");
    const std::vector<std::string> names{
        "real/s",     "real/file",    "real/gone",   "real/up", "real/up/file", "real/deep",
        "real/deep/", "absolute/s",   "absolute/..", "loop/s",  "gone/s",       "real/file/s",
        "real/./s",   "real/deep/..", "loop",        "real",    "real/up/gone", "absolute/up/file"};
    PathReader reader("");
    const unsigned seed = std::random_device()();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int i = 0; i < 500; ++i) {
        const std::string path = folder.at(names[random() % names.size()]);
        CAPTURE(path);
        CHECK(reader.read(path) == PathReader("").read(path));
    }
}

TEST_CASE("path: at most 40 links, as the kernel takes") {
    const TemporaryFolder folder;
    folder.write("0", "");
    for (int i = 1; i <= 41; ++i)
        folder.link(std::to_string(i), std::to_string(i - 1));
    for (const int count : {40, 41}) {
        struct stat status {};

        const std::string path = folder.at(std::to_string(count));
        const bool is_found = ::stat(path.c_str(), &status) == 0;
        CHECK(is_found == (count == 40));
        CHECK(PathReader("").read(path).reading.is_complete() == is_found);
    }
}

TEST_CASE("path: links of another root stay inside it") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder.at("root/run"));
    folder.link("root/var", "/run");
    folder.link("root/up", "../../../run");
    folder.write("root/run/s", "");
    for (const char* path : {"/run/s", "/var/s", "/up/s", "/../run/s"}) {
        const PathFacts facts = PathReader(folder.at("root")).read(path);
        CHECK(facts.resolved == "/run/s");
        CHECK(facts.path == path);
    }
}

TEST_CASE("path: relative ones and roots that are not there are not judged") {
    CHECK(PathReader("").read("run/s").reading.status == ReadStatus::unsupported);
    CHECK(PathReader("/nowhere/at/all").read("/s").reading.status == ReadStatus::unsupported);
}

TEST_CASE("path: what may not be searched" * doctest::skip(!is_root())) {
    const TemporaryFolder folder;
    REQUIRE(::chmod(folder.path().c_str(), 0755) == 0);
    std::filesystem::create_directory(folder.at("closed"));
    folder.write("closed/s", "");
    REQUIRE(::chmod(folder.at("closed").c_str(), 0700) == 0);
    const PathFacts facts = read_as_nobody(folder.at("closed/s"));
    CHECK(facts.reading.status == ReadStatus::denied);
    CHECK(facts.error == "EACCES");
    CHECK(facts.components.back().path == folder.at("closed"));
    CHECK(facts.components.back().mode == 0700);
    CHECK(PathReader("").read(folder.at("closed/s")).reading.is_complete());

    // searched, not listed
    REQUIRE(::chmod(folder.at("closed").c_str(), 0711) == 0);
    const PathFacts unlisted = read_as_nobody(folder.at("closed/x"));
    CHECK(unlisted.reading.status == ReadStatus::absent);
    CHECK(unlisted.siblings_reading.status == ReadStatus::denied);
}

TEST_CASE("path: an access control list") {
    const TemporaryFolder folder;
    folder.write("s", "");
    CHECK(PathReader("").read(folder.at("s")).components.back().acl_status == ReadStatus::absent);
    // acl(5): version 2, then tag, permissions and id of each; user 33 may write
    const unsigned char bytes[] = {2,    0, 0, 0,                         //
                                   1,    0, 6, 0, 0xff, 0xff, 0xff, 0xff, //
                                   2,    0, 2, 0, 33,   0,    0,    0,    //
                                   4,    0, 4, 0, 0xff, 0xff, 0xff, 0xff, //
                                   0x10, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, //
                                   0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};
    if (::setxattr(folder.at("s").c_str(), "system.posix_acl_access", bytes, sizeof bytes, 0) !=
        0) {
        MESSAGE("skipped: this file system has no access control lists");
        return;
    }
    const PathFacts facts = PathReader("").read(folder.at("s"));
    const PathComponent& last = facts.components.back();
    CHECK(last.acl_status == ReadStatus::ok);
    REQUIRE(last.acl.size() == 5);
    CHECK(last.acl[1] == AclEntry{AclEntry::Tag::user, 33, 2});
    CHECK(last.acl[3].tag == AclEntry::Tag::mask);
}

TEST_CASE("path: no more siblings than are kept") {
    const TemporaryFolder folder;
    for (std::size_t i = 0; i < max_siblings + 5; ++i)
        folder.write(std::to_string(10'000 + i), "");
    const PathFacts facts = PathReader("").read(folder.at("x"));
    REQUIRE(facts.siblings.size() == max_siblings);
    CHECK(facts.siblings.front().name == "10000");
    CHECK(facts.siblings_reading.status == ReadStatus::partial);
}

TEST_CASE("path: a file that is mounted over another" * doctest::skip(!is_root())) {
    const TemporaryFolder folder;
    folder.write("from", "");
    folder.write("to", "");
    if (::mount(folder.at("from").c_str(), folder.at("to").c_str(), nullptr, MS_BIND, nullptr) !=
        0) {
        MESSAGE("skipped: nothing may be mounted here");
        return;
    }
    const PathFacts facts = PathReader("").read(folder.at("to"));
    REQUIRE(::umount(folder.at("to").c_str()) == 0);
    CHECK(facts.is_mount_point);
    CHECK_FALSE(PathReader("").read(folder.at("from")).is_mount_point);
}

} // namespace upstream_lint::test
