#include "support/process.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace upstream_lint::testing {

namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

using File = std::unique_ptr<std::FILE, CloseFile>;

File temporary_file() {
    File file(std::tmpfile());
    if (!file) {
        throw std::system_error(errno, std::generic_category(), "tmpfile");
    }
    return file;
}

std::string contents(const File& file) {
    std::string text;
    std::array<char, 65536> buffer{};
    std::rewind(file.get());
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
        text.append(buffer.data(), got);
    }
    return text;
}

[[noreturn]] void become(const std::vector<std::string>& arguments, const std::string& folder,
                         const File& in, const File& out, const File& err) {
    std::vector<char*> words;
    for (const std::string& argument : arguments) {
        words.push_back(const_cast<char*>(argument.c_str()));
    }
    words.push_back(nullptr);
    const bool ready = ::dup2(fileno(in.get()), STDIN_FILENO) >= 0 &&
                       ::dup2(fileno(out.get()), STDOUT_FILENO) >= 0 &&
                       ::dup2(fileno(err.get()), STDERR_FILENO) >= 0 &&
                       (folder.empty() || ::chdir(folder.c_str()) == 0);
    if (ready) {
        ::execv(words[0], words.data());
    }
    ::_exit(127);
}

} // namespace

ProcessResult run_process(const std::vector<std::string>& arguments, const std::string& folder,
                          const std::string& input) {
    const File in = temporary_file();
    const File out = temporary_file();
    const File err = temporary_file();
    std::fwrite(input.data(), 1, input.size(), in.get());
    std::rewind(in.get());
    const pid_t child = ::fork();
    if (child < 0) {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
    if (child == 0) {
        become(arguments, folder, in, out, err);
    }
    int state = 0;
    while (::waitpid(child, &state, 0) < 0) {
        if (errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "waitpid");
        }
    }
    return {WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state), contents(out),
            contents(err)};
}

} // namespace upstream_lint::testing
