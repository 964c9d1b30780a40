// What is read out of the bytes of an nginx executable or of saved `nginx -V` text.

#include "upstream_lint/nginx_build.hpp"

#include "property.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace upstream_lint::fuzz {
namespace {

void check_modules(const ModuleSet& modules) {
    int known = 0;
    for (std::size_t i = 0; i < module_count(); ++i) {
        const ModuleId module{static_cast<std::uint16_t>(i)};
        known += modules.contains(module) ? 1 : 0;
        require(find_module(module_name(module)) == module, "a module's name finds it");
    }
    require(known == modules.size(), "a set holds known modules only");
}

void check_build(const NginxBuild& build) {
    require(parse_version(to_string(build.version)) == build.version,
            "a version reads back as it is written");
    check_modules(build.modules);
    check_modules(build.loadable);
}

// Every word of the bytes as the stem of a shared object.
void check_objects(std::string_view bytes, const NginxBuild& build) {
    for (std::size_t count = 0; !bytes.empty() && count < 64; ++count) {
        const std::size_t end = bytes.find_first_of(" \n=,");
        const std::string_view word = bytes.substr(0, end);
        if (const auto modules = modules_of_object(word, build))
            check_modules(*modules);
        (void)parse_version(word);
        (void)parse_context(word);
        (void)find_module(word);
        if (end == std::string_view::npos)
            break;
        bytes.remove_prefix(end + 1);
    }
}

} // namespace
} // namespace upstream_lint::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace upstream_lint; // NOLINT(google-build-using-namespace)
    const std::string_view bytes = fuzz::as_text(data, size);
    const auto build = build_from_text(bytes);
    if (build)
        fuzz::check_build(*build);
    const NginxBuild official = official_build(build ? build->version : newest_tested_version);
    fuzz::check_build(official);
    fuzz::check_objects(bytes, build ? *build : official);
    return 0;
}
