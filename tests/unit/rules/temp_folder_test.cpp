#include "answers.hpp"
#include "support/main_name.hpp"
#include "upstream_lint/lint.hpp"

#include <fmt/format.h>
#include <string>

namespace upstream_lint::test {

namespace {

const std::string server =
    "server { location / { client_max_body_size 1k; proxy_pass http://127.0.0.1:1; } }\n";
const std::string written = "proxy_temp_path /t/p; " + server;

/// What is said of temporary folders: `proven: TEXT` or `likely: TEXT`.
std::string said_of(const std::string& http, const std::string& members) {
    MemoryFileSystem files;
    files.add(main_name, "user www; events { }\nhttp {\n" + http + "}\n");
    LoadOptions options;
    options.keep_blocks = true;
    const auto model = build_model(load_config(files, main_name, options));
    REQUIRE(model);
    std::string text;
    for (const Finding& finding : check(*model, plan_check(*model), read_facts(members)).findings) {
        if (finding.rule == "temp-dir-not-writable") {
            CHECK(finding.severity == Severity::warning);
            text += (finding.confidence == Confidence::proven ? "proven: " : "likely: ") +
                    finding.message;
        }
    }
    return text;
}

std::string folder(const std::string& path, const std::string& mode, int uid,
                   const std::string& more = R"("acl_status": "absent")") {
    return fmt::format(R"({{"path": "{}", "type": "dir", "mode": "{}", "uid": {}, "gid": 0, {}}})",
                       path, mode, uid, more);
}

std::string path_facts(const std::string& path, const std::string& status,
                       const std::string& components) {
    return fmt::format(R"("paths": [{{"mntns": "2", "path": "{}", {}, "components": [{}]}}])", path,
                       status, components);
}

/// nginx runs, with workers of that user, and what else is said of it.
std::string running(const std::string& paths, const std::string& more = "", int uid = 33,
                    const std::string& changed = "2026-01-01T11:00:00Z") {
    return fmt::format(
        R"("nginx": {{"instances": [{{"mntns": "2", "configuration_changed_at": "{}"{},
            "workers": [{{"uid": {}, "gid": 0, "started_at": "2026-01-01T12:00:00Z"}},
                {{"uid": 99, "gid": 9, "started_at": "2026-01-01T10:00:00Z",
                  "shutting_down": true}}]}}]}}, {})",
        changed, more, uid, paths);
}

const std::string ok = R"("status": "ok")";
const std::string root = folder("/", "0755", 0) + ", ";

std::string last_folder(const std::string& last) {
    return path_facts("/t/p", ok, root + folder("/t", "0755", 0) + ", " + last);
}

const std::string foreign = last_folder(folder("/t/p", "0700", 65534));
const std::string gone =
    path_facts("/t/p", R"("status": "absent", "errno": "ENOENT")", root + folder("/t", "0755", 0));
const std::string closed =
    path_facts("/t/p", ok, root + folder("/t", "0700", 0) + ", " + folder("/t/p", "0700", 33));

const std::string may_not_write = "proven: nginx's workers may not write to /t/p";

} // namespace

TEST_CASE("workers need to write to a temporary folder and to search it") {
    CHECK(said_of(written, running(foreign)) == may_not_write);
    CHECK(said_of(written, running(last_folder(folder("/t/p", "0700", 33)))).empty());
    CHECK(said_of(written, running(last_folder(folder("/t/p", "0500", 33)))) == may_not_write);
    CHECK(said_of(written, running(last_folder(folder("/t/p", "0600", 33)))) == may_not_write);
    CHECK(said_of(written, running(last_folder(folder("/t/p", "0777", 0)))).empty());
}

TEST_CASE("a folder that nginx runs with was removed") {
    CHECK(said_of(written, running(gone)) == "proven: /t/p is not there any more");
}

TEST_CASE("what starting nginx mends is no fault of one that did not start with it") {
    const std::string changed_since = "2026-01-01T12:00:00Z";
    CHECK(said_of(written, running(gone, "", 33, changed_since)).empty());
    CHECK(said_of(written, running(foreign, "", 33, changed_since)).empty());
    const std::string not_running = R"("capture": {"mntns": "2"},
        "accounts": [{"name": "www", "uid": 33, "gid": 33, "groups": [33]}], )";
    CHECK(said_of(written, not_running + gone).empty());
    CHECK(said_of(written, not_running + foreign).empty());
    CHECK(said_of(written, R"("capture": {"mntns": "2"}, )" + closed).empty());
}

TEST_CASE("a folder on the way stays closed") {
    const std::string message = "nginx's workers may not search /t, on the way to /t/p";
    CHECK(said_of(written, running(closed)) == "proven: " + message);
    CHECK(said_of(written, running(closed, "", 33, "2026-01-01T12:00:00Z")) ==
          "likely: " + message);
    CHECK(said_of(written, R"("capture": {"mntns": "2"}, "accounts": [
        {"name": "www", "uid": 33, "gid": 33, "groups": [33]}], )" +
                               closed) == "likely: " + message);
}

TEST_CASE("what could not be read accuses nobody") {
    const std::string unread = R"("acl_status": "denied")";
    CHECK(said_of(written, running("\"paths\": []")).empty());
    CHECK(said_of(written, running(path_facts("/t/p", R"("status": "timeout")", ""))).empty());
    CHECK(said_of(written, running(path_facts("/t/p", R"("status": "denied")",
                                              root + folder("/t", "0755", 0))))
              .empty());
    CHECK(said_of(written, running(last_folder(folder("/t/p", "0770", 1, unread)))).empty());
    const std::string way = root + folder("/t", "0710", 1, unread);
    CHECK(said_of(written,
                  running(path_facts("/t/p", R"("status": "absent", "errno": "ENOENT")", way)))
              .empty());
    CHECK(said_of(written, "\"capture\": {\"mntns\": \"2\"}, " + foreign).empty());
}

TEST_CASE("the folders of the executable are those that nginx says of itself") {
    const std::string facts = path_facts("/var/cache/nginx/proxy_temp", ok,
                                         root + folder("/var/cache/nginx/proxy_temp", "0700", 1));
    CHECK(said_of(server, running(facts)).empty());
    const std::string of_executable =
        R"(, "configure_arguments": "--http-proxy-temp-path=/var/cache/nginx/proxy_temp")";
    CHECK(said_of(server, running(facts, of_executable)) ==
          "proven: nginx's workers may not write to /var/cache/nginx/proxy_temp");
}

TEST_CASE("a relative folder begins where nginx was started") {
    const std::string relative = "proxy_temp_path p; " + server;
    const std::string facts =
        path_facts("/etc/nginx/p", ok, root + folder("/etc/nginx/p", "0700", 1));
    CHECK(said_of(relative, running(facts)).empty());
    CHECK(said_of(relative, running(facts, R"(, "prefix": "/usr/share/nginx")")).empty());
    CHECK(said_of(relative, running(facts, R"(, "prefix": "/etc/nginx")")) ==
          "proven: nginx's workers may not write to /etc/nginx/p");
}

} // namespace upstream_lint::test
