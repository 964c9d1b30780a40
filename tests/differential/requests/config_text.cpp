#include "requests/config_text.hpp"

#include "requests/observed.hpp"

namespace upstream_lint::differential {

void ConfigText::add(std::string_view words) {
    text_.append(depth_ * 4, ' ').append(words).append(";\n");
}

void ConfigText::open(std::string_view words) {
    text_.append(depth_ * 4, ' ').append(words).append(" {\n");
    ++depth_;
}

void ConfigText::open_tagged(std::string_view words) {
    open(words);
    add("add_header " + std::string(block_header) + ' ' + std::to_string(++tags_) + " always");
}

void ConfigText::close() {
    --depth_;
    text_.append(depth_ * 4, ' ').append("}\n");
}

std::string word_of(std::string_view value) {
    if (!value.empty() && value.find_first_of(" \t\r\n;{}\"'\\#()") == std::string_view::npos)
        return std::string(value);
    std::string word = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\')
            word += '\\';
        word += c;
    }
    return word + '"';
}

void begin_http(ConfigText& config) {
    config.open("events");
    config.add("worker_connections 512");
    config.close();
    config.open("http");
    config.add("access_log off");
    for (const char* name : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
        config.add(std::string(name) + "_temp_path temp");
    // What is echoed stands in a header, which has to fit.
    for (const char* name : {"proxy", "fastcgi", "uwsgi", "scgi"}) {
        config.add(std::string(name) + "_buffer_size 32k");
        config.add(std::string(name) + "_buffers 8 32k");
    }
    config.add("memcached_buffer_size 32k");
}

} // namespace upstream_lint::differential
