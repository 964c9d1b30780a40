#include "random_tree.hpp"
#include "upstream_lint/host.hpp"

#include <cerrno>
#include <climits>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

namespace upstream_lint::test {
namespace {

constexpr std::size_t paths_per_tree = 60;

struct Answer {
    int code = 0;
    std::string path;
};

std::string text_of(const Answer& answer) {
    return std::to_string(answer.code) + ' ' + answer.path;
}

// O_PATH reaches whatever a path leads to, without opening it.
Answer kernel_answer(const std::string& path, Follow follow) {
    const int nofollow = follow == Follow::no ? O_NOFOLLOW : 0;
    const int fd = ::open(path.c_str(), O_PATH | O_CLOEXEC | nofollow);
    if (fd < 0)
        return {errno, {}};
    std::string place(PATH_MAX, '\0');
    const ssize_t size =
        ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), place.data(), place.size());
    ::close(fd);
    REQUIRE(size > 0);
    place.resize(static_cast<std::size_t>(size));
    return {0, place};
}

Answer realpath_answer(const std::string& path) {
    char* const place = ::realpath(path.c_str(), nullptr);
    if (place == nullptr)
        return {errno, {}};
    Answer answer{0, place};
    std::free(place); // NOLINT(cppcoreguidelines-no-malloc)
    return answer;
}

Answer our_answer(const FileSystem& files, const std::string& path, Follow follow) {
    const Result<std::string> place = resolve_path(files, path, follow);
    return place ? Answer{0, *place} : Answer{place.error().code, {}};
}

std::string random_path(RandomChoice& choice, const RandomTree& tree) {
    std::string path = tree.top();
    const std::size_t count = choice.below(6);
    for (std::size_t i = 0; i < count; ++i) {
        path += choice.chance(90) ? "/" : "//";
        if (choice.chance(20))
            path += choice.chance(50) ? "." : "..";
        else
            path += tree.names().empty() || choice.chance(5) ? RandomTree::random_name(choice)
                                                             : choice.pick(tree.names());
    }
    return choice.chance(20) ? path + '/' : path;
}

} // namespace

TEST_CASE("paths lead where the kernel and realpath(3) say") {
    const std::uint64_t seed = setting("UPSTREAM_LINT_SEED", 1);
    const std::uint64_t cases = random_cases(3000);
    MESSAGE("UPSTREAM_LINT_SEED=" << seed << " UPSTREAM_LINT_CASES=" << cases);
    const std::shared_ptr<const FileSystem> disk = real_file_system();
    std::size_t found = 0;
    for (std::uint64_t done = 0; done < cases; done += paths_per_tree) {
        RandomChoice choice(seed * 1'000'033 + done);
        const RandomTree tree(choice);
        for (std::size_t i = 0; i < paths_per_tree; ++i) {
            const std::string path = random_path(choice, tree);
            CAPTURE(done);
            CAPTURE(path);
            const Answer followed = kernel_answer(path, Follow::yes);
            found += followed.code == 0 ? 1U : 0U;
            CHECK(text_of(realpath_answer(path)) == text_of(followed));
            CHECK(text_of(our_answer(*disk, path, Follow::yes)) == text_of(followed));
            CHECK(text_of(our_answer(tree.memory(), path, Follow::yes)) == text_of(followed));
            const Answer kept = kernel_answer(path, Follow::no);
            CHECK(text_of(our_answer(*disk, path, Follow::no)) == text_of(kept));
            CHECK(text_of(our_answer(tree.memory(), path, Follow::no)) == text_of(kept));
        }
    }
    CHECK(found * 5 > cases);
}

} // namespace upstream_lint::test
