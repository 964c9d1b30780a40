#include "corpus_files.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <stdexcept>

namespace upstream_lint::corpus {

namespace {

namespace fs = std::filesystem;

/// The text around an included file, by the wrapper's name; `@P` is what stands in front of the
/// include, `@I` the include.
struct Wrapper {
    std::string_view name;
    std::string_view text;
};

constexpr auto wrappers = std::to_array<Wrapper>({
    {"main+events", "events {}\n@I\n"},
    {"http", "events {}\nhttp {\n@P@I\n}\n"},
    {"server", "events {}\nhttp {\n@Pserver {\n@I\n}\n}\n"},
    {"location", "events {}\nhttp {\n@Pserver {\nlocation / {\n@I\n}\n}\n}\n"},
    {"stream", "events {}\nstream {\n@P@I\n}\n"},
    {"stream-server", "events {}\nstream {\n@Pserver {\nlisten 12345;\n@I\n}\n}\n"},
    {"upstream", "events {}\nhttp {\n@Pupstream wrapped {\n@I\n}\n}\n"},
    {"mail", "events {}\nmail {\n@I\n}\n"},
    {"mail-server", "events {}\nmail {\nserver {\n@I\n}\n}\n"},
    {"rtmp", "events {}\nrtmp {\n@I\n}\n"},
    {"rtmp-server", "events {}\nrtmp {\nserver {\n@I\n}\n}\n"},
    {"rtmp-app", "events {}\nrtmp {\nserver {\napplication wrapped {\n@I\n}\n}\n}\n"},
    {"events", "events {\n@I\n}\n"},
});

/// Files of the distribution's package that were there when nginx was asked.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> packaged = {{
    {"/etc/nginx/mime.types", "\ntypes {\n    text/html html htm;\n}\n"},
    {"/etc/nginx/fastcgi_params", "fastcgi_param QUERY_STRING $query_string;\n"},
    {"/etc/nginx/fastcgi.conf", "fastcgi_param QUERY_STRING $query_string;\n"},
    {"/etc/nginx/proxy_params", "proxy_set_header Host $http_host;\n"},
    {"/etc/nginx/uwsgi_params", "uwsgi_param QUERY_STRING $query_string;\n"},
    {"/etc/nginx/scgi_params", "scgi_param QUERY_STRING $query_string;\n"},
}};

