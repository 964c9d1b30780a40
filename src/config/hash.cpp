#include "config/hash.hpp"

#include "config/ascii.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

using Keys = std::span<const std::string_view>;

constexpr std::int64_t word = 8; // sizeof(void*)
constexpr std::int64_t longest_bucket = 65536 - cache_line;

/// NGX_HASH_ELT_SIZE
std::int64_t element_size(std::string_view key) {
    const auto length = static_cast<std::int64_t>(key.size());
    return word + (length + 2 + word - 1) / word * word;
}

/// ngx_hash_key_lc
std::uint64_t hash_of(std::string_view key) {
    std::uint64_t hash = 0;
    for (const char c : key) {
        hash = hash * 31 + static_cast<unsigned char>(to_lower(c));
    }
    return hash;
}

bool fail(Cycle& cycle, const HashPlan& plan, std::string message) {
    cycle.report_without_place(Level::emerg, std::move(message), plan.shown);
    return false;
}

bool fail_max_size(Cycle& cycle, const HashPlan& plan) {
    return fail(cycle, plan,
                fmt::format("could not build {0}, you should increase {0}_max_size: {1}", plan.name,
                            plan.max_size));
}

bool fail_bucket_size(Cycle& cycle, const HashPlan& plan, std::string_view key) {
    cycle
        .report_without_place(Level::emerg,
                              fmt::format("could not build {0}, you should increase "
                                          "{0}_bucket_size: {1}",
                                          plan.name, plan.bucket_size),
                              plan.shown)
        .notes.push_back(
            fmt::format("`{}` alone takes {} bytes of a bucket", key, element_size(key) + word));
    return false;
}

class Buckets {
public:
    explicit Buckets(Keys keys) {
        elements_.reserve(keys.size());
        for (const std::string_view key : keys) {
            elements_.push_back({hash_of(key), element_size(key)});
        }
        std::ranges::sort(elements_, {}, &Element::hash);
    }

    /// The most that elements of one hash take, whatever the size of the table.
    [[nodiscard]] std::int64_t fullest() const {
        std::int64_t most = 0;
        std::int64_t taken = 0;
        for (std::size_t i = 0; i < elements_.size(); ++i) {
            const bool same = i != 0 && elements_[i].hash == elements_[i - 1].hash;
            taken = (same ? taken : 0) + elements_[i].size;
            most = std::max(most, taken);
        }
        return most;
    }

    /// Whether no bucket of a table of that size takes more than `limit` bytes.
    bool fit(std::int64_t size, std::int64_t limit) {
        const auto buckets = static_cast<std::uint64_t>(size);
        taken_.resize(std::max(taken_.size(), static_cast<std::size_t>(size)));
        const auto overflow = std::ranges::find_if(elements_, [&](const Element& element) {
            std::int64_t& taken = taken_[element.hash % buckets];
            taken += element.size;
            return taken > limit;
        });
        for (const Element& element : elements_) {
            taken_[element.hash % buckets] = 0;
        }
        return overflow == elements_.end();
    }

    /// The same for any size, with a sort in place of a table.
    [[nodiscard]] bool fit_any(std::int64_t size, std::int64_t limit) const {
        std::vector<Element> sorted = elements_;
        for (Element& element : sorted) {
            element.hash %= static_cast<std::uint64_t>(size);
        }
        Buckets buckets(std::move(sorted));
        return buckets.fullest() <= limit;
    }

private:
    struct Element {
        std::uint64_t hash;
        std::int64_t size;
    };

    explicit Buckets(std::vector<Element> elements) : elements_(std::move(elements)) {
        std::ranges::sort(elements_, {}, &Element::hash);
    }

    std::vector<Element> elements_;   // by hash
    std::vector<std::int64_t> taken_; // zeros between calls
};

std::int64_t first_size(const HashPlan& plan, std::int64_t count) {
    const std::int64_t in_bucket = (plan.bucket_size - word) / (2 * word);
    if (plan.max_size > 10000 && count != 0 && plan.max_size / count < 100) {
        return plan.max_size - 1000;
    }
    return std::max<std::int64_t>(count / std::max<std::int64_t>(in_bucket, 1), 1);
}

bool has_fitting_size(Buckets& buckets, const HashPlan& plan, std::int64_t count) {
    const std::int64_t limit = plan.bucket_size - word;
    if (buckets.fullest() > limit) {
        return false;
    }
    for (std::int64_t size = first_size(plan, count); size <= plan.max_size; ++size) {
        if (buckets.fit(size, limit)) {
            return true;
        }
    }
    return false;
}

/// The order of ngx_dns_strcmp: a dot comes first.
bool dns_less(std::string_view a, std::string_view b) {
    const auto rank = [](char c) { return c == '.' ? ' ' : static_cast<unsigned char>(c); };
    return std::ranges::lexicographical_compare(a, b, {}, rank, rank);
}

