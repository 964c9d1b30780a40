#include <iostream>
#include <upstream_lint/config.hpp>
#include <upstream_lint/render.hpp>

int main() {
    upstream_lint::MemoryFileSystem files;
    files.add("/etc/nginx/nginx.conf", "events {}\n"
                                       "http {\n"
                                       "    upstream app { server 127.0.0.1:3000; }\n"
                                       "    server { location / { proxy_pas http://app; } }\n"
                                       "}\n");
    upstream_lint::LoadOptions options;
    options.build = upstream_lint::official_build({1, 26, 3});
    const auto config = upstream_lint::load_config(files, "/etc/nginx/nginx.conf", options);
    std::cout << upstream_lint::render_nginx(config);
}
