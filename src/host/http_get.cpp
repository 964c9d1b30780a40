#include "host/http_get.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <utility>

#if UPSTREAM_LINT_HAS_CURL

#include "host/curl_library.hpp"

#include <sys/stat.h>

namespace upstream_lint {

namespace {

constexpr std::size_t max_body = std::size_t{64} << 20U;

extern "C" std::size_t take_http_body(char* bytes, std::size_t size, std::size_t count,
                                      void* body) {
    auto& text = *static_cast<std::string*>(body);
    // anything but the size that was given ends the transfer
    if (text.size() + size * count > max_body)
        return 0;
    text.append(bytes, size * count);
    return size * count;
}

struct EasyCloser {
    void operator()(CURL* easy) const { close(easy); }

    decltype(CurlLibrary::easy_cleanup) close = nullptr;
};

int code_of(const CurlLibrary& curl, CURL* easy, CURLcode result) {
    if (result == CURLE_OPERATION_TIMEDOUT)
        return ETIMEDOUT;
    if (result == CURLE_WRITE_ERROR)
        return E2BIG;
    long code = 0;
    curl.easy_getinfo(easy, CURLINFO_OS_ERRNO, &code);
    return result == CURLE_COULDNT_CONNECT && code == 0 ? ECONNREFUSED : static_cast<int>(code);
}

} // namespace

struct HttpSocket::State {
    std::string path;
    Clock::time_point end;
    std::unique_ptr<CURL, EasyCloser> easy{};
};

HttpSocket::HttpSocket(std::string path, Clock::time_point end) :
    state_(std::make_shared<State>(State{std::move(path), end})) {}

Result<bool> HttpSocket::prepare(const std::string& target) {
    if (state_->easy)
        return true;

    struct stat found {};

    // most machines have no engine: no library is loaded for them
    if (::stat(state_->path.c_str(), &found) != 0)
        return system_error(errno, "GET " + target, state_->path);
    const Result<CurlLibrary>& curl = curl_library();
    if (!curl)
        return curl.error();
    state_->easy = {curl->easy_init(), EasyCloser{curl->easy_cleanup}};
    CURL* easy = state_->easy.get();
    curl->easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, state_->path.c_str());
    curl->easy_setopt(easy, CURLOPT_PROXY, "");
    curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl->easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take_http_body);
    return true;
}

Result<std::string> HttpSocket::get(const std::string& target) {
    const auto is_ready = prepare(target);
    if (!is_ready)
        return is_ready.error();
    const CurlLibrary& curl = *curl_library();
    CURL* easy = state_->easy.get();
    const auto rest =
        std::chrono::duration_cast<std::chrono::milliseconds>(state_->end - Clock::now());
    if (rest.count() <= 0)
        return system_error(ETIMEDOUT, "GET " + target, state_->path);
    std::string body;
    const std::string url = "http://localhost" + target;
    curl.easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl.easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(rest.count()));
    curl.easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    const CURLcode result = curl.easy_perform(easy);
    if (result != CURLE_OK) {
        const int code = code_of(curl, easy, result);
        if (code != 0)
            return system_error(code, "GET " + target, state_->path);
        return Error{0, "GET " + target, state_->path, curl.easy_strerror(result)};
    }
    constexpr long fine = 200;
    long status = 0;
    curl.easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != fine)
        return Error{0, "GET " + target, state_->path, fmt::format("HTTP status {}", status)};
    return body;
}

} // namespace upstream_lint

#else

namespace upstream_lint {

struct HttpSocket::State {
    std::string path;
};

HttpSocket::HttpSocket(std::string path, Clock::time_point /*end*/) :
    state_(std::make_shared<State>()) {
    state_->path = std::move(path);
}

Result<std::string> HttpSocket::get(const std::string& target) {
    return Error{ENOSYS, "GET " + target, state_->path, "this build was made without libcurl"};
}

} // namespace upstream_lint

#endif
