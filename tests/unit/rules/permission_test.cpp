#include "rules/permission.hpp"
#include "support/random_choice.hpp"
#include "support/temporary_folder.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <doctest/doctest.h>
#include <fstream>
#include <grp.h>
#include <random>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <vector>

namespace upstream_lint::test {

namespace {

std::uint8_t permissions(RandomChoice& random) {
    return static_cast<std::uint8_t>(random.below(8));
}

constexpr std::array<std::uint32_t, 3> uids = {50001, 50002, 50003};
constexpr std::array<std::uint32_t, 3> gids = {60001, 60002, 60003};

Credentials credentials(RandomChoice& random) {
    Credentials process{.uid = random.pick(uids), .gid = random.pick(gids)};
    for (const std::uint32_t gid : gids) {
        if (random.chance(33)) {
            process.groups.push_back(gid);
        }
    }
    return process;
}

/// In the order that Linux wants: by tag, then by number.
std::vector<AclEntry> access_control_list(RandomChoice& random) {
    using Tag = AclEntry::Tag;
    std::vector<AclEntry> list{{.tag = Tag::user_owner, .permissions = permissions(random)}};
    for (const std::uint32_t uid : uids) {
        if (random.chance(50)) {
            list.push_back({.tag = Tag::user, .id = uid, .permissions = permissions(random)});
        }
    }
    list.push_back({.tag = Tag::group_owner, .permissions = permissions(random)});
    for (const std::uint32_t gid : gids) {
        if (random.chance(50)) {
            list.push_back({.tag = Tag::group, .id = gid, .permissions = permissions(random)});
        }
    }
    list.push_back({.tag = Tag::mask, .permissions = permissions(random)});
    list.push_back({.tag = Tag::other, .permissions = permissions(random)});
    return list;
}

std::uint16_t tag_of(AclEntry::Tag tag) {
    constexpr std::array<std::uint16_t, 6> tags = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20};
    return tags.at(static_cast<std::size_t>(tag));
}

/// linux/posix_acl_xattr.h
bool set_list(const std::string& path, const std::vector<AclEntry>& list) {
    std::string bytes("\2\0\0\0", 4);
    for (const AclEntry& entry : list) {
        const bool has_id = entry.tag == AclEntry::Tag::user || entry.tag == AclEntry::Tag::group;
        const std::uint16_t tag = tag_of(entry.tag);
        const std::uint16_t permissions = entry.permissions;
        const std::uint32_t id = has_id ? entry.id : 0xffffffffU;
        bytes.append(reinterpret_cast<const char*>(&tag), sizeof tag);
        bytes.append(reinterpret_cast<const char*>(&permissions), sizeof permissions);
        bytes.append(reinterpret_cast<const char*>(&id), sizeof id);
    }
    return setxattr(path.c_str(), "system.posix_acl_access", bytes.data(), bytes.size(), 0) == 0;
}

/// What Linux says, in a process with those credentials.
bool is_allowed(const Credentials& process, const std::string& path, int wanted) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const std::vector<gid_t> groups(process.groups.begin(), process.groups.end());
        const bool is_changed = setgroups(groups.size(), groups.data()) == 0 &&
                                setresgid(process.gid, process.gid, process.gid) == 0 &&
                                setresuid(process.uid, process.uid, process.uid) == 0;
        _exit(!is_changed ? 2 : access(path.c_str(), wanted) == 0 ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    REQUIRE(WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status) == 0;
}

PathComponent component(const std::string& path, std::vector<AclEntry> list) {
    struct stat status {};

    REQUIRE(lstat(path.c_str(), &status) == 0);
    PathComponent file;
    file.path = path;
    file.type =
        S_ISDIR(status.st_mode) ? PathComponent::Type::directory : PathComponent::Type::regular;
    file.mode = status.st_mode & 07777U;
    file.uid = status.st_uid;
    file.gid = status.st_gid;
    file.acl_status = list.empty() ? ReadStatus::absent : ReadStatus::ok;
    file.acl = std::move(list);
    return file;
}

/// Compares what is said with what Linux says of one file that changes; returns how often both
/// allowed it.
int compare(RandomChoice& random, const std::string& path, Access wanted, bool with_lists,
            int rounds) {
    int allowed = 0;
    for (int round = 0; round < rounds; ++round) {
        REQUIRE(chown(path.c_str(), random.pick(uids), random.pick(gids)) == 0);
        REQUIRE(chmod(path.c_str(), static_cast<mode_t>(random.below(0777 + 1))) == 0);
        std::vector<AclEntry> list;
        if (with_lists) {
            list = access_control_list(random);
            REQUIRE(set_list(path, list));
        }
        const PathComponent file = component(path, std::move(list));
        const Credentials process = credentials(random);
        CAPTURE(round);
        CAPTURE(file.mode);
        const bool expected = is_allowed(process, path, wanted == Access::search ? X_OK : W_OK);
        CHECK(permission_of(process, file, wanted) ==
              (expected ? Permission::allowed : Permission::denied));
        allowed += expected ? 1 : 0;

        PathComponent unread = file;
        unread.acl.clear();
        unread.acl_status = ReadStatus::denied;
        const Permission careful = permission_of(process, unread, wanted);
        CHECK((careful == Permission::unknown ||
               careful == (expected ? Permission::allowed : Permission::denied)));
    }
    return allowed;
}

bool is_root() {
    return geteuid() == 0;
}

} // namespace

