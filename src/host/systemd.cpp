#include "host/systemd.hpp"

#include "host/descriptor.hpp"
#include "host/open_below.hpp"
#include "host/proc_files.hpp"

#if UPSTREAM_LINT_HAS_SYSTEMD

#include "host/systemd_library.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <set>
#include <string_view>

namespace upstream_lint {

namespace {

constexpr const char* source = "org.freedesktop.systemd1";
constexpr const char* manager_path = "/org/freedesktop/systemd1";
constexpr const char* manager_interface = "org.freedesktop.systemd1.Manager";
constexpr const char* unit_interface = "org.freedesktop.systemd1.Unit";
constexpr const char* service_interface = "org.freedesktop.systemd1.Service";
constexpr const char* socket_interface = "org.freedesktop.systemd1.Socket";
constexpr std::size_t max_units = 2000;

// Where it is missing nothing is called.
const SystemdLibrary& sd() {
    return *systemd_library();
}

struct BusCloser {
    void operator()(sd_bus* bus) const { sd().sd_bus_flush_close_unref(bus); }
};

struct MessageCloser {
    void operator()(sd_bus_message* message) const { sd().sd_bus_message_unref(message); }
};

using Bus = std::unique_ptr<sd_bus, BusCloser>;
using Message = std::unique_ptr<sd_bus_message, MessageCloser>;

Error failure(int code, std::string object) {
    return system_error(-code, "sd_bus_call()", std::move(object));
}

// The value of a variant, when it has the type that is looked for. What has another one is left as
// it was.
class Value {
public:
    explicit Value(sd_bus_message* message) : message_(message) {}

    bool read(std::string& text) {
        const char* found = nullptr;
        if (sd().sd_bus_message_read(message_, "v", "s", &found) < 0)
            return false;
        text = found;
        return true;
    }

    template <typename Number> bool read(std::optional<Number>& number, const char* type) {
        Number found{};
        if (sd().sd_bus_message_read(message_, "v", type, &found) < 0)
            return false;
        number = found;
        return true;
    }

    bool read(std::vector<std::string>& texts) {
        return for_each("as", [&] {
            const char* text = nullptr;
            const int code = sd().sd_bus_message_read(message_, "s", &text);
            if (code > 0)
                texts.emplace_back(text);
            return code;
        });
    }

    bool read(std::vector<SocketUnit::Listen>& sockets) {
        return for_each("a(ss)", [&] {
            const char* type = nullptr;
            const char* address = nullptr;
            const int code = sd().sd_bus_message_read(message_, "(ss)", &type, &address);
            if (code > 0)
                sockets.push_back({type, address});
            return code;
        });
    }

private:
    template <typename Take> bool for_each(const char* type, Take take) {
        if (sd().sd_bus_message_enter_container(message_, SD_BUS_TYPE_VARIANT, type) < 0 ||
            sd().sd_bus_message_enter_container(message_, SD_BUS_TYPE_ARRAY, type + 1) < 0)
            return false;
        int code = 1;
        while (code > 0)
            code = take();
        return code == 0 && sd().sd_bus_message_exit_container(message_) >= 0 &&
               sd().sd_bus_message_exit_container(message_) >= 0;
    }

    sd_bus_message* message_;
};

// 0 stands for never.
std::optional<UnixTime> time_of(std::uint64_t microseconds) {
    if (microseconds == 0)
        return std::nullopt;
    return static_cast<UnixTime>(microseconds / 1'000'000);
}

bool take_unit(Value value, std::string_view name, Unit& unit) {
    if (name == "LoadState")
        return value.read(unit.load_state);
    if (name == "ActiveState")
        return value.read(unit.active_state);
    if (name == "SubState")
        return value.read(unit.sub_state);
    if (name == "UnitFileState")
        return value.read(unit.unit_file_state);
    if (name == "TriggeredBy")
        return value.read(unit.triggered_by);
    if (name == "ActiveEnterTimestamp") {
        std::optional<std::uint64_t> microseconds;
        const bool is_read = value.read(microseconds, "t");
        unit.active_since = time_of(microseconds.value_or(0));
        return is_read;
    }
    return false;
}

bool take_service(Value value, std::string_view name, Unit& unit) {
    if (name == "Result")
        return value.read(unit.result);
    if (name == "User")
        return value.read(unit.user);
    if (name == "Group")
        return value.read(unit.group);
    if (name == "ControlGroup")
        return value.read(unit.control_group);
    if (name == "RuntimeDirectory")
        return value.read(unit.runtime_directory);
    if (name == "MainPID")
        return value.read(unit.main_pid, "u");
    if (name == "ExecMainStatus")
        return value.read(unit.exec_main_status, "i");
    if (name == "NRestarts")
        return value.read(unit.restarts, "u");
    if (name == "PrivateTmp") {
        std::optional<int> is_private;
        if (!value.read(is_private, "b"))
            return false;
        unit.private_tmp = *is_private != 0;
        return true;
    }
    return false;
}

bool take_socket(Value value, std::string_view name, SocketUnit& socket) {
    if (name == "ActiveState")
        return value.read(socket.active_state);
    if (name == "Triggers")
        return value.read(socket.triggers);
    if (name == "Result")
        return value.read(socket.result);
    if (name == "Listen")
        return value.read(socket.listen);
    if (name == "SocketUser")
        return value.read(socket.user);
    if (name == "SocketGroup")
        return value.read(socket.group);
    if (name == "Backlog")
        return value.read(socket.backlog, "u");
    if (name == "SocketMode") {
        std::optional<std::uint32_t> mode;
        if (!value.read(mode, "u"))
            return false;
        socket.mode = fmt::format("{:04o}", *mode);
        return true;
    }
    return false;
}

class Manager {
public:
    Manager(Bus bus, std::chrono::milliseconds deadline, std::string described_source) :
        bus_(std::move(bus)), described_source_(std::move(described_source)) {
        const std::chrono::microseconds patience = deadline;
        sd().sd_bus_set_method_call_timeout(bus_.get(),
                                            static_cast<std::uint64_t>(patience.count()));
    }

