#include "facts/acl.hpp"

#include <doctest/doctest.h>
#include <vector>

namespace upstream_lint {
namespace {

using Bytes = std::vector<std::uint8_t>;

} // namespace

// What `setfacl -m u:33:rw` leaves on a file of mode 0640.
TEST_CASE("entries of an access control list are read") {
    const auto entries = parse_acl(Bytes{2,    0, 0, 0,                         //
                                         0x01, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, //
                                         0x02, 0, 6, 0, 33,   0,    0,    0,    //
                                         0x04, 0, 4, 0, 0xff, 0xff, 0xff, 0xff, //
                                         0x10, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, //
                                         0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff});
    REQUIRE(entries);
    using Tag = AclEntry::Tag;
    CHECK(*entries == std::vector<AclEntry>{{Tag::user_owner, 0, 6},
                                            {Tag::user, 33, 6},
                                            {Tag::group_owner, 0, 4},
                                            {Tag::mask, 0, 6},
                                            {Tag::other, 0, 0}});
}

TEST_CASE("what is no access control list is none") {
    CHECK_FALSE(parse_acl({}));
    CHECK_FALSE(parse_acl(Bytes{1, 0, 0, 0}));
    CHECK_FALSE(parse_acl(Bytes{2, 0, 0, 0, 1}));
    CHECK_FALSE(parse_acl(Bytes{2, 0, 0, 0, 3, 0, 6, 0, 0, 0, 0, 0}));
    CHECK_FALSE(parse_acl(Bytes{2, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0, 0}));
    CHECK(parse_acl(Bytes{2, 0, 0, 0})->empty());
}

} // namespace upstream_lint
