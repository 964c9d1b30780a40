#pragma once

#include "requests/site.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::differential {

/// Percentages of what is odd.
struct RequestOddities {
    unsigned path = 35;    ///< spelled in another way than it has to be
    unsigned args = 40;    ///< with arguments
    unsigned invalid = 2;  ///< nginx should refuse it
    unsigned method = 15;  ///< not GET
    unsigned absolute = 4; ///< `http://host/...`
    unsigned http_1_0 = 8; ///< or 0.9
    unsigned bad_host = 3; ///< missing, twice, broken
    unsigned header = 30;  ///< one of the headers that configurations look at
};

/// Makes requests near the paths that a configuration speaks of.
class RequestMaker {
public:
    /// `paths` are decoded; `hosts` are values of Host.
    RequestMaker(Random& random, std::vector<std::string> paths, std::vector<std::string> hosts,
                 RequestOddities oddities = {});

    /// `connect` is left to the caller.
    [[nodiscard]] ClientRequest make();

    /// A path near one of those known.
    [[nodiscard]] std::string path();
    /// The path as a request target, spelled at random.
    [[nodiscard]] std::string spell(std::string_view path);

private:
    [[nodiscard]] std::string encoded(std::string_view path);
    void bend(std::string& target);
    void break_target(std::string& target);
    [[nodiscard]] std::string args();
    void add_host(ClientRequest& request);
    void add_headers(ClientRequest& request);

    Random& random_;
    std::vector<std::string> paths_;
    std::vector<std::string> hosts_;
    RequestOddities oddities_;
};

} // namespace upstream_lint::differential