    SystemdFacts describe(const UnitQuestion& question) {
        facts_.reading = complete_reading(described_source_);
        wanted_.insert(question.ids.begin(), question.ids.end());
        list_units(question);
        if (facts_.reading.is_complete() && !question.patterns.empty())
            list_unit_files(question.patterns);
        // a socket brings the services that it starts
        for (const bool are_sockets : {true, false})
            for (const std::string& id : std::set<std::string>(wanted_))
                if (id.ends_with(".socket") == are_sockets)
                    describe_unit(id);
        return std::move(facts_);
    }

private:
    void fail(const Error& error) { facts_.reading = failed_reading(error, described_source_); }

    void list_units(const UnitQuestion& question) {
        sd_bus_message* answer = nullptr;
        const int code = sd().sd_bus_call_method(
            bus_.get(), source, manager_path, manager_interface, "ListUnits", nullptr, &answer, "");
        const Message owned(answer);
        if (code < 0)
            return fail(failure(code, "ListUnits"));
        if (sd().sd_bus_message_enter_container(answer, SD_BUS_TYPE_ARRAY, "(ssssssouso)") < 0)
            return fail(failure(-EPROTO, "ListUnits"));
        std::array<const char*, 10> words{};
        std::uint32_t job = 0;
        while (sd().sd_bus_message_read(answer, "(ssssssouso)", &words[0], &words[1], &words[2],
                                        &words[3], &words[4], &words[5], &words[6], &job, &words[7],
                                        &words[8]) > 0) {
            const std::string_view id = words[0];
            if (question.all_sockets && id.ends_with(".socket"))
                wanted_.insert(std::string(id));
        }
    }

    // Also finds what is not in memory: a unit that is disabled and was never started.
    void list_unit_files(const std::vector<std::string>& patterns) {
        sd_bus_message* request = nullptr;
        int code =
            sd().sd_bus_message_new_method_call(bus_.get(), &request, source, manager_path,
                                                manager_interface, "ListUnitFilesByPatterns");
        const Message owned_request(request);
        if (code >= 0)
            code = sd().sd_bus_message_append(request, "as", 0);
        if (code >= 0)
            code = sd().sd_bus_message_open_container(request, SD_BUS_TYPE_ARRAY, "s");
        for (const std::string& pattern : patterns)
            if (code >= 0)
                code = sd().sd_bus_message_append(request, "s", pattern.c_str());
        if (code >= 0)
            code = sd().sd_bus_message_close_container(request);
        sd_bus_message* answer = nullptr;
        if (code >= 0)
            code = sd().sd_bus_call(bus_.get(), request, 0, nullptr, &answer);
        const Message owned(answer);
        if (code < 0 ||
            sd().sd_bus_message_enter_container(answer, SD_BUS_TYPE_ARRAY, "(ss)") < 0) {
            facts_.reading.status = ReadStatus::partial;
            facts_.reading.reason = "unit files could not be listed";
            return;
        }
        const char* path = nullptr;
        const char* state = nullptr;
        while (sd().sd_bus_message_read(answer, "(ss)", &path, &state) > 0) {
            const std::string_view file = path;
            const std::string_view id = file.substr(file.rfind('/') + 1);
            // a template is no unit
            if (id.find("@.") == std::string_view::npos)
                wanted_.insert(std::string(id));
        }
    }

