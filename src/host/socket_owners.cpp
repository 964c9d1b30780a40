#include "host/socket_owners.hpp"

#include "host/descriptor.hpp"
#include "host/proc_files.hpp"
#include "host/process_label.hpp"
#include "host/process_owner.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <string_view>

namespace upstream_lint {

namespace {

// `socket:[4711]`
std::optional<std::uint64_t> socket_inode(std::string_view link) {
    constexpr std::string_view begin = "socket:[";
    if (!link.starts_with(begin) || !link.ends_with(']'))
        return std::nullopt;
    const std::string_view digits = link.substr(begin.size(), link.size() - begin.size() - 1);
    std::uint64_t inode = 0;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), inode);
    if (error != std::errc{} || rest != digits.data() + digits.size())
        return std::nullopt;
    return inode;
}

class Search {
public:
    Search(const std::string& proc, std::span<const std::uint64_t> inodes) : proc_(proc) {
        found_.by_inode.reserve(inodes.size());
        for (const std::uint64_t inode : inodes)
            found_.by_inode.emplace(inode, SocketOwners::nobody);
        missing_ = found_.by_inode.size();
    }

    SocketOwners run(Clock::time_point end) {
        found_.reading = complete_reading(proc_ + "/*/fd");
        auto pids = list_processes(proc_);
        if (!pids) {
            found_.reading = failed_reading(pids.error(), proc_);
            return std::move(found_);
        }
        std::vector<std::uint32_t> ordered = std::move(pids).value();
        if (!ordered.empty() && ordered.front() == 1)
            std::rotate(ordered.begin(), ordered.begin() + 1, ordered.end());
        for (const std::uint32_t pid : ordered) {
            if (missing_ == 0)
                break;
            if (Clock::now() > end) {
                miss("not all processes were looked at in time");
                break;
            }
            look_at(pid);
        }
        // whoever may not be looked at has none of those that others were found to have
        if (denied_ != 0 && missing_ != 0)
            miss(fmt::format("the descriptors of {} processes may not be read", denied_));
        return std::move(found_);
    }

private:
    void miss(std::string reason) {
        found_.reading.status = ReadStatus::partial;
        found_.reading.reason = std::move(reason);
    }

    void look_at(std::uint32_t pid) {
        const std::string folder = process_path(proc_, pid, "fd");
        const Directory directory(::opendir(folder.c_str()));
        if (!directory) {
            if (errno == EACCES || errno == EPERM)
                ++denied_;
            return;
        }
        const std::size_t process = found_.processes.size();
        std::array<char, 64> link{};
        while (const dirent* entry = ::readdir(directory.get())) { // NOLINT(concurrency-mt-unsafe)
            const ssize_t size =
                ::readlinkat(::dirfd(directory.get()), entry->d_name, link.data(), link.size());
            if (size <= 0)
                continue;
            const auto inode = socket_inode({link.data(), static_cast<std::size_t>(size)});
            if (inode)
                give(*inode, process);
        }
        if (is_owner_)
            found_.processes.push_back(describe(pid));
        is_owner_ = false;
    }

    void give(std::uint64_t inode, std::size_t process) {
        const auto asked = found_.by_inode.find(inode);
        if (asked == found_.by_inode.end() || asked->second != SocketOwners::nobody)
            return;
        asked->second = process;
        is_owner_ = true;
        --missing_;
    }

    [[nodiscard]] SocketOwner describe(std::uint32_t pid) const {
        SocketOwner owner;
        owner.pid = pid;
        if (auto command = read_kernel_file(process_path(proc_, pid, "comm"))) {
            owner.command = *command;
            if (owner.command.ends_with('\n'))
                owner.command.pop_back();
        }
        ProcessOwner holder = read_process_owner(proc_, pid);
        owner.cgroup = std::move(holder.cgroup);
        owner.unit = std::move(holder.unit);
        owner.container = std::move(holder.container);
        owner.label = read_process_label(proc_, std::to_string(pid));
        return owner;
    }

    const std::string& proc_;
    SocketOwners found_;
    std::size_t missing_ = 0;
    bool is_owner_ = false; // the process that is looked at
    std::size_t denied_ = 0;
};

} // namespace

const SocketOwner* SocketOwners::find(std::uint64_t inode) const {
    const auto found = by_inode.find(inode);
    return found == by_inode.end() || found->second == nobody ? nullptr : &processes[found->second];
}

SocketOwners find_socket_owners(const std::string& proc, std::span<const std::uint64_t> inodes,
                                Clock::time_point end) {
    return Search(proc, inodes).run(end);
}

} // namespace upstream_lint
