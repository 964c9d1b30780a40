#include "upstream_lint/config.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace upstream_lint::test {

TEST_CASE("secrets are masked and nothing moves") {
    struct Row {
        std::string text;
        std::string masked;
    };

    const std::vector<Row> rows = {
        {"proxy_set_header Authorization \"Basic YTpi\";",
         "proxy_set_header Authorization \"**********\";"},
        {"proxy_set_header authorization 'Bearer $token';",
         "proxy_set_header authorization '*******$token';"},
        {"proxy_set_header Host $host;", "proxy_set_header Host $host;"},
        {"fastcgi_param DB_PASSWORD abc;", "fastcgi_param DB_PASSWORD ***;"},
        {"set $api_key ab${x}c;", "set $api_key **${x}*;"},
        {"set $name abc;", "set $name abc;"},
        {"secure_link_md5 \"$uri secret\";", "secure_link_md5 \"$uri*******\";"},
        {"more_set_headers \"X-Token: abc\";", "more_set_headers \"X-Token*****\";"},
        {"auth_basic_user_file /etc/passwords;", "auth_basic_user_file /etc/passwords;"},
        {"a b; # password abc\nc d;", "a b; #             \nc d;"},
        {"# x\na { b c; } # y", "#  \na { b c; } #  "},
        {"content_by_lua_block { x(\n1) }", "content_by_lua_block {   \n   }"}};
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(without_secrets(parse(row.text)) == row.masked);
    }
}

} // namespace upstream_lint::test
