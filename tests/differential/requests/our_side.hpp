#pragma once

#include "requests/predicted.hpp"
#include "requests/site.hpp"
#include "upstream_lint/nginx_build.hpp"
#include "upstream_lint/routes.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace upstream_lint::differential {

/// An example of `routes`, as a client sends it, and where it should arrive.
struct ExpectedWay {
    ClientRequest request;
    std::optional<std::string> tag; ///< as in PredictedWay
    std::vector<std::string> peers; ///< one of them is asked
};

/// This project's reading of the `nginx.conf` in a folder.
class OurSide {
public:
    /// `peers` are the upstreams that answer.
    OurSide(const std::string& folder, const NginxBuild& build, std::vector<std::string> peers);

    /// Why there is nothing to ask; empty when there is.
    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

    [[nodiscard]] Predicted predict(const ClientRequest& request);

    /// Examples of all ways that suppose nothing and lead to upstreams that answer.
    [[nodiscard]] std::vector<ExpectedWay> examples();

    /// The tags of blocks whose pass directives no request gets to.
    [[nodiscard]] std::set<std::string> unreachable_blocks();

private:
    [[nodiscard]] const RouteList& routes();
    [[nodiscard]] bool is_hidden(const Listener& listener) const;

    std::shared_ptr<const FileSystem> files_;
    std::vector<std::string> peers_;
    std::optional<Model> model_;
    std::optional<Router> router_;
    RouterOptions options_;
    std::optional<RouteList> routes_; // made when it is first asked for
    std::string problem_;
};

} // namespace upstream_lint::differential
