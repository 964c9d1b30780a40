// Bytes that may be the output of `nginx -T`.

#include "property.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/file_system.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace upstream_lint::fuzz {
namespace {

constexpr std::size_t max_entries = 200;

bool lies_in(std::string_view part, std::string_view whole) {
    const std::less_equal<> at_or_before;
    return part.empty() || (at_or_before(whole.data(), part.data()) &&
                            at_or_before(part.data() + part.size(), whole.data() + whole.size()));
}

/// Looks at everything below a folder, as a glob would.
class Walk {
public:
    Walk(const FileSystem& files, std::string_view whole) : files_(files), whole_(whole) {}

    void folder(const std::string& path, int depth) {
        const auto listed = files_.list(path);
        if (!listed || depth == 0)
            return;
        for (const auto& [name, kind] : *listed) {
            if (++seen_ > max_entries)
                return;
            require(!name.empty() && name != "." && name != ".." &&
                        name.find('/') == std::string::npos,
                    "a listed name is one component");
            entry(path == "/" ? path + name : path + "/" + name, depth);
        }
    }

    void entry(const std::string& path, int depth) {
        const auto status = files_.status(path, Follow::yes);
        const auto bytes = files_.read(path);
        if (bytes) {
            require(status.has_value(), "what can be read has a status");
            require(lies_in(bytes->view(), whole_), "a dumped file views into the dump");
            require(status->size == bytes->size(), "a file has the size its status says");
        }
        if (status && status->kind == FileKind::directory)
            folder(path, depth - 1);
    }

private:
    const FileSystem& files_;
    std::string_view whole_;
    std::size_t seen_ = 0;
};

void check(const Bytes& bytes) {
    const auto dump = parse_nginx_dump(bytes);
    require(dump.has_value() == is_nginx_dump(bytes.view()), "what looks like a dump is one");
    if (!dump)
        return;
    Walk walk(*dump->files, bytes.view());
    walk.folder("/", 6);
    for (const std::string_view pattern : {"/*", "/*/*", "/etc/nginx/*.conf", "/[a-e]*/?*/*"}) {
        const auto matches = glob(*dump->files, pattern);
        if (matches) {
            for (const std::string& match : *matches)
                require(dump->files->status(match, Follow::no).has_value(), "a match exists");
        }
    }
    LoadOptions options;
    options.build = official_build(newest_tested_version);
    options.first_error_only = false;
    options.threads = 1;
    const Config config = load_config(*dump->files, dump->main_file, options);
    if (!config.inclusions().empty())
        require(lies_in(config.sources().bytes(FileId{0}), bytes.view()),
                "the main file views into the dump");
}

} // namespace
} // namespace upstream_lint::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    upstream_lint::fuzz::check(
        upstream_lint::Bytes(std::string(upstream_lint::fuzz::as_text(data, size))));
    return 0;
}