TEST_CASE("permissions are those that Linux gives") {
    if (!is_root()) {
        MESSAGE("skipped: only root can be others");
        return;
    }
    const TemporaryFolder folder;
    REQUIRE(chmod(folder.path().c_str(), 0755) == 0);
    const std::string file = folder.at("file");
    const std::string inner = folder.at("folder");
    std::ofstream(file) << "text";
    REQUIRE(mkdir(inner.c_str(), 0755) == 0);
    const std::uint64_t seed = setting("UPSTREAM_LINT_SEED", std::random_device()());
    MESSAGE("seed ", seed);
    RandomChoice random(seed);
    constexpr int rounds = 300;
    const int by_mode = compare(random, file, Access::write, false, rounds) +
                        compare(random, inner, Access::search, false, rounds);
    CHECK(by_mode > rounds / 4);
    CHECK(by_mode < 2 * rounds - rounds / 4);
    if (!set_list(file, access_control_list(random))) {
        MESSAGE("skipped: no access control lists in the folder for temporary files");
        return;
    }
    const int by_list = compare(random, file, Access::write, true, rounds) +
                        compare(random, inner, Access::search, true, rounds);
    CHECK(by_list > rounds / 8);
    CHECK(by_list < 2 * rounds - rounds / 8);
}

TEST_CASE("capabilities override permissions") {
    constexpr std::uint64_t dac_override = 1U << 1U;
    constexpr std::uint64_t dac_read_search = 1U << 2U;
    PathComponent socket;
    socket.type = PathComponent::Type::socket;
    socket.acl_status = ReadStatus::absent;
    PathComponent folder = socket;
    folder.type = PathComponent::Type::directory;
    const Credentials none{.uid = 7, .gid = 7};
    const Credentials all{.uid = 7, .gid = 7, .capabilities = dac_override};
    const Credentials reading{.uid = 7, .gid = 7, .capabilities = dac_read_search};
    CHECK(permission_of(none, socket, Access::write) == Permission::denied);
    CHECK(permission_of(all, socket, Access::write) == Permission::allowed);
    CHECK(permission_of(reading, socket, Access::write) == Permission::denied);
    CHECK(permission_of(reading, folder, Access::search) == Permission::allowed);
    CHECK(permission_of(all, folder, Access::search) == Permission::allowed);
}

} // namespace upstream_lint::test
