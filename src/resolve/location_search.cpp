#include "resolve/location_search.hpp"

#include "model/letter_case.hpp"

#include <algorithm>
#include <vector>

namespace upstream_lint {

namespace {

/// A level on the way down, and what was found among its exact and prefix locations.
struct Step {
    LocationId level;
    LocationId hit;
};

class Search {
public:
    Search(const Model& model, const TryLocation& try_location, std::string_view uri) :
        model_(model), try_location_(try_location), uri_(uri) {}

    LocationMatch run(LocationId level) {
        match_.location = level;
        // below a regular expression nothing further out is tried any more
        while (!descend(level) && try_regexes()) {
            level = match_.location;
        }
        return match_;
    }

private:
    /// Into the longest prefix of each level; true when that has decided.
    bool descend(LocationId level) {
        steps_.clear();
        for (;;) {
            const StaticMatch found = model_.find_static(level, uri_);
            if (found.kind == StaticMatch::Kind::none) {
                steps_.push_back({level, {}});
                return false;
            }
            match_.location = found.location;
            if (found.kind == StaticMatch::Kind::exact) {
                return true;
            }
            if (found.kind == StaticMatch::Kind::redirect) {
                // nginx forgets it where a regular expression stands around
                if (match_.regex.is_none()) {
                    match_.kind = LocationMatch::Kind::redirect;
                }
                return true;
            }
            steps_.push_back({level, found.location});
            level = found.location;
        }
    }

    /// From the innermost level on; true when one matched, which is the location then.
    bool try_regexes() {
        std::ranges::reverse(steps_);
        for (const Step& step : steps_) {
            if (!step.hit.is_none() && model_.location(step.hit).stops_regexes) {
                continue;
            }
            for (const LocationId id : model_.find_regexes(step.level, uri_)) {
                const Matcher::Outcome outcome = try_location_(id);
                if (outcome == Matcher::Outcome::not_matched) {
                    continue;
                }
                match_.location = id;
                match_.regex = id;
                if (outcome == Matcher::Outcome::failed) {
                    match_.kind = LocationMatch::Kind::failed;
                    return false;
                }
                return true;
            }
        }
        return false;
    }

    const Model& model_;
    const TryLocation& try_location_;
    std::string_view uri_;
    std::vector<Step> steps_;
    LocationMatch match_;
};

} // namespace

Matcher& LocationRegexes::of(LocationId id) {
    const Location& location = model_.location(id);
    return matchers_.try_emplace(id.value, location.name, case_of(location), space_).first->second;
}

LocationMatch find_location(const Model& model, LocationRegexes& regexes, ServerId server,
                            std::string_view uri) {
    return find_location(
        model, [&](LocationId id) { return regexes.of(id).match(uri); }, model.server(server).level,
        uri);
}

LocationMatch find_location(const Model& model, const TryLocation& try_location, LocationId level,
                            std::string_view uri) {
    return Search(model, try_location, uri).run(level);
}

} // namespace upstream_lint
