#pragma once

#include "support/temporary_folder.hpp"
#include "support/test_socket.hpp"

#include <string>
#include <thread>
#include <vector>

namespace upstream_lint::test {

/// Listeners of a test, healthy and broken ones, in a folder that everybody may search.
class Backends {
public:
    Backends();
    Backends(const Backends&) = delete;
    Backends& operator=(const Backends&) = delete;
    ~Backends();

    [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

    /// A path in a folder of its own.
    [[nodiscard]] std::string path(const std::string& name);

    /// Keeps a socket open until the end.
    TestSocket& keep(TestSocket socket);

    /// Mounts one file over another until the end. Throws std::system_error where it cannot.
    void mount(const std::string& source, const std::string& path);

    /// Answers every connection with an empty response of HTTP.
    void serve(TestSocket listener);

private:
    TemporaryFolder folder_;
    std::vector<TestSocket> kept_;
    std::vector<std::thread> servers_;
    std::vector<int> served_;
    std::vector<std::string> mounted_;
};

} // namespace upstream_lint::test