    void describe_unit(const std::string& id) {
        if (++described_ > max_units) {
            facts_.reading.status = ReadStatus::partial;
            facts_.reading.reason = fmt::format("only {} units are described", max_units);
            return;
        }
        char* encoded = nullptr;
        if (sd().sd_bus_path_encode("/org/freedesktop/systemd1/unit", id.c_str(), &encoded) < 0)
            return;
        const std::unique_ptr<char, void (*)(void*)> path(encoded, &std::free);
        if (id.ends_with(".socket"))
            describe_socket(id, path.get());
        else
            describe_service(id, path.get());
    }

    void describe_service(const std::string& id, const char* path) {
        Unit unit;
        unit.id = id;
        const auto unit_value = [&](Value value, std::string_view name) {
            return take_unit(value, name, unit);
        };
        const auto service_value = [&](Value value, std::string_view name) {
            return take_service(value, name, unit);
        };
        if (!for_each_property(path, unit_interface, unit_value))
            return;
        if (id.ends_with(".service"))
            for_each_property(path, service_interface, service_value);
        facts_.units.push_back(std::move(unit));
    }

    void describe_socket(const std::string& id, const char* path) {
        SocketUnit socket;
        socket.id = id;
        const auto value_of = [&](Value value, std::string_view name) {
            return take_socket(value, name, socket);
        };
        // both interfaces, whose names differ
        if (!for_each_property(path, unit_interface, value_of))
            return;
        for_each_property(path, socket_interface, value_of);
        wanted_.insert(socket.triggers.begin(), socket.triggers.end());
        facts_.sockets.push_back(std::move(socket));
    }

    // `take` reads the values that it knows. False when the object could not be asked.
    template <typename Take>
    bool for_each_property(const char* path, const char* interface, Take take) {
        sd_bus_message* answer = nullptr;
        const int code =
            sd().sd_bus_call_method(bus_.get(), source, path, "org.freedesktop.DBus.Properties",
                                    "GetAll", nullptr, &answer, "s", interface);
        const Message owned(answer);
        if (code < 0 ||
            sd().sd_bus_message_enter_container(answer, SD_BUS_TYPE_ARRAY, "{sv}") < 0) {
            facts_.reading.status = ReadStatus::partial;
            facts_.reading.reason = describe_failure(code, path);
            return false;
        }
        while (sd().sd_bus_message_enter_container(answer, SD_BUS_TYPE_DICT_ENTRY, "sv") > 0) {
            const char* name = nullptr;
            if (sd().sd_bus_message_read(answer, "s", &name) <= 0)
                break;
            if (!take(Value(answer), name) && sd().sd_bus_message_skip(answer, "v") < 0)
                break;
            if (sd().sd_bus_message_exit_container(answer) < 0)
                break;
        }
        return true;
    }

    static std::string describe_failure(int code, const char* path) {
        return upstream_lint::describe(failure(code < 0 ? code : -EPROTO, path));
    }

    Bus bus_;
    std::string described_source_;
    SystemdFacts facts_;
    std::set<std::string> wanted_;
    std::size_t described_ = 0;
};

int open_bus_below(sd_bus** opened, int socket) {
    const std::string address = fmt::format("unix:path=/proc/self/fd/{}", socket);
    int code = sd().sd_bus_new(opened);
    if (code >= 0)
        code = sd().sd_bus_set_address(*opened, address.c_str());
    if (code >= 0)
        code = sd().sd_bus_set_bus_client(*opened, 1);
    return code < 0 ? code : sd().sd_bus_start(*opened);
}

} // namespace

SystemdFacts read_systemd(const UnitQuestion& question, std::chrono::milliseconds deadline,
                          const std::string& root) {
    constexpr const char* socket_path = "/run/dbus/system_bus_socket";
    if (!systemd_library()) {
        SystemdFacts facts;
        facts.reading = failed_reading(systemd_library().error(), source);
        return facts;
    }
    sd_bus* opened = nullptr;
    int code = 0;
    Descriptor socket; // open as long as the bus
    if (root.empty()) {
        code = sd().sd_bus_open_system(&opened);
    } else {
        socket = open_below(root, socket_path);
        code = socket.is_open() ? open_bus_below(&opened, socket.get()) : -errno;
    }
    Bus bus(opened);
    const std::string described_source = root.empty() ? source : root;
    if (code < 0) {
        SystemdFacts facts;
        facts.reading =
            failed_reading(root.empty() ? system_error(-code, "sd_bus_open_system()", "system bus")
                                        : system_error(-code, "sd_bus_start()", root + socket_path),
                           described_source);
        return facts;
    }
    return Manager(std::move(bus), deadline, described_source).describe(question);
}

} // namespace upstream_lint

#else

namespace upstream_lint {

SystemdFacts read_systemd(const UnitQuestion& /*question*/, std::chrono::milliseconds /*deadline*/,
                          const std::string& /*root*/) {
    SystemdFacts facts;
    facts.reading = {ReadStatus::unsupported, "org.freedesktop.systemd1",
                     "this build was made without sd-bus"};
    return facts;
}

} // namespace upstream_lint

#endif
