#pragma once

#include "support/daemon.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::test {

enum class EngineKind { docker, podman };

/// What an engine needs of this machine and does not find there; empty: nothing.
[[nodiscard]] std::string missing_part(EngineKind kind);

/// An engine of this process's namespaces, which has everything below one folder and in `/run`. Its
/// containers end with it.
class Engine {
public:
    /// Throws std::runtime_error where it does not start or starts no container.
    Engine(EngineKind kind, std::string folder);
    ~Engine();

    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    [[nodiscard]] EngineKind kind() const { return kind_; }

    [[nodiscard]] bool is_docker() const { return kind_ == EngineKind::docker; }

    [[nodiscard]] const std::string& folder() const { return folder_; }

    /// Where it listens; not where the command looks for it.
    [[nodiscard]] const std::string& socket() const { return socket_; }

    /// Where the command looks for it.
    [[nodiscard]] std::string usual_socket() const;

    /// The words that its command begins with.
    [[nodiscard]] std::vector<std::string> command() const;

    /// Runs its command and gives what that prints, without the last line end. Throws
    /// std::runtime_error where it fails.
    std::string run(const std::vector<std::string>& words) const;

    /// Starts a container from `image`, in the background.
    void start(const std::string& name, const std::vector<std::string>& options,
               const std::vector<std::string>& command,
               const std::string& image = busybox_image) const;

    /// `inspect -f FORMAT NAME`.
    [[nodiscard]] std::string inspect(const std::string& name, const std::string& format) const;

    /// Waits until `inspect` prints one of some words. Throws std::runtime_error when it does not.
    void await(const std::string& name, const std::string& format,
               const std::vector<std::string>& wanted) const;

    /// The container's address in one of its networks.
    [[nodiscard]] std::string address(const std::string& name, const std::string& network) const;

    /// The network that containers have which are given none.
    [[nodiscard]] std::string first_network() const;

    /// A file system with one static program, and `/www/index.html`.
    static constexpr const char* busybox_image = "localhost/busybox:1";
    /// An empty one for `/usr` of this machine, with its users.
    static constexpr const char* machine_image = "localhost/machine:1";

private:
    void start_daemon();
    void await_daemon();
    void import_images() const;
    void import_image(const std::string& root, const char* image) const;

    EngineKind kind_;
    std::string folder_;
    std::string socket_;
    std::unique_ptr<testing::Daemon> daemon_;
};

} // namespace upstream_lint::test
