#include "our_answer.hpp"

#include "nginx_process.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

namespace upstream_lint::differential {

namespace {

Refusal refusal_of(const Config& config, const Diagnostic& diagnostic) {
    Refusal refusal;
    const Span where = diagnostic.nginx_place;
    if (where.file.is_none()) {
        // some messages name a place themselves
        refusal = split_place(diagnostic.message);
    } else {
        refusal.message = diagnostic.message;
        refusal.place = Place{std::string(config.sources().name(where.file)),
                              config.sources().line_column(where.file, where.begin).line};
    }
    refusal.level = level_name(diagnostic.level);
    if (!diagnostic.span.file.is_none())
        refusal.shown_line =
            config.sources().line_column(diagnostic.span.file, diagnostic.span.begin).line;
    return refusal;
}

} // namespace

std::vector<Refusal> refusals_of(const Config& config) {
    std::vector<Refusal> refusals;
    for (const Diagnostic& diagnostic : config.diagnostics())
        if (diagnostic.level <= Level::error)
            refusals.push_back(refusal_of(config, diagnostic));
    return refusals;
}

OurAnswer ask_library(const FileSystem& files, const std::string& main_file,
                      const NginxBuild& build, Errors errors) {
    LoadOptions options;
    options.first_error_only = errors == Errors::first;
    options.build = build;
    options.context = Context::main;
    // One case is too small for threads to help.
    options.threads = 1;
    OurAnswer answer;
    answer.refusals = refusals_of(load_config(files, main_file, options));
    if (!answer.refusals.empty())
        answer.refusal = answer.refusals.front();
    return answer;
}

OurAnswer ask_command(const LintCommand& command, const std::string& main_file) {
    std::vector<std::string> words = {command.binary, "test", "--nginx", command.nginx};
    for (const std::string& stem : command.stems) {
        words.emplace_back("--module");
        words.push_back(stem);
    }
    words.insert(words.end(), {"--context", "main", main_file});
    const ProcessResult result = run_process(words, std::chrono::seconds(20));
    OurAnswer answer;
    if (result.kind != ExitKind::exited || result.code > 1) {
        answer.problem = "the command ended with " + std::to_string(result.code) + ": " +
                         escape(result.standard_error.substr(0, 300));
        return answer;
    }
    answer.refusal = find_refusal(result.standard_error);
    const bool said_failed = result.standard_error.find(" test failed\n") != std::string::npos;
    if ((result.code == 1) != answer.refusal.has_value() || (result.code == 1) != said_failed)
        answer.problem =
            "exit status " + std::to_string(result.code) +
            " does not fit the output: " + escape(result.standard_error.substr(0, 300));
    return answer;
}

std::optional<NginxBuild> build_with_modules(std::string_view version_text,
                                             const std::vector<std::string>& stems) {
    std::optional<NginxBuild> build = build_from_text(version_text);
    for (const std::string& stem : stems) {
        const std::optional<ModuleSet> modules =
            build ? modules_of_object(stem, *build) : std::nullopt;
        if (!modules)
            return std::nullopt;
        build->modules.insert(*modules);
    }
    return build;
}

MemoryFileSystem in_memory(const GeneratedConfiguration& configuration, const std::string& folder) {
    MemoryFileSystem files;
    files.add_directory(folder);
    files.add_special("/dev/null", FileKind::character_device);
    for (const std::string& directory : configuration.directories)
        files.add_directory(folder + "/" + directory);
    for (const GeneratedFile& file : configuration.files)
        files.add(folder + "/" + file.path, file.text);
    for (const auto& [path, target] : configuration.links)
        files.add_symlink(folder + "/" + path, target);
    return files;
}

void write_files(const GeneratedConfiguration& configuration, const std::string& folder) {
    namespace fs = std::filesystem;
    fs::remove_all(folder);
    fs::create_directories(folder);
    for (const std::string& directory : configuration.directories)
        fs::create_directories(fs::path(folder) / directory);
    for (const GeneratedFile& file : configuration.files) {
        const fs::path path = fs::path(folder) / file.path;
        fs::create_directories(path.parent_path());
        std::ofstream out(path, std::ios::binary);
        out.write(file.text.data(), static_cast<std::streamsize>(file.text.size()));
    }
    for (const auto& [path, target] : configuration.links)
        fs::create_symlink(target, fs::path(folder) / path);
}

} // namespace upstream_lint::differential
