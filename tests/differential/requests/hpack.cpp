#include "requests/hpack.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

namespace upstream_lint::differential {

namespace {

/// The bits of each byte's code (appendix B). The codes are canonical, so that these tell them: the
/// shorter ones first, and among those of one length the smaller byte.
constexpr std::array<std::uint8_t, 256> code_lengths = {
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
    28, 28, 28, 28, 28, 28, 28, 28, 6,  10, 10, 12, 13, 6,  8,  11, 10, 10, 8,  11, 8,  6,  6,  6,
    5,  5,  5,  6,  6,  6,  6,  6,  6,  6,  7,  8,  15, 6,  12, 10, 13, 6,  7,  7,  7,  7,  7,  7,
    7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  8,  7,  8,  13, 19, 13, 14, 6,
    15, 5,  6,  5,  6,  5,  6,  6,  6,  5,  7,  7,  6,  6,  6,  5,  6,  7,  6,  5,  5,  6,  7,  7,
    7,  7,  7,  15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21,
    23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24,
    21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26};

/// By length and code.
const std::map<std::pair<unsigned, std::uint32_t>, char>& huffman_codes() {
    static const auto codes = [] {
        std::map<std::pair<unsigned, std::uint32_t>, char> all;
        std::uint32_t code = 0;
        const unsigned longest = *std::ranges::max_element(code_lengths);
        for (unsigned length = 1; length <= longest; ++length) {
            code <<= 1U;
            for (std::size_t byte = 0; byte < code_lengths.size(); ++byte)
                if (code_lengths[byte] == length)
                    all[{length, code++}] = static_cast<char>(byte);
        }
        return all;
    }();
    return codes;
}

/// What is left at the end is padding.
std::string decode_huffman(std::string_view bytes) {
    std::string text;
    unsigned length = 0;
    std::uint32_t code = 0;
    for (const char byte : bytes)
        for (int bit = 7; bit >= 0; --bit) {
            code = code << 1U | (static_cast<unsigned char>(byte) >> bit & 1U);
            const auto found = huffman_codes().find({++length, code});
            if (found == huffman_codes().end())
                continue;
            text += found->second;
            length = 0;
            code = 0;
        }
    return text;
}

class Reader {
public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    [[nodiscard]] bool is_at_end() const { return bytes_.empty(); }

    [[nodiscard]] unsigned next() const { return static_cast<unsigned char>(bytes_.front()); }

    std::size_t number(unsigned prefix_bits) {
        const std::size_t most = (1U << prefix_bits) - 1;
        std::size_t value = take() & most;
        if (value < most)
            return value;
        for (unsigned shift = 0; !is_at_end(); shift += 7) {
            const std::size_t byte = take();
            value += (byte & 127U) << shift;
            if (byte < 128)
                break;
        }
        return value;
    }

    std::string text() {
        if (is_at_end())
            return "";
        const bool is_huffman = next() >= 128;
        const std::size_t size = number(7);
        const std::string_view part = bytes_.substr(0, size);
        bytes_.remove_prefix(part.size());
        return is_huffman ? decode_huffman(part) : std::string(part);
    }

private:
    std::size_t take() {
        if (is_at_end())
            return 0;
        const std::size_t byte = next();
        bytes_.remove_prefix(1);
        return byte;
    }

    std::string_view bytes_;
};

/// Of the static table what nginx names.
std::optional<HeaderField> indexed(std::size_t index) {
    switch (index) {
    case 1:
        return HeaderField{":authority", ""};
    case 2:
        return HeaderField{":method", "GET"};
    case 3:
        return HeaderField{":method", "POST"};
    case 4:
        return HeaderField{":path", "/"};
    case 6:
        return HeaderField{":scheme", "http"};
    case 7:
        return HeaderField{":scheme", "https"};
    default:
        return std::nullopt;
    }
}

void append_text(std::string& block, std::string_view text) {
    std::size_t rest = text.size();
    if (rest < 127) {
        block += static_cast<char>(rest);
    } else {
        block += static_cast<char>(127);
        for (rest -= 127; rest >= 128; rest >>= 7U)
            block += static_cast<char>(128 | (rest & 127U));
        block += static_cast<char>(rest);
    }
    block += text;
}

} // namespace

std::optional<std::vector<HeaderField>> decode_headers(std::string_view block) {
    constexpr unsigned is_whole = 128;
    constexpr unsigned is_added = 64;
    std::vector<HeaderField> fields;
    Reader reader(block);
    while (!reader.is_at_end()) {
        const unsigned kind = reader.next();
        const std::size_t index = reader.number(kind >= is_whole ? 7 : kind >= is_added ? 6 : 4);
        std::optional<HeaderField> field =
            index == 0 ? HeaderField{reader.text(), ""} : indexed(index);
        if (!field)
            return std::nullopt;
        if (kind < is_whole)
            field->value = reader.text();
        fields.push_back(*std::move(field));
    }
    return fields;
}

std::string encode_headers(const std::vector<HeaderField>& fields) {
    std::string block;
    for (const HeaderField& field : fields) {
        block += '\0';
        append_text(block, field.name);
        append_text(block, field.value);
    }
    return block;
}

} // namespace upstream_lint::differential
