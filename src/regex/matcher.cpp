#include "regex/matcher.hpp"

#include "regex/named_captures.hpp"

#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace upstream_lint {

namespace {

pcre2_code* code_of(const std::shared_ptr<void>& code) {
    return static_cast<pcre2_code*>(code.get());
}

} // namespace

void* MatchSpace::with_groups(std::uint32_t groups) {
    if (data_ == nullptr || groups_ < groups) {
        groups_ = groups;
        data_.reset(::pcre2_match_data_create(groups, nullptr), [](void* data) {
            ::pcre2_match_data_free(static_cast<pcre2_match_data*>(data));
        });
    }
    return data_.get();
}

Matcher::Matcher(std::string_view pattern, Case letters, std::shared_ptr<MatchSpace> space) :
    space_(std::move(space)) {
    int error = 0;
    PCRE2_SIZE offset = 0;
    const std::uint32_t options = letters == Case::insensitive ? PCRE2_CASELESS : 0U;
    code_.reset(::pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                options, &error, &offset, nullptr),
                [](void* code) { ::pcre2_code_free(static_cast<pcre2_code*>(code)); });
    if (code_ != nullptr) {
        (void)::pcre2_pattern_info(code_of(code_), PCRE2_INFO_CAPTURECOUNT, &captures_);
    }
}

std::vector<Regex::NamedCapture> Matcher::named_captures() const {
    return code_ == nullptr ? std::vector<Regex::NamedCapture>() : named_captures_of(code_.get());
}

Matcher::Outcome Matcher::match(std::string_view text) {
    groups_.clear();
    const std::uint32_t pairs = captures_ + 1;
    auto* const data = static_cast<pcre2_match_data*>(space_->with_groups(pairs));
    if (code_ == nullptr || data == nullptr) {
        return Outcome::failed;
    }
    // interpreted, as nginx does unless `pcre_jit` says otherwise: compiled code of PCRE2 10.42
    // misses what the interpreter finds, such as `(?:b|)d*b` in `b`
    const int count = ::pcre2_match(code_of(code_), reinterpret_cast<PCRE2_SPTR>(text.data()),
                                    text.size(), 0, 0, data, nullptr);
    if (count == PCRE2_ERROR_NOMATCH) {
        return Outcome::not_matched;
    }
    if (count < 0) {
        return Outcome::failed;
    }
    const PCRE2_SIZE* const offsets = ::pcre2_get_ovector_pointer(data);
    groups_.resize(pairs);
    for (std::size_t i = 0; i < pairs; ++i) {
        if (offsets[2 * i] != PCRE2_UNSET) {
            groups_[i] = {offsets[2 * i], offsets[2 * i + 1]};
        }
    }
    return Outcome::matched;
}

} // namespace upstream_lint