std::string replace_once(std::string text, std::string_view from, const std::string& to) {
    const std::size_t at = text.find(from);
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string folder_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

std::vector<std::string> components(const std::string& path) {
    std::vector<std::string> parts;
    std::string part;
    for (const char byte : path + "/") {
        if (byte != '/')
            part += byte;
        else if (!part.empty())
            parts.push_back(std::exchange(part, {}));
    }
    return parts;
}

/// A name inside the corpus is recorded without the corpus.
std::string absolute(std::string_view recorded) {
    return recorded.starts_with('/') ? std::string(recorded)
                                     : std::string(corpus_root) + "/" + std::string(recorded);
}

/// What was put in front of a fragment so that nginx goes on: one directive a stub. Only their
/// places and names count here.
/// What the zone is for, by the directive that asks for it.
std::string zone_of(const std::string& name, const std::string& text, std::size_t stubs) {
    const std::regex requests("limit_req\\s[^;]*zone=" + name + "\\b");
    const std::regex connections("limit_conn\\s+" + name + "\\b");
    const std::regex cache("(proxy|fastcgi|uwsgi|scgi)_cache\\s+\"?" + name + "\\b");
    std::smatch found;
    if (std::regex_search(text, requests))
        return "limit_req_zone $host zone=" + name + ":1m rate=1r/s;\n";
    if (std::regex_search(text, connections))
        return "limit_conn_zone $host zone=" + name + ":1m;\n";
    if (std::regex_search(text, found, cache))
        return found[1].str() + "_cache_path /tmp/wrapped_" + std::to_string(stubs) +
               " keys_zone=" + name + ":1m;\n";
    return {};
}

std::string front_of(const CorpusRow& row, const std::string& text) {
    const bool in_stream = row.wrapper.starts_with("stream");
    std::string front;
    for (const std::string& stub : row.stubs) {
        const std::size_t colon = stub.find(':');
        const std::string kind = stub.substr(0, colon);
        const std::string name = colon == std::string::npos ? "" : stub.substr(colon + 1);
        if (kind == "var")
            front += "map " + std::string(in_stream ? "$remote_addr" : "$host") + " $" + name +
                     " { default \"\"; }\n";
        else if (kind == "ssl")
            front += "ssl_certificate /tmp/wrapped.crt;\nssl_certificate_key /tmp/wrapped.key;\n";
        else if (kind == "upstream")
            front += "upstream " + name + " { server 127.0.0.1:8000; }\n";
        else if (kind == "format")
            front += "log_format " + name + " '$remote_addr';\n";
        else if (kind == "hash")
            front += name + (name.find("bucket") == std::string::npos ? " 65536;\n" : " 1024;\n");
        else if (kind == "zone")
            front += zone_of(name, text, row.stubs.size());
    }
    return front;
}

/// Takes the `load_module` out of a line: the module was loaded already, or does not exist.
std::string blank_load_module(const std::string& text, std::size_t line) {
    static const std::regex statement("load_module\\s[^;]*;");
    std::size_t begin = 0;
    for (std::size_t number = 1; number < line && begin != std::string::npos; ++number) {
        begin = text.find('\n', begin);
        begin = begin == std::string::npos ? begin : begin + 1;
    }
    if (begin == std::string::npos)
        return text;
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    return text.substr(0, begin) +
           std::regex_replace(text.substr(begin, end - begin), statement, "") + text.substr(end);
}

std::string read_real(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in)
        throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

std::optional<fs::path> find_corpus(int count, char** words) {
    const char* const named = std::getenv("UPSTREAM_LINT_CORPUS");
    const fs::path folder = count > 1 ? fs::path(words[1])
                            : named != nullptr
                                ? fs::path(named)
                                : fs::path(UPSTREAM_LINT_SOURCE_DIR) / "../shared/corpus";
    if (!fs::is_directory(folder / "dev")) {
        return std::nullopt;
    }
    return fs::canonical(folder);
}

std::string read_text(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// -- OverlayFileSystem ---------------------------------------------------------------------------

const FileSystem& OverlayFileSystem::layer_of(std::string_view path) const {
    return upper_.status(path, Follow::no) ? upper_ : lower_;
}

Result<Bytes> OverlayFileSystem::read(std::string_view path) const {
    return layer_of(path).read(path);
}

Result<FileStatus> OverlayFileSystem::status(std::string_view path, Follow follow) const {
    return layer_of(path).status(path, follow);
}

Result<std::vector<DirectoryEntry>> OverlayFileSystem::list(std::string_view path) const {
    Result<std::vector<DirectoryEntry>> upper = upper_.list(path);
    Result<std::vector<DirectoryEntry>> lower = lower_.list(path);
    if (!upper)
        return lower;
    if (!lower)
        return upper;
    std::set<std::string> names;
    for (const auto* layer : {&*upper, &*lower})
        for (const DirectoryEntry& entry : *layer)
            names.insert(entry.name);
    std::vector<DirectoryEntry> entries;
    for (const std::string& name : names)
        entries.push_back({name});
    return entries;
}

Result<std::string> OverlayFileSystem::readlink(std::string_view path) const {
    return layer_of(path).readlink(path);
}

// -- CorpusFiles ---------------------------------------------------------------------------------

CorpusFiles::CorpusFiles(const fs::path& folder) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const std::string relative = entry.path().lexically_relative(folder).generic_string();
        const std::string path = std::string(corpus_root) + "/" + relative;
        if (entry.is_directory()) {
            files_.add_directory(path);
        } else if (entry.is_regular_file()) {
            files_.add(path, read_real(entry.path()));
            by_name_[entry.path().filename().string()].push_back(relative);
        }
    }
    for (auto& [name, paths] : by_name_)
        std::sort(paths.begin(), paths.end());
    for (const auto& [path, text] : packaged)
        files_.add(path, std::string(text));
    for (const std::string_view name : {"modules-enabled", "sites-enabled", "conf.d"})
        files_.add_directory("/etc/nginx/" + std::string(name));
    files_.add_special("/dev/null", FileKind::character_device);
}

bool CorpusFiles::exists(const std::string& path) const {
    return files_.status(path, Follow::yes).has_value();
}