/// One level of a tree of labels, deeper ones first; `names` are sorted (ngx_hash_wildcard_init).
bool build_wildcards(Cycle& cycle, const HashPlan& plan, Keys names) {
    std::vector<std::string_view> labels;
    for (std::size_t n = 0; n < names.size();) {
        const std::size_t dot = names[n].find('.');
        const bool has_dot = dot != std::string_view::npos;
        const std::string_view label = names[n].substr(0, dot);
        const std::string_view prefix = names[n].substr(0, has_dot ? dot + 1 : dot);
        labels.push_back(label);
        std::vector<std::string_view> rest;
        if (prefix.size() != names[n].size()) {
            rest.push_back(names[n].substr(prefix.size()));
        }
        for (++n; n < names.size() && names[n].starts_with(prefix); ++n) {
            if (!has_dot && names[n].size() > prefix.size() && names[n][prefix.size()] != '.') {
                break;
            }
            rest.push_back(names[n].substr(label.size() + 1));
        }
        if (!rest.empty() && !build_wildcards(cycle, plan, rest)) {
            return false;
        }
    }
    return build_hash(cycle, plan, labels);
}

bool build_wildcards(Cycle& cycle, const HashPlan& plan, const std::vector<std::string>& names) {
    std::vector<std::string_view> sorted(names.begin(), names.end());
    std::ranges::sort(sorted, dns_less);
    return sorted.empty() || build_wildcards(cycle, plan, Keys(sorted));
}

/// `com.example.` of `.example.com`
std::string reversed_labels(std::string_view name) {
    std::string reversed;
    while (!name.empty()) {
        const std::size_t dot = name.rfind('.');
        reversed += name.substr(dot + 1);
        reversed += dot == std::string_view::npos ? "" : ".";
        name = name.substr(0, dot == std::string_view::npos ? 0 : dot);
    }
    return reversed;
}

} // namespace

bool build_hash(Cycle& cycle, const HashPlan& plan, Keys keys) {
    if (plan.max_size == 0) {
        return fail_max_size(cycle, plan);
    }
    if (plan.bucket_size > longest_bucket) {
        return fail(cycle, plan,
                    fmt::format("could not build {0}, too large {0}_bucket_size: {1}", plan.name,
                                plan.bucket_size));
    }
    const auto too_long = std::ranges::find_if(
        keys, [&](auto key) { return plan.bucket_size < element_size(key) + word; });
    if (too_long != keys.end()) {
        return fail_bucket_size(cycle, plan, *too_long);
    }
    Buckets buckets(keys);
    if (has_fitting_size(buckets, plan, static_cast<std::int64_t>(keys.size() + plan.removed))) {
        return true;
    }
    cycle.report_without_place(Level::warn,
                               fmt::format("could not build optimal {0}, you should increase "
                                           "either {0}_max_size: {1} or {0}_bucket_size: {2}; "
                                           "ignoring {0}_bucket_size",
                                           plan.name, plan.max_size, plan.bucket_size),
                               plan.shown);
    return buckets.fit_any(plan.max_size, longest_bucket - word) || fail_max_size(cycle, plan);
}

HashKeys::Added HashKeys::add(std::string_view name, Wildcards wildcards) {
    if (wildcards == Wildcards::no) {
        return add_exact(name);
    }
    const auto stars = std::ranges::count(name, '*');
    if (stars > 1 || name.find("..") != std::string_view::npos ||
        name.find('\0') != std::string_view::npos) {
        return Added::invalid;
    }
    if (name.size() > 1 && name.front() == '.') {
        return add_dotted(name.substr(1));
    }
    if (name.size() > 2 && name.starts_with("*.")) {
        return add_head(name.substr(2), name.substr(1));
    }
    if (name.size() > 2 && name.ends_with(".*")) {
        return add_tail(name.substr(0, name.size() - 2));
    }
    return stars != 0 ? Added::invalid : add_exact(name);
}

HashKeys::Added HashKeys::add_exact(std::string_view name) {
    if (!exact_names_.insert(name).second) {
        return Added::conflicting;
    }
    exact_.push_back(name);
    return Added::yes;
}

HashKeys::Added HashKeys::add_dotted(std::string_view domain) {
    return exact_names_.insert(domain).second ? add_head(domain, domain) : Added::conflicting;
}

HashKeys::Added HashKeys::add_head(std::string_view domain, std::string_view labels) {
    if (!head_names_.insert(domain).second) {
        return Added::conflicting;
    }
    head_.push_back(reversed_labels(labels));
    return Added::yes;
}

HashKeys::Added HashKeys::add_tail(std::string_view name) {
    if (!tail_names_.insert(name).second) {
        return Added::conflicting;
    }
    tail_.emplace_back(name);
    return Added::yes;
}

bool HashKeys::build(Cycle& cycle, const HashPlan& plan) const {
    return (exact_.empty() || build_hash(cycle, plan, exact_)) &&
           build_wildcards(cycle, plan, head_) && build_wildcards(cycle, plan, tail_);
}

} // namespace upstream_lint
