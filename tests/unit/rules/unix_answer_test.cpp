#include "answers.hpp"

#include <string>
#include <vector>

namespace upstream_lint::test {

namespace {

const std::string asked_path = "/run/app/web.sock";

std::string folder(const std::string& path, const std::string& mode = "0755") {
    return R"({"path": ")" + path + R"(", "type": "dir", "mode": ")" + mode +
           R"(", "uid": 0, "gid": 0, "acl_status": "absent"})";
}

const std::string run_app = folder("/") + ", " + folder("/run") + ", " + folder("/run/app");

std::string file(const std::string& type = "socket", const std::string& mode = "0666") {
    return R"({"path": "/run/app/web.sock", "type": ")" + type + R"(", "mode": ")" + mode +
           R"(", "uid": 1001, "gid": 1001, "dev": 26, "ino": 71, "acl_status": "absent"})";
}

std::string found(const std::string& components, const std::string& more = "") {
    return R"({"mntns": "2", "path": "/run/app/web.sock", "status": "ok", "components": [)" +
           components + "]" + more + "}";
}

std::string missing(const std::string& components, const std::string& siblings = "",
                    const std::string& more = R"(, "siblings_reading": "ok")") {
    return R"({"mntns": "2", "path": "/run/app/web.sock", "status": "absent", "errno": "ENOENT",
        "components": [)" +
           components + R"(], "siblings": [)" + siblings + "]" + more + "}";
}

/// nginx, its worker as www-data, with unix sockets and one path.
std::string members(const std::string& path, const std::string& sockets = "",
                    const std::string& more = "") {
    return R"("capture": {"netns": "1", "mntns": "2", "coverage": {"namespaces": "ok"}},
        "nginx": {"instances": [{"netns": "1", "mntns": "2", "unit": "nginx.service",
            "workers": [{"uid": 33, "gid": 33, "groups": [33]}]}]},
        "netns": [{"id": "1", "readings": {"unix_sockets": "ok"}, "unix_listeners": [)" +
           sockets + R"(]}], "paths": [)" + path + "]" + more;
}

std::string listening(const std::string& path, const std::string& more = "") {
    return R"({"path": ")" + path +
           R"(", "type": "stream", "listening": true, "vfs": {"dev": 26, "ino": 71})" + more + "}";
}

std::string sibling(const std::string& name) {
    return R"({"name": ")" + name + R"(", "type": "socket"})";
}

} // namespace

TEST_CASE("sockets that are there") {
    struct Row {
        std::string what;
        std::string path;
        std::string sockets;
        std::string more;
        Said said;
    };

    const std::string here = run_app + ", " + file();
    const std::string bound = listening(asked_path);
    const std::string group = R"(, "accounts": [{"name": "www-data", "uid": 33, "gid": 33,
        "groups": [33, 1001]}])";
    const std::vector<Row> rows = {
        {"listens", found(here), bound, "", is_satisfied},
        {"listens under another name", found(here), listening("/srv/elsewhere.sock"), "",
         is_satisfied},
        {"nobody", found(here), "", "", is_violated("socket-stale-file")},
        {"nobody at a mounted file", found(here, R"(, "mount_point": true)"), "", "",
         is_violated("bind-mounted-socket-file-stale")},
        {"somebody at another file of that name", found(here),
         R"({"path": "/run/app/web.sock", "type": "stream", "listening": true,
             "vfs": {"dev": 26, "ino": 99}})",
         "", is_violated("socket-stolen-by-second-instance")},
        {"devices are numbered otherwise", found(here),
         R"({"path": "/run/app/web.sock", "type": "stream", "listening": true,
             "vfs": {"dev": 48, "ino": 71}})",
         "", is_satisfied},
        {"files are not known", found(here),
         R"({"path": "/run/app/web.sock", "type": "stream", "listening": true})", "", is_satisfied},
        {"files of others are not known", found(here),
         R"({"path": "/elsewhere", "type": "stream", "listening": true})", "", is_unknown},
        {"refused", found(here), R"({"path": "/elsewhere", "type": "stream", "listening": true})",
         R"(, "probes": [{"perspective": "1", "target": "unix:/run/app/web.sock", "status": "ok",
             "connect": {"errno": "ECONNREFUSED"}}])",
         is_violated("socket-stale-file")},
        {"connected", found(here), "",
         R"(, "probes": [{"perspective": "1", "target": "unix:/run/app/web.sock", "status": "ok",
             "connect": {"ms": 0.1}}])",
         is_satisfied},
        {"does not listen", found(here),
         R"({"path": "/run/app/web.sock", "type": "stream", "vfs": {"dev": 26, "ino": 71}})", "",
         is_violated("socket-stale-file")},
        {"datagrams", found(here),
         R"({"path": "/run/app/web.sock", "type": "datagram", "vfs": {"dev": 26, "ino": 71}})", "",
         is_violated("socket-wrong-type")},
        {"a file", found(run_app + ", " + file("regular")), "", "",
         is_violated("target-not-a-socket")},
        {"a closed folder", found(run_app + ", " + file("dir", "0700")), "", "",
         is_violated("target-not-a-socket")},
        {"nothing is known of it", found(""), "", "", is_unknown},
        {"a full queue", found(here), listening(asked_path, R"(, "queue": 6, "backlog": 5)"), "",
         is_violated("unix-backlog-full")},
        {"a queue with room", found(here), listening(asked_path, R"(, "queue": 5, "backlog": 5)"),
         "", is_satisfied},
        {"closed", found(run_app + ", " + file("socket", "0660")), bound, "",
         is_violated("socket-mode-denied")},
        {"closed to old workers", found(run_app + ", " + file("socket", "0660")), bound, group,
         is_violated("group-not-effective")},
        {"closed to new ones, too", found(run_app + ", " + file("socket", "0600")), bound, group,
         is_violated("socket-mode-denied")},
        {"a closed folder on the way",
         found(folder("/") + ", " + folder("/run") + ", " + folder("/run/app", "0750") + ", " +
               file()),
         bound, "", is_violated("parent-dir-not-traversable")},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(at_path(asked_path, members(row.path, row.sockets, row.more)) == row.said);
    }
}

