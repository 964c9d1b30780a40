#include "facts/json_document.hpp"
#include "facts/json_fields.hpp"
#include "facts/snapshot_members.hpp"

#include <algorithm>

namespace upstream_lint {

namespace {

using Json = nlohmann::json;

constexpr std::string_view schema = "nginx-upstream-lint/snapshot/1";

/// What coverage says of all network namespaces and engines counts where these say nothing
/// themselves, as in a document that somebody wrote by hand.
struct SharedReadings {
    Reading tcp;
    Reading unix;
    Reading docker;
    Reading podman;
};

template <typename Field> void describe(Field& field, SharedReadings& shared) {
    field.group("capture", [&](auto& capture) {
        capture.group("coverage", [&](auto& coverage) {
            coverage("tcp_listeners", shared.tcp);
            coverage("unix_listeners", shared.unix);
            coverage("docker", shared.docker);
            coverage("podman", shared.podman);
        });
    });
}

bool says_reading(const Json& net, const char* name) {
    const auto readings = net.find("readings");
    return readings != net.end() && readings->is_object() && readings->contains(name);
}

void share_readings(const Json& document, const SharedReadings& shared, Snapshot& snapshot) {
    for (std::size_t i = 0; i < snapshot.network_namespaces.size(); ++i) {
        NetworkNamespace& net = snapshot.network_namespaces[i];
        const Json& json = document["netns"][i];
        if (!says_reading(json, "tcp_listeners")) {
            net.tcp_reading = shared.tcp;
        }
        if (!says_reading(json, "unix_sockets")) {
            net.unix_reading = shared.unix;
        }
    }
    const auto add_engine = [&](std::string_view name, const Reading& reading) {
        const bool is_there = std::ranges::find(snapshot.containers.engines, name, &Engine::name) !=
                              snapshot.containers.engines.end();
        if (!is_there && reading.status != ReadStatus::not_asked) {
            snapshot.containers.engines.push_back(
                {.name = std::string(name), .socket = "", .api = "", .reading = reading});
        }
    };
    add_engine("docker", shared.docker);
    add_engine("podman", shared.podman);
}

void check_schema(const Json& document, std::string& problem) {
    if (!document.is_object()) {
        problem = fmt::format("an object belongs here, not {}", json_excerpt(document));
        return;
    }
    const auto found = document.find("schema");
    if (found == document.end() || *found != schema) {
        problem = fmt::format("/schema: \"{}\" belongs here, not {}", schema,
                              found == document.end() ? "nothing" : json_excerpt(*found));
    }
}

} // namespace

std::string pointer_text(const JsonPlace& place) {
    std::vector<const JsonPlace*> way;
    for (const JsonPlace* each = &place; each->parent != nullptr; each = each->parent) {
        way.push_back(each);
    }
    std::string text;
    for (auto each = way.rbegin(); each != way.rend(); ++each) {
        const JsonPlace& step = **each;
        text += step.name.empty() ? fmt::format("/{}", step.index) : fmt::format("/{}", step.name);
    }
    return text;
}

std::string_view read_status_name(ReadStatus status) {
    return WordFormat::word(status);
}

std::string reason_of(const Reading& reading) {
    return reading.reason.empty() ? std::string(read_status_name(reading.status)) : reading.reason;
}

Reading common_reading(const std::vector<Reading>& readings) {
    const auto is_absent = [](const Reading& each) { return each.status == ReadStatus::absent; };
    const auto first = std::ranges::find_if_not(readings, is_absent);
    if (first == readings.end()) {
        return readings.empty() ? Reading{} : readings.front();
    }
    const auto differs = [&](const Reading& each) {
        return !is_absent(each) && each.status != first->status;
    };
    const auto other = std::ranges::find_if(readings, differs);
    if (other == readings.end()) {
        return *first;
    }
    const Reading& incomplete = first->is_complete() ? *other : *first;
    return {ReadStatus::partial, incomplete.source, incomplete.reason};
}

Reading listeners_reading(const Snapshot& snapshot, Reading NetworkNamespace::*reading) {
    std::vector<Reading> readings;
    for (const NetworkNamespace& net : snapshot.network_namespaces) {
        readings.push_back(net.*reading);
    }
    return common_reading(readings);
}

Reading engine_reading(const Snapshot& snapshot, std::string_view engine) {
    std::vector<Reading> readings;
    for (const Engine& each : snapshot.containers.engines) {
        if (each.name == engine) {
            readings.push_back(each.reading);
        }
    }
    return common_reading(readings);
}

Result<Snapshot> parse_snapshot(std::string_view json, std::string_view name) {
    auto document = parse_json(json, name);
    if (!document) {
        return document.error();
    }
    std::string problem;
    check_schema(*document, problem);
    Snapshot snapshot;
    if (problem.empty()) {
        const JsonPlace root;
        FieldReader field(*document, root, problem);
        SharedReadings shared;
        describe(field, snapshot);
        describe(field, shared);
        if (problem.empty()) {
            share_readings(*document, shared, snapshot);
        }
    }
    if (!problem.empty()) {
        return Error{.code = 0,
                     .operation = "parse()",
                     .object = std::string(name),
                     .reason = std::move(problem)};
    }
    return snapshot;
}

std::string print_snapshot(const Snapshot& snapshot) {
    FieldWriter field;
    field("schema", std::string(schema));
    describe(field, snapshot);
    return std::move(field).take().dump(2, ' ', true) + '\n';
}

} // namespace upstream_lint
