#pragma once

#include "resolve/evaluator.hpp"
#include "resolve/file_tests.hpp"
#include "resolve/http_conditions.hpp"
#include "resolve/http_request.hpp"
#include "resolve/target.hpp"
#include "upstream_lint/resolution.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace upstream_lint {

/// Walks one request through nginx's phases to the end of its way, in one branch of assumptions
/// (src/http/ngx_http_core_module.c, ngx_http_core_run_phases; src/http/ngx_http_request.c,
/// ngx_http_finalize_request).
class HttpPhases {
public:
    /// What the way comes to.
    struct Result {
        std::vector<Step> steps;
        Outcome outcome;
        UpstreamRequest upstream;
        std::vector<SideRequest> side;
    };

    HttpPhases(Evaluator& evaluator, HttpRequest& request) :
        evaluator_(evaluator), confs_(evaluator.confs()), request_(request),
        files_(confs_.options.files, evaluator.assumptions()) {}

    /// From the server's `rewrite` directives on (ngx_http_handler), with what follows the answer.
    [[nodiscard]] Result run() &&;

    /// nginx refuses the request before it looks at its URI.
    [[nodiscard]] Result refuse(int status, std::string reason) &&;

private:
    enum class Phase : std::uint8_t {
        server_rewrite,
        find_config,
        rewrite,
        post_rewrite,
        access,
        precontent,
        content,
        done,
    };

    void walk(Phase first);
    [[nodiscard]] Result take_result();
    [[nodiscard]] Phase enter(Phase phase);

    [[nodiscard]] const LocationConf& conf() { return confs_.locations.of(request_.location); }

    [[nodiscard]] LocationId server_level() const {
        return confs_.model.server(request_.server).level;
    }

    void add_step(Step::Kind kind, DirectiveRef directive, std::string detail = {});

    // ngx_http_rewrite_module
    [[nodiscard]] Phase rewrite(Phase next);
    [[nodiscard]] std::optional<Phase> run_program(const RewriteProgram& program);
    [[nodiscard]] std::optional<Phase> run_if(const RewriteInstruction& instruction,
                                              std::size_t& at);
    [[nodiscard]] bool test(const Condition& condition, bool& failed);
    [[nodiscard]] bool test_match(const Condition& condition, bool& failed);
    [[nodiscard]] bool test_file(const Condition& condition);
    [[nodiscard]] Value evaluate_quoted(const ComplexValue& value);
    [[nodiscard]] std::optional<Phase> run_rewrite(const RewriteInstruction& instruction,
                                                   bool& matched);
    void run_set(const RewriteInstruction& instruction);
    [[nodiscard]] Phase run_return(const RewriteInstruction& instruction);

    [[nodiscard]] Phase find_config();
    void update_location_config();
    void discard_body();
    [[nodiscard]] std::string escaped_for_redirect(const std::string& uri) const;
    [[nodiscard]] Phase redirect_to_location(const Location& location);
    [[nodiscard]] Phase post_rewrite();

    // the phase of access
    [[nodiscard]] Phase check_access();
    [[nodiscard]] std::optional<int> check_address();
    [[nodiscard]] std::optional<int> check_password();
    [[nodiscard]] std::optional<int> ask_auth_request();

    [[nodiscard]] Phase try_files();
    void mirror();
    [[nodiscard]] HttpRequest subrequest(const std::string& uri, const Value& args,
                                         const std::string& method);
    [[nodiscard]] SideRequest walk_side(SideRequest::Kind kind, HttpRequest& part);
    void set_auth_variables(HttpRequest& part);

    // when the request is answered
    [[nodiscard]] bool walk_mirrors();
    void close_early(std::string reason);
    void leave_undefined(std::string reason);
    void act_afterwards();
    void walk_afterwards(const Named& action);

    // content
    [[nodiscard]] Phase answer();
    [[nodiscard]] Phase answer_with_file();
    [[nodiscard]] std::optional<Phase> index();
    [[nodiscard]] std::optional<Phase> test_index_directory(Value path);
    [[nodiscard]] std::optional<Phase> autoindex();
    [[nodiscard]] Phase static_file();
    [[nodiscard]] Phase redirect_to_directory();
    [[nodiscard]] Phase pass_on(ContentHandler handler);
    /// Nothing is passed on: the step says what nginx logs.
    [[nodiscard]] Phase fail(const PassDirective& pass, PassFailure failure);
    [[nodiscard]] bool create_request(const PassDirective& pass, const PassTarget& target);
    [[nodiscard]] bool create_proxy_request(const PassDirective& pass, const PassTarget& target);
    [[nodiscard]] bool create_memcached_request();
    [[nodiscard]] bool is_uri_shorter_than_location(const PassDirective& pass,
                                                    const PassTarget& target) const;
    [[nodiscard]] Value proxied_uri(const PassDirective& pass, const std::string& uri);
    [[nodiscard]] std::size_t count_bytes(const Fields& fields);
    void take_bytes(std::size_t& left, const Value& value);
    void add_headers(const std::shared_ptr<const Fields>& fields, const PassTarget& target);
    void add_params(const std::shared_ptr<const Fields>& fields);

    // ways that lead on
    [[nodiscard]] Phase internal_redirect(Value uri, Value args);
    [[nodiscard]] Phase named_location(const std::string& name);
    [[nodiscard]] Phase send_error_page(const ErrorPage& page);

    // ends
    /// ngx_http_finalize_request, of a status that nginx itself answers.
    [[nodiscard]] Phase finalize(int status, Outcome::Kind kind = Outcome::Kind::error);
    [[nodiscard]] Phase special_response(int status, Outcome::Kind kind);
    /// What answers sends its own status, unless an `error_page` replaces it.
    [[nodiscard]] Phase send(std::optional<int> status, Outcome::Kind kind);
    /// The same of 200 that nginx itself answers, as the headers of the request ask for it.
    [[nodiscard]] Phase send_conditionally(Outcome::Kind kind, const Validators& answer);
    [[nodiscard]] Phase decided_at_run_time(DirectiveRef directive, std::string detail);
    [[nodiscard]] Phase give_up(const Value& unknown);
    [[nodiscard]] Phase out_of_buffer_space();
    void make_location_absolute();

    Evaluator& evaluator_;
    HttpConfs& confs_;
    HttpRequest& request_;
    FileTests files_;
    Result result_;
    std::vector<HttpRequest> mirrors_; ///< that are still to be sent
    HttpPhases* before_ = nullptr;     ///< of `post_action`: what it follows
    bool is_terminated_ = false;       ///< the connection is closed, and nothing follows
    // of the rewrite directives that run
    bool quotes_ = false;  // `quote` of ngx_http_script_engine_t
    bool is_args_ = false; // `is_args` there
};

} // namespace upstream_lint
