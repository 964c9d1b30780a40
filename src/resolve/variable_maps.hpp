#pragma once

#include "config/radix_tree.hpp"
#include "model/server_names.hpp"
#include "resolve/script.hpp"
#include "upstream_lint/model.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Variables whose values a block of the configuration lists.
namespace upstream_lint {

/// `map` (src/http/modules/ngx_http_map_module.c).
struct VariableMap {
    using Index = ServerNameTable::Index; ///< in `values`

    ComplexValue source;
    bool is_volatile = false;
    bool has_hostnames = false;
    std::vector<ComplexValue> values;
    Index default_value = ServerNameTable::none;
    std::unordered_map<std::string, Index> exact; ///< in lower case
    ServerNameTable names;                        ///< those that may have wildcards
    std::vector<std::string> name_texts;          ///< what `names` views
    std::vector<std::pair<HttpRegex*, Index>> regexes;
    DirectiveRef directive;

    /// Without regular expressions. `key` is in lower case.
    [[nodiscard]] Index find(const std::string& key) const;
};

/// `geo` (src/http/modules/ngx_http_geo_module.c).
struct GeoMap {
    struct Range {
        std::uint32_t first = 0;
        std::uint32_t last = 0;
        std::string_view value;
    };

    ComplexValue address;
    bool is_volatile = false;
    bool has_ranges = false;
    bool has_proxies = false;                               ///< it looks at X-Forwarded-For
    std::vector<std::unique_ptr<const std::string>> values; ///< what all below views
    std::string_view default_value;
    RadixTree ipv4;
    RadixTree ipv6;
    std::vector<Range> ranges; ///< the last one that holds an address counts
    DirectiveRef directive;

    /// None: what is no internet address.
    [[nodiscard]] std::string_view find(const std::optional<SocketAddress>& client) const;
};

/// `split_clients` (src/http/modules/ngx_http_split_clients_module.c).
struct SplitClients {
    struct Part {
        std::uint32_t until = 0; ///< hashes below it; 0: all
        std::string value;
    };

    ComplexValue source;
    std::vector<Part> parts;
    DirectiveRef directive;

    [[nodiscard]] std::string_view find(std::string_view key) const;
};

/// The variables that blocks of a configuration define.
struct VariableMaps {
    std::unordered_map<VariableIndex, VariableMap> maps;
    std::unordered_map<VariableIndex, GeoMap> geos;
    std::unordered_map<VariableIndex, SplitClients> splits;
    std::vector<VariableIndex> others; ///< of blocks of other modules
};

/// Of `http` or of `stream`.
[[nodiscard]] VariableMaps compile_variable_maps(const Model& model, Protocol protocol,
                                                 VariableNames& names, HttpRegexes& regexes);

/// ngx_murmur_hash2
[[nodiscard]] std::uint32_t murmur_hash2(std::string_view text);

} // namespace upstream_lint
