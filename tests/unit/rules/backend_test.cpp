#include "answers.hpp"
#include "rules/backend.hpp"

#include <string>
#include <vector>

namespace upstream_lint::test {

namespace {

std::string command_for(const std::string& subject, const std::string& systemd) {
    const Snapshot facts = read_facts(systemd);
    const FactIndex index(facts);
    ProbeAnswer answer;
    answer.subject = subject;
    return start_command(find_backend(answer, index), index);
}

std::string unit(const std::string& members) {
    return R"("systemd": {"units": [{"id": "app.service", )" + members + "}]}";
}

} // namespace

TEST_CASE("what starts a unit depends on its state") {
    struct Row {
        std::string members;
        std::string command;
    };

    const std::vector<Row> rows = {
        {R"("load": "loaded", "active": "active")", "systemctl restart app.service"},
        {R"("load": "loaded", "active": "activating")", "systemctl restart app.service"},
        {R"("load": "loaded", "active": "inactive")", "systemctl start app.service"},
        {R"("load": "loaded", "active": "failed", "result": "exit-code")",
         "systemctl start app.service"},
        {R"("load": "loaded", "active": "failed", "result": "start-limit-hit")",
         "systemctl reset-failed app.service && systemctl start app.service"},
        {R"("load": "masked", "active": "inactive")",
         "systemctl unmask app.service && systemctl start app.service"},
        {R"("load": "not-found", "active": "inactive")", ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.members);
        CHECK(command_for("unix:/run/app/web.sock", unit(row.members)) == row.command);
    }
}

TEST_CASE("units are known by their names, and by the folders that they make") {
    const std::string makes = unit(R"("load": "loaded", "active": "inactive",
        "runtime_directory": ["shop"])");
    CHECK(command_for("unix:/run/app.sock", makes) == "systemctl start app.service");
    CHECK(command_for("unix:/run/shop/web.sock", makes) == "systemctl start app.service");
    CHECK(command_for("unix:/var/run/shop/web.sock", makes) == "systemctl start app.service");
    CHECK(command_for("unix:/run/shopping/web.sock", makes).empty());
    CHECK(command_for("unix:/srv/shop/web.sock", makes).empty());
    CHECK(command_for("127.0.0.1:80", makes).empty());
}

TEST_CASE("a socket unit is started where nothing listens") {
    const std::string sockets = R"("systemd": {"sockets": [{"id": "app.socket",
        "active": "inactive", "listen": [{"type": "Stream", "address": "127.0.0.1:9000"}]}]})";
    CHECK(command_for("127.0.0.1:9000", sockets) == "systemctl start app.socket");
}

TEST_CASE("systemd holds sockets for others") {
    const Snapshot facts = read_facts(R"("systemd": {"sockets": [{"id": "app.socket",
        "active": "active", "listen": [{"type": "Stream", "address": "/run/app.sock"}]}]})");
    const FactIndex index(facts);
    UnixSocket socket;
    socket.owner.unit = "init.scope";
    ProbeAnswer answer;
    answer.subject = "unix:/run/app.sock";
    answer.socket = &socket;
    CHECK(find_backend(answer, index).unit == "app.socket");
}

TEST_CASE("a unit of another system is started there") {
    const std::string there = R"("capture": {"coverage": {"systemd": {"status": "ok",
        "source": "/proc/812/root"}}}, )" +
                              unit(R"("load": "masked", "active": "inactive")");
    CHECK(command_for("unix:/run/app.sock", there) ==
          "nsenter -t 812 -a systemctl unmask app.service && nsenter -t 812 -a systemctl start "
          "app.service");
}

} // namespace upstream_lint::test