TEST_CASE("paths at which nothing is") {
    struct Row {
        std::string what;
        std::string path;
        std::string sockets;
        std::string more;
        Said said;
    };

    const std::string gone = R"(, "siblings_reading": "absent")";
    const auto link = [](const std::string& path, const std::string& target) {
        return R"({"path": ")" + path + R"(", "type": "symlink", "link_target": ")" + target +
               R"("})";
    };
    const std::vector<Row> rows = {
        {"nothing", missing(run_app), "", "", is_violated("socket-missing")},
        {"no folder", missing(folder("/") + ", " + folder("/run"), "", gone), "", "",
         is_violated("runtime-dir-not-created")},
        {"one of nearly that name", missing(run_app, sibling("web.socket")),
         listening("/run/app/web.socket"), "", is_violated("socket-path-mismatch")},
        {"one that is left over", missing(run_app, sibling("web.socket")), "", "",
         is_violated("socket-missing")},
        {"others", missing(run_app, sibling("redis.sock") + ", " + sibling("web2.sock")),
         listening("/run/app/redis.sock") + ", " + listening("/run/app/web2.sock"), "",
         is_violated("socket-missing")},
        {"the file is gone", missing(run_app), listening(asked_path, R"(, "unit": "app.service")"),
         "", is_violated("socket-stolen-by-second-instance")},
        {"the file is gone, or in a container", missing(run_app), listening(asked_path), "",
         is_violated("socket-missing")},
        {"in a container", missing(run_app), listening(asked_path, R"(, "container": "7a2b")"), "",
         is_violated("socket-not-shared-with-container")},
        {"in a container, but somebody here is meant", missing(run_app),
         listening(asked_path, R"(, "container": "7a2b")"),
         R"(, "php_fpm": {"pools": [{"name": "www", "listen": "/run/app/web.sock"}]})",
         is_violated("socket-missing")},
        {"a link that leads nowhere",
         missing(folder("/") + ", " + folder("/run") + ", " + link("/run/app", "/srv/old"), "",
                 gone),
         "", "", is_violated("socket-symlink-dangling")},
        {"a link that leads to itself",
         R"({"mntns": "2", "path": "/run/app/web.sock", "status": "absent", "errno": "ELOOP",
             "components": [)" +
             folder("/run") + ", " + link("/run/app", "app") + "]}",
         "", "", is_violated("socket-symlink-dangling")},
        {"a link on the way, and nothing behind it",
         missing(folder("/") + ", " + folder("/run") + ", " + link("/run/app", "../srv/app") +
                 ", " + folder("/srv") + ", " + folder("/srv/app")),
         "", "", is_violated("socket-missing")},
        {"a link at the end",
         missing(run_app + ", " + link("/run/app/web.sock", "releases/7/web.sock")), "", "",
         is_violated("socket-symlink-dangling")},
        {"a file as a folder",
         R"({"mntns": "2", "path": "/run/app/web.sock", "status": "absent", "errno": "ENOTDIR",
             "components": [{"path": "/run/app", "type": "socket"}]})",
         "", "", is_violated("unix-target-shape")},
        {"a closed folder before it",
         missing(folder("/") + ", " + folder("/run") + ", " + folder("/run/app", "0700")), "", "",
         is_violated("parent-dir-not-traversable")},
        {"not seen by this process",
         R"({"mntns": "2", "path": "/run/app/web.sock", "status": "denied", "components": [)" +
             run_app + "]}",
         "", "", is_unknown},
        {"not asked in time", R"({"mntns": "2", "path": "/run/app/web.sock", "status": "timeout"})",
         "", "", is_unknown},
        {"not asked", R"({"mntns": "2", "path": "/run/other.sock", "status": "absent"})", "", "",
         is_unknown},
        {"in another mount namespace",
         R"({"mntns": "9", "path": "/run/app/web.sock", "status": "absent"})", "", "", is_unknown},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(at_path(asked_path, members(row.path, row.sockets, row.more)) == row.said);
    }
    CHECK(at_path("web.sock", members(missing(run_app))) == is_unknown);
}

} // namespace upstream_lint::test
