#include <iostream>
#include <upstream_lint/config.hpp>
#include <upstream_lint/host.hpp>
#include <upstream_lint/render.hpp>
#include <upstream_lint/version.hpp>

// Reads the configuration named on the command line through both libraries.
int main(int argc, char** argv) {
    if (argc != 2) {
        return 2;
    }
    if (upstream_lint::version != WANTED_VERSION) {
        std::cerr << "the headers are of version " << upstream_lint::version << '\n';
        return 1;
    }
    upstream_lint::LoadOptions options;
    options.build = upstream_lint::official_build(upstream_lint::newest_tested_version);
    const auto files = upstream_lint::real_file_system();
    const auto config = upstream_lint::load_config(*files, argv[1], options);
    std::cout << upstream_lint::render_nginx(config) << upstream_lint::render_dump(config, {}, {});
    return config.verdict() == upstream_lint::Verdict::satisfied ? 0 : 1;
}
