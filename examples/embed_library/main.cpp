// Reads a configuration and lists where its requests are passed to, then what is wrong with it.
//
//   embed_library /etc/nginx/nginx.conf
//   embed_library examples/broken-site /etc/nginx/nginx.conf
//
// With two arguments the folder stands for /etc/nginx.

#include <filesystem>
#include <iostream>
#include <upstream_lint/config.hpp>
#include <upstream_lint/host.hpp>
#include <upstream_lint/render.hpp>

namespace lint = upstream_lint;

namespace {

// Every directive of every file that was read, each as often as it is included.
void list_passes(const lint::Config& config) {
    for (const lint::Inclusion& inclusion : config.inclusions()) {
        const lint::SyntaxTree& tree = config.tree(inclusion.file);
        for (std::uint32_t i = 0; i < tree.nodes().size(); ++i) {
            const lint::NodeId id{i};
            const auto words = tree.words(id);
            if (!tree.raw_name(id).ends_with("_pass") || words.size() < 2) {
                continue;
            }
            const lint::SourceManager& sources = config.sources();
            std::cout << sources.name(inclusion.file) << ':'
                      << sources.line_column(inclusion.file, words.front().begin).line << ": "
                      << tree.raw_name(id) << " to " << tree.value(words[1]) << '\n';
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2 && argc != 3) {
        std::cerr << "usage: embed_library [FOLDER] CONF\n";
        return 2;
    }
    auto files = lint::real_file_system();
    if (argc == 3) {
        const std::string folder = std::filesystem::absolute(argv[1]).string();
        files = lint::map_view(files, {{.name = "/etc/nginx", .path = folder}});
    }

    lint::LoadOptions options;
    options.build = lint::official_build(lint::newest_tested_version);
    options.first_error_only = false;
    const std::string main_file = std::filesystem::absolute(argv[argc - 1]).string();
    const lint::Config config = lint::load_config(*files, main_file, options);

    list_passes(config);
    const lint::TextStyle style{.color = false, .base_folder = lint::current_directory() + "/"};
    std::cout << lint::render_text(config.diagnostics(), config.sources(), style);
    return config.verdict() == lint::Verdict::satisfied ? 0 : 1;
}
