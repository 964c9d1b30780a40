#include "resolve/http_phases.hpp"
#include "resolve/http_status.hpp"
#include "resolve/uri_escape.hpp"

#include <algorithm>
#include <fmt/format.h>

/// What answers a request where nothing passes it on: files.
namespace upstream_lint {

namespace {

/// nginx looks at the last byte, and at the one in front of the URI where that is empty.
bool is_directory_uri(const HttpRequest& request) {
    return request.uri.text.empty() ? request.byte_before_uri == '/'
                                    : request.uri.text.ends_with('/');
}

} // namespace

/// ngx_http_try_files_handler
HttpPhases::Phase HttpPhases::try_files() {
    const auto tries = conf().try_files;
    if (tries == nullptr) {
        mirror();
        return Phase::content;
    }
    const auto root = conf().root;
    const std::size_t alias = root != nullptr ? root->alias : 0;
    const auto without_alias = [&](Value name, const ComplexValue& source) {
        const bool is_cut = source.has_variables && alias != 0 && alias != Root::whole &&
                            name.text.size() >= alias && request_.uri.text.size() >= alias &&
                            name.text.compare(0, alias, request_.uri.text, 0, alias) == 0;
        if (is_cut) {
            name.text.erase(0, alias);
        }
        return name;
    };
    const auto path = evaluator_.map_uri_to_path(request_);
    if (!path) {
        return finalize(http_status::internal_server_error);
    }
    for (const TryFiles::File& file : tries->files) {
        const Value name = without_alias(evaluator_.evaluate(request_, file.name), file.name);
        const Value base = alias == Root::whole ? path->whole : path->root;
        Value whole = base;
        whole += name;
        const FoundFile found = files_.find(whole);
        if (found == FoundFile::absent || found == FoundFile::not_directory ||
            found == FoundFile::denied || (found == FoundFile::directory) != file.is_directory) {
            continue;
        }
        if (alias == 0) {
            request_.uri = name;
        } else if (alias != Root::whole) {
            request_.uri.text.resize(std::min(alias, request_.uri.text.size()));
            request_.uri += name;
        } else if (!file.is_directory) {
            request_.uri = name;
            request_.adds_uri_to_alias = true;
        }
        add_step(Step::Kind::try_files, tries->directive, whole.text);
        mirror();
        return Phase::content;
    }
    if (tries->code) {
        add_step(Step::Kind::try_files, tries->directive, fmt::format("={}", *tries->code));
        return finalize(*tries->code);
    }
    const Value last = without_alias(evaluator_.evaluate(request_, tries->last), tries->last);
    add_step(Step::Kind::try_files, tries->directive, last.text);
    if (last.text.starts_with('@')) {
        return named_location(last.text);
    }
    auto [uri, args] = split_args(last);
    request_.byte_before_uri = path->root.text.empty() ? '\0' : path->root.text.back();
    return internal_redirect(std::move(uri), std::move(args));
}

/// ngx_http_core_content_phase
HttpPhases::Phase HttpPhases::answer() {
    const ContentHandler handler = request_.content_handler;
    const bool is_read = request_.method == "GET" || request_.method == "HEAD";
    switch (handler) {
    case ContentHandler::none:
        return answer_with_file();
    case ContentHandler::empty_gif:
    case ContentHandler::stub_status:
        add_step(Step::Kind::static_file, request_.content_directive);
        return is_read ? send_conditionally(Outcome::Kind::static_file,
                                            {.what = "the image",
                                             .has_time = handler == ContentHandler::empty_gif})
                       : finalize(http_status::not_allowed);
    case ContentHandler::media:
        if (is_read || is_directory_uri(request_)) {
            return answer_with_file();
        }
        return finalize(http_status::not_allowed);
    case ContentHandler::script:
        return decided_at_run_time(request_.content_directive, "a script or a module answers");
    default:
        return pass_on(handler);
    }
}

HttpPhases::Phase HttpPhases::answer_with_file() {
    if (!request_.uri.known) {
        return give_up(request_.uri);
    }
    if (is_directory_uri(request_)) {
        if (conf().random_index.value_or(false)) {
            return decided_at_run_time({}, "random_index answers with any file");
        }
        if (const auto redirected = index()) {
            return *redirected;
        }
        if (const auto listed = autoindex()) {
            return *listed;
        }
    }
    const auto methods = conf().dav_methods;
    if (methods != nullptr && std::ranges::find(*methods, request_.method) != methods->end()) {
        return decided_at_run_time({}, "WebDAV changes files");
    }
    return static_file();
}

/// ngx_http_index_handler; nothing: it declines.
std::optional<HttpPhases::Phase> HttpPhases::index() {
    const std::string& method = request_.method;
    if (method != "GET" && method != "HEAD" && method != "POST") {
        return std::nullopt;
    }
    static const std::vector<Named> standard = {
        {.value = {.parts = {{.kind = ComplexValue::Part::Kind::text, .text = "index.html"}}},
         .directive = {}}};
    const auto configured = conf().index;
    bool is_directory_tested = false;
    for (const auto& [each, directive] : configured != nullptr ? *configured : standard) {
        if (!each.has_variables && each.constant().starts_with('/')) {
            add_step(Step::Kind::index, directive, std::string(each.constant()));
            return internal_redirect({std::string(each.constant())}, request_.args);
        }
        const auto path = evaluator_.map_uri_to_path(request_);
        if (!path) {
            return finalize(http_status::internal_server_error);
        }
        const Value name = evaluator_.evaluate(request_, each, Evaluator::Flush::no);
        if (each.has_variables && name.text.starts_with('/')) {
            add_step(Step::Kind::index, directive, name.text);
            return internal_redirect(name, request_.args);
        }
        Value whole = path->whole;
        whole += name;
        const FoundFile found = files_.find(whole);
        if (found == FoundFile::not_directory) {
            return finalize(http_status::not_found);
        }
        if (found == FoundFile::denied) {
            return finalize(http_status::forbidden);
        }
        if (found != FoundFile::absent) {
            Value uri = request_.uri;
            uri += name;
            add_step(Step::Kind::index, directive, whole.text);
            return internal_redirect(std::move(uri), request_.args);
        }
        if (!is_directory_tested) {
            is_directory_tested = true;
            if (const auto ended = test_index_directory(path->whole)) {
                return *ended;
            }
        }
    }
    return std::nullopt;
}

/// ngx_http_index_test_dir
std::optional<HttpPhases::Phase> HttpPhases::test_index_directory(Value path) {
    if (path.text.size() > 1 && path.text.ends_with('/')) {
        path.text.pop_back();
    }
    switch (files_.find(path)) {
    case FoundFile::directory:
    case FoundFile::denied:
        return std::nullopt;
    case FoundFile::absent:
        return finalize(http_status::not_found);
    default:
        return finalize(http_status::internal_server_error);
    }
}

/// ngx_http_autoindex_handler; nothing: it declines.
std::optional<HttpPhases::Phase> HttpPhases::autoindex() {
    if (!conf().autoindex.value_or(false) ||
        (request_.method != "GET" && request_.method != "HEAD")) {
        return std::nullopt;
    }
    discard_body();
    auto path = evaluator_.map_uri_to_path(request_);
    if (!path) {
        return finalize(http_status::internal_server_error);
    }
    if (path->whole.text.size() > 1) {
        path->whole.text.pop_back(); // taken for a slash, also where `alias` does not end in one
    }
    switch (files_.find(path->whole)) {
    case FoundFile::directory:
        add_step(Step::Kind::static_file, {}, path->whole.text);
        return send_conditionally(Outcome::Kind::static_file, {});
    case FoundFile::denied:
        return finalize(http_status::forbidden);
    default:
        return finalize(http_status::not_found);
    }
}

/// ngx_http_static_handler, and what nginx says where nothing answers.
HttpPhases::Phase HttpPhases::static_file() {
    const std::string& method = request_.method;
    if (method != "GET" && method != "HEAD" && method != "POST") {
        return finalize(http_status::not_allowed);
    }
    if (is_directory_uri(request_)) {
        return finalize(http_status::forbidden);
    }
    const auto path = evaluator_.map_uri_to_path(request_);
    if (!path) {
        return finalize(http_status::internal_server_error);
    }
    add_step(Step::Kind::static_file,
             conf().root != nullptr ? conf().root->directive : DirectiveRef(), path->whole.text);
    switch (files_.find(path->whole)) {
    case FoundFile::directory:
        return redirect_to_directory();
    case FoundFile::file:
        return method == "POST" ? finalize(http_status::not_allowed)
                                : send_conditionally(Outcome::Kind::static_file,
                                                     {.what = fmt::format("`{}`", path->whole.text),
                                                      .has_time = true,
                                                      .has_etag = conf().etag.value_or(true),
                                                      .takes_ranges = true,
                                                      .size = files_.size(path->whole)});
    case FoundFile::denied:
        return finalize(http_status::forbidden);
    default:
        return finalize(http_status::not_found);
    }
}

HttpPhases::Phase HttpPhases::redirect_to_directory() {
    Value target{escaped_for_redirect(request_.uri.text) + "/"};
    if (!request_.args.empty()) {
        target.text += '?';
        target += request_.args;
    }
    request_.location_header = target;
    add_step(Step::Kind::redirect, {}, target.text);
    return finalize(http_status::moved_permanently, Outcome::Kind::redirect);
}

} // namespace upstream_lint
