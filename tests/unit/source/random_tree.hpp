#pragma once

#include "support/random_choice.hpp"
#include "support/temporary_folder.hpp"
#include "upstream_lint/file_system.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint::test {

/// The same random files, folders and links on disk and in memory, under the same paths.
class RandomTree {
public:
    explicit RandomTree(RandomChoice& choice) :
        top_(folder_.path() + "/1/2/3/4/5/6/7/8/9/10/11/12") {
        std::filesystem::create_directories(top_);
        memory_.add_directory(top_);
        folders_.push_back(top_);
        const std::size_t count = 3 + choice.below(25);
        for (std::size_t i = 0; i < count; ++i)
            add_one(choice);
    }

    /// Deep enough below the temporary folder that the few `..` of a case never leave it.
    [[nodiscard]] const std::string& top() const { return top_; }

    [[nodiscard]] const MemoryFileSystem& memory() const { return memory_; }

    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

    static std::string random_name(RandomChoice& choice) {
        static constexpr std::string_view alphabet = "aaaabbbb.[]*\\-!^?";
        std::string name;
        do {
            name.clear();
            const std::size_t size = 1 + choice.below(3);
            for (std::size_t i = 0; i < size; ++i)
                name += choice.pick(alphabet);
        } while (name == "." || name == "..");
        return name;
    }

private:
    void add_one(RandomChoice& choice) {
        const std::string name = random_name(choice);
        const std::string path = choice.pick(folders_) + '/' + name;
        if (std::filesystem::exists(std::filesystem::symlink_status(path)))
            return;
        names_.push_back(name);
        const std::size_t kind = choice.below(10);
        if (kind < 4) {
            std::filesystem::create_directory(path);
            memory_.add_directory(path);
            folders_.push_back(path);
        } else if (kind < 7) {
            std::ofstream(std::filesystem::path(path), std::ios::binary) << name;
            memory_.add(path, name);
        } else {
            const std::string target = random_target(choice);
            std::filesystem::create_symlink(target, path);
            memory_.add_symlink(path, target);
        }
    }

    std::string random_target(RandomChoice& choice) {
        std::string target;
        switch (choice.below(6)) {
        case 0:
            target = choice.pick(folders_);
            break;
        case 1:
            target = names_.empty() ? "." : choice.pick(names_);
            break;
        case 2:
            target = ".";
            break;
        case 3:
            target = "../" + random_name(choice);
            break;
        case 4:
            target = random_name(choice) + "/" + random_name(choice);
            break;
        default:
            target = choice.pick(names_.empty() ? folders_ : names_) + "//./" + random_name(choice);
        }
        return choice.chance(15) ? target + '/' : target;
    }

    TemporaryFolder folder_;
    std::string top_;
    MemoryFileSystem memory_;
    std::vector<std::string> folders_;
    std::vector<std::string> names_;
};

} // namespace upstream_lint::test
