#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/shared_memory.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

/// masterzen/nginx-upload-progress-module, ngx_http_uploadprogress_module.c
namespace upstream_lint {

namespace {

/// ngx_http_upload_progress
void upload_progress(Directive& directive) {
    const auto size = parse_size(directive[2]);
    if (!size) {
        directive.emerg(2, fmt::format("invalid size of track_uploads \"{}\"", directive[2]));
        return;
    }
    if (*size < 8 * page_size) {
        directive.emerg(2, fmt::format("track_uploads \"{}\" is too small", directive[1]))
            .notes.push_back(fmt::format("the least is {}k", 8 * page_size / 1024));
        return;
    }
    SharedZone* const zone =
        add_shared_zone(directive, 1, directive[1], *size, module_name(directive.row().module));
    if (zone == nullptr) {
        return;
    }
    if (!zone->data.empty()) {
        directive
            .emerg(1, fmt::format("track_uploads \"{}\" is already created", directive[1]),
                   Cause::duplicate)
            .label(zone->bound_at, "first here");
        return;
    }
    zone->data = "uploads";
    zone->bound_at = directive.place();
}

/// ngx_http_track_uploads, without its question whether something else answers the location.
void track_uploads(Directive& directive) {
    if (add_shared_zone(directive, 1, directive[1], 0, module_name(directive.row().module)) ==
        nullptr) {
        return;
    }
    if (!parse_time(directive[2], TimeUnit::seconds)) {
        directive.emerg(2, fmt::format("track_uploads \"{}\" timeout value invalid", directive[1]));
    }
}

/// ngx_http_report_uploads
void report_uploads(Directive& directive) {
    (void)add_shared_zone(directive, 1, directive[1], 0, module_name(directive.row().module));
}

/// ngx_http_upload_progress_template
void upload_progress_template(Directive& directive) {
    constexpr std::array<std::string_view, 4> states = {"starting", "uploading", "error", "done"};
    if (std::ranges::find(states, directive[1]) == states.end()) {
        directive.emerg(1, fmt::format("unknown state \"{}\"", directive[1]))
            .notes.emplace_back("it is one of `starting`, `uploading`, `error` and `done`");
        return;
    }
    (void)script::compile(directive, 2);
}

void nothing(Directive& /*directive*/) {}

constexpr std::array<DirectiveSetter, 7> setters = {{
    {"report_uploads", report_uploads},
    {"track_uploads", track_uploads},
    {"upload_progress", upload_progress},
    {"upload_progress_java_output", nothing},
    {"upload_progress_json_output", nothing},
    {"upload_progress_jsonp_output", nothing},
    {"upload_progress_template", upload_progress_template},
}};

} // namespace

const ModuleSetters ngx_http_uploadprogress_module = {"ngx_http_uploadprogress", setters};

} // namespace upstream_lint
