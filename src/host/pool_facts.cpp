#include "facts/fpm_file.hpp"
#include "host/open_below.hpp"
#include "host/provider.hpp"
#include "host/system_root.hpp"

#include <fmt/format.h>
#include <set>

namespace upstream_lint {

namespace {

// Where Debian, Red Hat and PHP itself keep the main file, and their pools where that cannot be
// read.
constexpr const char* patterns[] = {"/etc/php/*/fpm/php-fpm.conf",
                                    "/etc/php-fpm.conf",
                                    "/usr/local/etc/php-fpm.conf",
                                    "/etc/php/*/fpm/pool.d/*.conf",
                                    "/etc/php-fpm.d/*.conf",
                                    "/usr/local/etc/php-fpm.d/*.conf",
                                    "/etc/opt/remi/php*/php-fpm.d/*.conf"};

constexpr std::size_t max_files = 10'000;

class PoolReader {
public:
    explicit PoolReader(const std::string& root) : files_(files_below(root)) {
        facts_.reading.source = "php-fpm.conf";
    }

    FpmFacts run() {
        for (const char* pattern : patterns)
            read_all(pattern);
        if (seen_.empty())
            facts_.reading.status = ReadStatus::absent;
        else if (facts_.reading.status == ReadStatus::not_asked)
            facts_.reading.status = ReadStatus::ok;
        return std::move(facts_);
    }

private:
    void miss(std::string reason) {
        facts_.reading.status = ReadStatus::partial;
        facts_.reading.reason = std::move(reason);
    }

    // Includes are few; those that include each other are read once.
    void read_all(const std::string& first) {
        std::vector<std::string> open{first};
        while (!open.empty()) {
            const std::string pattern = std::move(open.back());
            open.pop_back();
            const auto names = glob(*files_, pattern);
            if (!names) {
                miss(describe(names.error()));
                continue;
            }
            for (const std::string& name : *names)
                read(name, open);
        }
    }

    void read(const std::string& name, std::vector<std::string>& includes) {
        if (seen_.size() >= max_files || !seen_.insert(name).second)
            return;
        const auto bytes = files_->read(name);
        if (!bytes)
            return miss(describe(bytes.error()));
        FpmFile file = parse_fpm_file(bytes->view(), name);
        for (FpmPool& pool : file.pools)
            facts_.pools.push_back(std::move(pool));
        for (std::string& include : file.includes)
            includes.push_back(std::move(include));
        if (!file.problems.empty())
            miss(fmt::format("{}:{}: {}", name, file.problems.front().line,
                             file.problems.front().reason));
    }

    std::shared_ptr<const FileSystem> files_;
    FpmFacts facts_;
    std::set<std::string> seen_;
};

} // namespace

Snapshot collect_pools(const ProviderInput& input) {
    Snapshot facts;
    facts.fpm = PoolReader(system_root(input)).run();
    return facts;
}

} // namespace upstream_lint
