#pragma once

#include <string>
#include <vector>

namespace upstream_lint::test {

/// The control groups that an engine makes for its containers; those that were not there before are
/// removed with this object, as far as nobody is in them.
class Cgroups {
public:
    explicit Cgroups(const std::string& name);
    ~Cgroups();

    Cgroups(const Cgroups&) = delete;
    Cgroups& operator=(const Cgroups&) = delete;

private:
    std::vector<std::string> new_;
};

} // namespace upstream_lint::test
