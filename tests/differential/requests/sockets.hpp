#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace upstream_lint::differential {

/// An open file, closed in the end.
class OpenFile {
public:
    OpenFile() = default;

    explicit OpenFile(int fd) : fd_(fd) {}

    OpenFile(OpenFile&& other) noexcept : fd_(other.release()) {}

    OpenFile& operator=(OpenFile&& other) noexcept;
    ~OpenFile();

    [[nodiscard]] int get() const noexcept { return fd_; }

    [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }

    int release() noexcept;

private:
    int fd_ = -1;
};

/// An address as the system takes it.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    [[nodiscard]] const sockaddr* get() const noexcept {
        return reinterpret_cast<const sockaddr*>(&storage);
    }

    [[nodiscard]] int family() const noexcept { return storage.ss_family; }
};

/// Reads `ADDRESS:PORT`, `[ADDRESS]:PORT` and `unix:/path`; nothing when it is none of these.
[[nodiscard]] std::optional<SocketAddress> read_address(std::string_view text);

/// A socket that listens, not blocking. Throws std::system_error.
[[nodiscard]] OpenFile listen_at(const std::string& address);

/// Whether somebody could listen there now.
[[nodiscard]] bool is_free(const std::string& address);

} // namespace upstream_lint::differential