std::string CorpusFiles::text(const std::string& path) const {
    const Result<Bytes> bytes = files_.read(path);
    return bytes ? std::string(bytes->view()) : std::string();
}

/// The folder that relative includes of a fragment seem to count from holds the generated main
/// file: the nearest one above the fragment, inside its repository, with a file typical of
/// /etc/nginx.
std::string CorpusFiles::wrapper_path(const std::string& file) const {
    const std::vector<std::string> parts = components(file);
    const std::size_t top = corpus_root.size() + 1 + parts[1].size() + 1 + parts[2].size();
    std::string folder = folder_of(file);
    for (std::string root = folder; root.size() >= top; root = folder_of(root)) {
        for (const std::string_view name : {"nginx.conf", "mime.types", "fastcgi_params"}) {
            if (exists(root + "/" + std::string(name)))
                return root + "/.wrapper.conf";
        }
    }
    return folder + "/.wrapper.conf";
}

/// The files of the same repository whose paths end most like `path`.
std::vector<std::string> CorpusFiles::alike(const CorpusRow& row, const std::string& path) const {
    const std::vector<std::string> wanted = components(path);
    const std::vector<std::string> own = components(row.path);
    const std::string repository = own[0] + "/" + own[1] + "/";
    const auto candidates = by_name_.find(wanted.back());
    std::vector<std::string> best;
    std::size_t best_length = 0;
    if (candidates == by_name_.end())
        return best;
    for (const std::string& candidate : candidates->second) {
        if (!candidate.starts_with(repository) || candidate == row.path)
            continue;
        const std::vector<std::string> found = components(candidate);
        std::size_t length = 0;
        while (length < found.size() && length < wanted.size() &&
               found[found.size() - 1 - length] == wanted[wanted.size() - 1 - length])
            ++length;
        if (length > best_length)
            best.clear();
        if (length >= best_length)
            best.push_back(candidate);
        best_length = std::max(best_length, length);
    }
    return best;
}

std::size_t CorpusFiles::choices(const CorpusRow& row) const {
    std::size_t most = 1;
    for (const std::string& stub : row.stubs) {
        if (stub.starts_with("copy:"))
            most = std::max(most, alike(row, absolute(std::string_view(stub).substr(5))).size());
    }
    return most;
}

CorpusFiles::Case CorpusFiles::prepare(const CorpusRow& row, std::size_t choice) const {
    Case result;
    const std::string file = std::string(corpus_root) + "/" + row.path;
    std::string content =
        text(row.content.empty() ? file : std::string(corpus_root) + "/" + row.content);
    for (const std::string& stub : row.stubs) {
        const std::size_t colon = stub.find(':');
        const std::string_view kind = std::string_view(stub).substr(0, colon);
        const std::string_view name = colon == std::string::npos
                                          ? std::string_view{}
                                          : std::string_view(stub).substr(colon + 1);
        if (kind == "blank") {
            std::size_t line = 0;
            std::from_chars(name.data(), name.data() + name.size(), line);
            content = blank_load_module(content, line);
        } else if (kind == "empty") {
            result.files.add(absolute(name), std::string());
        } else if (kind == "copy") {
            const std::vector<std::string> files = alike(row, absolute(name));
            result.files.add(absolute(name), files.empty() ? std::string()
                                                           : text(std::string(corpus_root) + "/" +
                                                                  files[choice % files.size()]));
        } else if (kind == "dir") {
            result.files.add_directory(absolute(name));
        }
    }
    result.files.add(file, content);
    if (row.wrapper == "main") {
        result.main_file = file;
        return result;
    }
    result.main_file = wrapper_path(file);
    std::string quoted;
    for (const char byte : file) {
        if (byte == '\\' || byte == '"')
            quoted += '\\';
        quoted += byte;
    }
    const auto wrapper = std::find_if(wrappers.begin(), wrappers.end(), [&](const Wrapper& each) {
        return each.name == row.wrapper;
    });
    if (wrapper == wrappers.end())
        throw std::runtime_error("unknown wrapper " + row.wrapper);
    std::string main_text(wrapper->text);
    main_text = replace_once(main_text, "@I", "include \"" + quoted + "\";");
    main_text = replace_once(main_text, "@P", row.pre ? *row.pre : front_of(row, content));
    result.files.add(result.main_file, main_text);
    return result;
}

} // namespace upstream_lint::corpus
