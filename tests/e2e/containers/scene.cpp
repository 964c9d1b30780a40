#include "e2e/containers/scene.hpp"

#include "e2e/containers/running_engine.hpp"
#include "support/get.hpp"
#include "support/process.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <future>
#include <iterator>
#include <sstream>
#include <utility>

namespace upstream_lint::test {

namespace {

Engine* started = nullptr;

std::vector<std::unique_ptr<Scene>>& scenes() {
    static std::vector<std::unique_ptr<Scene>> all;
    return all;
}

std::vector<State> possible(std::vector<State> states, const Engine& engine) {
    if (!engine.is_docker()) {
        std::erase_if(states, [](const State& state) { return state.docker_only; });
    }
    return states;
}

/// Whether a line of the log is about the request and has one of the words.
bool has_line(const std::string& log, const std::string& request, const Words& any_of) {
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
        const auto has = [&](const std::string& words) {
            return line.find(words) != std::string::npos;
        };
        if (has(request) && std::ranges::any_of(any_of, has)) {
            return true;
        }
    }
    return false;
}

std::set<std::string> wanted(const std::string& rule) {
    return rule.empty() ? std::set<std::string>() : std::set{rule};
}

} // namespace

void set_running_engine(Engine& engine) {
    started = &engine;
}

Engine& running_engine() {
    REQUIRE(started != nullptr);
    return *started;
}

void end_scenes() {
    scenes().clear();
}

Scene& keep_scene(std::unique_ptr<Scene> scene) {
    return *scenes().emplace_back(std::move(scene));
}

Scene::Scene(const Engine& engine, std::vector<State> states, const std::string& name,
             std::string path, std::uint16_t port) :
    engine_(engine),
    states_(possible(std::move(states), engine)), folder_(engine.folder() + "/" + name),
    path_(std::move(path)) {
    std::filesystem::create_directories(folder_);
    // engines wait more than they work
    constexpr std::size_t at_once = 4;
    std::vector<std::future<std::string>> targets(states_.size());
    for (std::size_t i = 0; i < states_.size(); ++i) {
        const State& state = states_[i];
        const Place place{engine_, name + "-" + state.name, port++};
        restarting_ = state.restarts ? place.name : restarting_;
        if (i >= at_once) {
            targets[i - at_once].wait();
        }
        targets[i] = std::async(std::launch::async, [&state, place] { return state.make(place); });
    }
    for (std::size_t i = 0; i < states_.size(); ++i) {
        locations_ += fmt::format("location /{}/ {{ proxy_pass http://{}; }}\n", states_[i].name,
                                  targets[i].get());
    }
}

void Scene::write_configuration(const std::string& listen) const {
    std::ofstream(folder_ + "/nginx.conf")
        << fmt::format("user www-data;\nworker_processes 1;\nerror_log {0}/error.log info;\n"
                       "events {{ }}\nhttp {{\naccess_log off;\n"
                       "proxy_connect_timeout 5s;\nproxy_read_timeout 1s;\n"
                       "proxy_temp_path {0}/proxy;\nclient_body_temp_path {0}/body;\n"
                       "fastcgi_temp_path {0}/fastcgi;\nuwsgi_temp_path {0}/uwsgi;\n"
                       "scgi_temp_path {0}/scgi;\n"
                       "server {{\nlisten {1};\n{2}}}\n}}\n",
                       path_, listen, locations_);
}

int Scene::line_of(const State& state) const {
    return line_beginning(folder_ + "/nginx.conf", fmt::format("location /{}/ ", state.name));
}

std::string Scene::log() const {
    std::ifstream file(folder_ + "/error.log", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string Scene::restarts() const {
    return restarting_.empty()
               ? ""
               : engine_.inspect(restarting_, "{{.RestartCount}} {{.State.Status}}");
}

CheckReport Scene::check(const std::vector<std::string>& more,
                         const std::vector<std::string>& before) const {
    std::vector<std::string> options = choice();
    options.insert(options.end(), more.begin(), more.end());
    return CheckReport::of(UPSTREAM_LINT_COMMAND, options, before);
}

void Scene::expect_findings() const {
    const CheckReport report = while_nobody_restarts([&] { return check(); });
    for (const State& state : states_) {
        CAPTURE(state.name);
        const int line = line_of(state);
        const bool is_other = !engine_.is_docker() && !state.podman_rule.empty();
        const std::string& rule = is_other ? state.podman_rule : state.rule;
        CHECK(joined(report.rules_at(line)) == joined(wanted(rule)));
        CHECK(joined(report.hints_at(line)) == joined(wanted(state.hint)));
        CHECK(report.verdict_at(line) == state.verdict);
    }
    CHECK(report.document()["coverage"][engine_.is_docker() ? "docker" : "podman"] == "ok");
}

void Scene::expect_answers() const {
    std::vector<std::future<LiveAnswer>> answers;
    for (const State& state : states_) {
        answers.push_back(std::async(std::launch::async, [this, path = "/" + state.name + "/"] {
            return get(port(), path);
        }));
    }
    std::vector<int> statuses;
    std::ranges::transform(answers, std::back_inserter(statuses),
                           [](auto& answer) { return answer.get().status; });
    const std::string said = log();
    for (std::size_t i = 0; i < states_.size(); ++i) {
        const State& state = states_[i];
        CAPTURE(state.name);
        CHECK(statuses[i] == state.status);
        const bool is_other = !engine_.is_docker() && !state.podman_log.empty();
        const Words& words = is_other ? state.podman_log : state.log;
        const std::string request = fmt::format("\"GET /{}/ ", state.name);
        CHECK_MESSAGE((words.empty() || has_line(said, request, words)), said);
    }
}

void Scene::expect_snapshot() const {
    using Two = std::pair<nlohmann::json, nlohmann::json>;
    const auto [live, later] = while_nobody_restarts([&] {
        const CheckReport now = check();
        std::vector<std::string> words = {UPSTREAM_LINT_COMMAND, "snapshot"};
        const auto chosen = choice();
        words.insert(words.end(), chosen.begin(), chosen.end());
        const auto taken = testing::run_process(words);
        REQUIRE_MESSAGE(taken.status == 0, taken.err);
        const std::string path = folder_ + "/host.json";
        std::ofstream(path) << taken.out;
        return Two(now.comparable(), check({"--facts", path}).comparable());
    });
    CHECK(later == live);
}

} // namespace upstream_lint::test
