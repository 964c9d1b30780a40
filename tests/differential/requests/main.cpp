// Sends generated requests to real nginx with generated configurations, and compares where they
// went with what the router says.

#include "nginx_process.hpp"
#include "our_answer.hpp"
#include "requests/client.hpp"
#include "requests/coverage.hpp"
#include "requests/echo.hpp"
#include "requests/observed.hpp"
#include "requests/our_side.hpp"
#include "requests/site.hpp"
#include "requests/sockets.hpp"
#include "shrink.hpp"
#include "support/running_nginx.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace upstream_lint::differential {

namespace {

namespace fs = std::filesystem;
using testing::RunningNginx;

/// What ctest understands as "skipped".
constexpr int skipped = 77;
constexpr int wrong_usage = 2;
constexpr std::size_t requests_of_site = 200;
constexpr std::size_t most_shrinking_steps = 400;

struct Arguments {
    std::string nginx = "/usr/sbin/nginx";
    std::string modules; ///< taken, and not needed so far
    std::string keep;    ///< folder for what differs
    std::uint64_t step = 1;
    std::uint64_t requests = 5000;
    std::uint64_t seed = 1;
    std::uint64_t most_differences = 20;
    std::optional<std::uint64_t> cases;   ///< sites, instead of the requests
    std::optional<std::uint64_t> only;    ///< this site alone
    std::optional<std::uint64_t> request; ///< of each site this request alone
    bool nginx_only = false;
    bool shrink = false;
    bool routes = false; ///< the examples of `routes` instead of the sites' requests
    bool verbose = false;
};

constexpr std::string_view usage =
    "usage: differential_requests [--step 1..5] [--requests N | --cases N] [--seed S]\n"
    "                             [--nginx BIN] [--modules DIR] [--only SITE] [--request K]\n"
    "                             [--keep DIR] [--shrink] [--stop-after N] [--nginx-only]\n"
    "                             [--routes] [--verbose]\n";

bool set_number(std::string_view text, std::optional<std::uint64_t>& value) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    value = number;
    return error == std::errc{} && end == text.data() + text.size();
}

std::optional<Arguments> parse_arguments(int count, char** words) {
    Arguments arguments;
    std::map<std::string_view, std::optional<std::uint64_t>> numbers = {
        {"--step", arguments.step},
        {"--requests", arguments.requests},
        {"--seed", arguments.seed},
        {"--stop-after", arguments.most_differences},
        {"--cases", {}},
        {"--only", {}},
        {"--request", {}}};
    const std::map<std::string_view, bool*> flags = {{"--nginx-only", &arguments.nginx_only},
                                                     {"--shrink", &arguments.shrink},
                                                     {"--routes", &arguments.routes},
                                                     {"--verbose", &arguments.verbose}};
    const std::map<std::string_view, std::string*> texts = {{"--nginx", &arguments.nginx},
                                                            {"--modules", &arguments.modules},
                                                            {"--keep", &arguments.keep}};
    for (int i = 1; i < count; ++i) {
        const std::string_view name = words[i];
        if (const auto flag = flags.find(name); flag != flags.end()) {
            *flag->second = true;
            continue;
        }
        const auto text = texts.find(name);
        const auto number = numbers.find(name);
        if ((text == texts.end() && number == numbers.end()) || ++i == count)
            return std::nullopt;
        if (text != texts.end())
            *text->second = words[i];
        else if (!set_number(words[i], number->second))
            return std::nullopt;
    }
    arguments.step = *numbers["--step"];
    arguments.requests = *numbers["--requests"];
    arguments.seed = *numbers["--seed"];
    arguments.most_differences = *numbers["--stop-after"];
    arguments.cases = numbers["--cases"];
    arguments.only = numbers["--only"];
    arguments.request = numbers["--request"];
    return arguments.step < 1 || arguments.step > 5 ? std::nullopt : std::optional(arguments);
}

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// From the bytes of the executable, which scripts/nginx-of-suite keeps behind a wrapper; else from
/// what it prints.
std::optional<NginxBuild> build_of(const std::string& nginx) {
    const std::string unpacked = (fs::path(nginx).parent_path() / "root/usr/sbin/nginx").string();
    for (const std::string& path : {nginx, unpacked})
        if (auto build = build_from_text(read_file(path)))
            return build;
    return build_from_text(nginx_version_text(nginx));
}

/// The kinds of what differs, without what is different in every case.
std::string kinds_of(const std::vector<std::string>& differences) {
    std::string kinds;
    for (const std::string& difference : differences)
        kinds += difference.substr(0, difference.find(':')) + ' ';
    return kinds;
}

/// What differs, as far as it stays the same while the configuration gets smaller: an answer that
/// timed out is another difference than a wrong one.
std::string signature_of(const std::vector<std::string>& differences) {
    std::string signature;
    for (const std::string& difference : differences)
        signature += difference.substr(
            0, difference.find_first_of(difference.starts_with("certainty") ? ":" : "`\n"));
    return signature;
}

class Run {
public:
    explicit Run(Arguments arguments) : arguments_(std::move(arguments)) {}

    int execute() {
        if (const std::string reason = prepare(); !reason.empty()) {
            std::cout << "skipped: " << reason << '\n';
            return skipped;
        }
        echo_.emplace(around_.echo);
        if (arguments_.only)
            one_site(*arguments_.only);
        else
            for (std::uint64_t number = 0; number < site_count() && go_on(); ++number)
                one_site(number);
        report();
        return differences_ == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }

private:
    [[nodiscard]] bool go_on() const { return differences_ < arguments_.most_differences; }

    [[nodiscard]] std::uint64_t site_count() const {
        return arguments_.cases.value_or((arguments_.requests + requests_of_site - 1) /
                                         requests_of_site);
    }

    /// The reason why nothing can be compared, or nothing.
    std::string prepare() {
        version_text_ = nginx_version_text(arguments_.nginx);
        const auto build = build_of(arguments_.nginx);
        if (version_text_.empty() || !build)
            return "no nginx at " + arguments_.nginx;
        build_ = *build;
        own_network_ = leave_network();
        around_.folder = temporary_.at("s");
        around_.version = build_.version;
        around_.echo.socket = temporary_.at("echo.sock");
        if (!find_ports())
            return "no free ports";
        around_.has_ipv6 = is_free("[::1]:" + std::to_string(around_.ports.front()));
        if (Client::has_tls() && make_certificate())
            around_.certificate = temporary_.at("cert.pem");
        return "";
    }

    /// Always the same ones in a network of its own.
    bool find_ports() {
        constexpr std::uint16_t count = 17;
        constexpr std::uint16_t listeners = 4;
        for (std::uint16_t first = 8000; first < 30000; first += 100) {
            bool free = true;
            for (std::uint16_t i = 0; i < count; ++i)
                free = free && is_free("0.0.0.0:" + std::to_string(first + i));
            if (!free)
                continue;
            std::uint16_t port = first;
            for (int i = 0; i < listeners; ++i)
                around_.ports.push_back(port++);
            around_.echo.fastcgi = port++;
            around_.echo.scgi = port++;
            around_.echo.uwsgi = port++;
            around_.echo.memcached = port++;
            around_.echo.grpc = static_cast<std::uint16_t>(first + count - 1);
            while (port < around_.echo.grpc)
                around_.echo.http.push_back(port++);
            // The one that `listen` and `Location` need not name.
            if (is_free("0.0.0.0:80"))
                around_.ports.push_back(80);
            return true;
        }
        return false;
    }

    [[nodiscard]] bool make_certificate() const {
        const ProcessResult result = run_process(
            {"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", "/CN=a.example",
             "-keyout", temporary_.at("cert.pem.key"), "-out", temporary_.at("cert.pem")},
            std::chrono::seconds(10));
        return result.kind == ExitKind::exited && result.code == 0;
    }

    [[nodiscard]] Site make_site(std::uint64_t number) const {
        Random random(arguments_.seed * 16 + arguments_.step, number);
        constexpr std::array makers = {location_site, server_site, rewrite_site, internal_site,
                                       beside_site};
        return makers[arguments_.step - 1](random, around_, requests_of_site);
    }

    // -- one site ---------------------------------------------------------------------------------

    void one_site(std::uint64_t number) {
        ++sites_;
        const Site site = make_site(number);
        to_shrink_.clear();
        ask_site(number, site);
        // Only one nginx at a time can have the addresses.
        for (const ClientRequest& request : to_shrink_)
            show_shrunk(site.configuration, request);
    }

    void ask_site(std::uint64_t number, const Site& site) {
        write_files(site.configuration, around_.folder);
        RunningNginx nginx(arguments_.nginx, around_.folder);
        if (!nginx.is_ready()) {
            ++refused_;
            if (arguments_.verbose || arguments_.only)
                std::cout << "site " << number << " refused: " << nginx.take_log() << '\n';
            return;
        }
        (void)nginx.take_log();
        std::optional<OurSide> ours;
        if (!arguments_.nginx_only) {
            ours.emplace(around_.folder, build_, peers_of(around_.echo));
            if (!ours->problem().empty()) {
                show(number, site, nullptr, "load: " + ours->problem());
                return;
            }
        }
        if (arguments_.routes && ours) {
            send_examples(number, site, *ours, nginx);
            look_for_unreachable(number, site, *ours);
            return;
        }
        const TaggedBlocks blocks(site.configuration.files.front().text);
        for (std::size_t i = 0; i < site.requests.size() && go_on(); ++i)
            if ((!arguments_.request || *arguments_.request == i) &&
                !one_request(number, i, site, blocks, nginx, ours ? &*ours : nullptr))
                return;
    }

    /// Each has to be answered by the block of its way, and to arrive at one of its peers.
    void send_examples(std::uint64_t number, const Site& site, OurSide& ours, RunningNginx& nginx) {
        for (const ExpectedWay& way : ours.examples()) {
            ++requests_;
            const Observed observed = observe(client_.exchange(way.request), way.request.http);
            const bool is_peer =
                observed.upstream &&
                std::ranges::find(way.peers, observed.upstream->peer) != way.peers.end();
            if (is_peer && observed.tag == way.tag)
                continue;
            std::string peers;
            for (const std::string& peer : way.peers)
                peers += ' ' + peer;
            show(number, site, nullptr,
                 "example: " + description_of(way.request) +
                     "\n  nginx: " + description_of(observed) + "\n  we: block " +
                     way.tag.value_or("none") + ", one of" + peers + '\n' + nginx.take_log());
        }
    }

    /// None of the site's own requests may be passed on by a block that is never reached.
    void look_for_unreachable(std::uint64_t number, const Site& site, OurSide& ours) {
        const std::set<std::string> unreachable = ours.unreachable_blocks();
        unreachable_ += unreachable.size();
        if (unreachable.empty())
            return;
        for (const ClientRequest& request : site.requests) {
            ++requests_;
            const Observed observed = observe(client_.exchange(request), request.http);
            if (observed.upstream && observed.tag && unreachable.contains(*observed.tag))
                show(number, site, &request,
                     "never reached: " + description_of(request) +
                         "\n  nginx: " + description_of(observed) + '\n');
        }
    }

    /// nginx closes some connections without a word, and all of them when it crashes.
    bool has_crashed(const ClientRequest& request, RunningNginx& nginx) {
        ClientRequest nonsense;
        nonsense.connect = request.connect;
        nonsense.method = "?";
        const RawAnswer answer = client_.exchange(nonsense);
        return answer.bytes.empty() && nginx.ends_within(std::chrono::seconds(1));
    }

    /// In the answer, or else in what upstreams were sent for it.
    std::vector<std::string> differences(const Observed& observed, const Predicted& predicted) {
        std::vector<std::string> found = disagreements(observed, predicted);
        // A condition that fails ends the connection, and what is beside it with that.
        constexpr int precondition_failed = 412;
        const bool is_whole = found.empty() && observed.kind != Observed::Kind::closed &&
                              observed.status != precondition_failed;
        return is_whole ? disagreements(echo_->take_requests(), predicted) : found;
    }

    /// False when nginx has crashed.
    bool one_request(std::uint64_t number, std::size_t index, const Site& site,
                     const TaggedBlocks& blocks, RunningNginx& nginx, OurSide* ours) {
        const ClientRequest& request = site.requests[index];
        const std::optional<Predicted> predicted =
            ours != nullptr ? std::optional(ours->predict(request)) : std::nullopt;
        if (predicted && predicted->is_undefined) {
            ++undefined_;
            return true;
        }
        (void)echo_->take_requests();
        const Observed observed = observe(client_.exchange(request), request.http);
        if (observed.kind == Observed::Kind::closed && has_crashed(request, nginx)) {
            ++crashed_;
            std::cout << "note: nginx crashed, step " << arguments_.step << " seed "
                      << arguments_.seed << " site " << number << " request " << index << '\n';
            return false;
        }
        ++requests_;
        coverage_.add(observed, blocks);
        const std::string log = nginx.take_log();
        if (observed.kind == Observed::Kind::timed_out ||
            observed.kind == Observed::Kind::unreadable)
            ++unreadable_;
        if (arguments_.verbose)
            std::cout << number << '.' << index << ": " << description_of(request) << "\n  -> "
                      << description_of(observed) << '\n'
                      << log;
        if (!predicted)
            return true;
        const std::vector<std::string> found = differences(observed, *predicted);
        if (found.empty())
            return true;
        ++kinds_[kinds_of(found)];
        std::string text = "request " + std::to_string(index) + ": " + description_of(request) +
                           "\n  nginx: " + description_of(observed) +
                           "\n  we: " + description_of(*predicted) + '\n';
        for (const std::string& each : found)
            text += "  differs in " + each + '\n';
        show(number, site, &request, text + log);
        return true;
    }

    void show(std::uint64_t number, const Site& site, const ClientRequest* request,
              const std::string& text) {
        ++differences_;
        const std::string& configuration = site.configuration.files.front().text;
        std::cout << "DIFFERENCE: step " << arguments_.step << " seed " << arguments_.seed
                  << " site " << number << '\n'
                  << (shown_ == number && !arguments_.shrink ? "" : configuration) << text << '\n';
        shown_ = number;
        if (!arguments_.keep.empty())
            keep(number, site.configuration, request, text);
        if (arguments_.shrink && request != nullptr)
            to_shrink_.push_back(*request);
    }

    void keep(std::uint64_t number, const GeneratedConfiguration& configuration,
              const ClientRequest* request, const std::string& text) const {
        const std::string folder = arguments_.keep + "/step" + std::to_string(arguments_.step) +
                                   "-" + std::to_string(arguments_.seed) + "-" +
                                   std::to_string(number) + "-" + std::to_string(differences_);
        write_files(configuration, folder);
        std::ofstream(folder + "/difference.txt", std::ios::binary) << text;
        if (request != nullptr)
            std::ofstream(folder + "/request.txt", std::ios::binary) << bytes_of(*request);
    }

    // -- shrinking --------------------------------------------------------------------------------

    /// The signature of what differs for that request; empty where nothing does, or nothing runs.
    std::string differs_in(const GeneratedConfiguration& configuration,
                           const ClientRequest& request) {
        if (configuration.files.empty() || configuration.files.front().path != "nginx.conf")
            return "";
        write_files(configuration, around_.folder);
        const RunningNginx nginx(arguments_.nginx, around_.folder);
        if (!nginx.is_ready())
            return "";
        OurSide ours(around_.folder, build_, peers_of(around_.echo));
        if (!ours.problem().empty())
            return "";
        const Predicted predicted = ours.predict(request);
        if (predicted.is_undefined)
            return "";
        (void)echo_->take_requests();
        const Observed observed = observe(hasty_client_.exchange(request), request.http);
        return signature_of(differences(observed, predicted));
    }

    void show_shrunk(const GeneratedConfiguration& configuration, ClientRequest request) {
        const std::string signature = differs_in(configuration, request);
        if (signature.empty()) {
            std::cout << "not the same again, so not shrunk\n";
            return;
        }
        for (std::size_t i = request.headers.size(); i-- > 0;) {
            ClientRequest smaller = request;
            smaller.headers.erase(smaller.headers.begin() + static_cast<std::ptrdiff_t>(i));
            if (differs_in(configuration, smaller) == signature)
                request = smaller;
        }
        const GeneratedConfiguration smallest =
            shrink(configuration, most_shrinking_steps, [&](const auto& candidate) {
                return differs_in(candidate, request) == signature;
            });
        write_files(smallest, around_.folder);
        OurSide ours(around_.folder, build_, peers_of(around_.echo));
        const RunningNginx nginx(arguments_.nginx, around_.folder);
        std::cout << "SHRUNK (" << signature << "):\n";
        for (const GeneratedFile& file : smallest.files)
            std::cout << "--- " << file.path << '\n' << file.text << '\n';
        std::cout << description_of(request) << "\n  nginx: "
                  << description_of(observe(hasty_client_.exchange(request), request.http))
                  << "\n  we: " << description_of(ours.predict(request)) << "\n\n";
    }

    // -- result -----------------------------------------------------------------------------------

    void report() const {
        std::cout << version_text_.substr(0, version_text_.find('\n')) << "; step "
                  << arguments_.step << ", seed " << arguments_.seed << ", " << sites_ << " sites ("
                  << refused_ << " refused by nginx, " << crashed_ << " crashed it), " << requests_
                  << " requests" << (own_network_ ? "" : ", in the machine's own network")
                  << (around_.certificate.empty() ? ", without TLS" : "")
                  << (around_.has_ipv6 ? "" : ", without IPv6") << '\n'
                  << coverage_.report() << "  not readable: " << unreadable_ << '\n';
        if (arguments_.nginx_only)
            return;
        std::cout << "  not sent, since nginx would leave its memory: " << undefined_ << '\n';
        if (arguments_.routes)
            std::cout << "  ways that are never reached: " << unreachable_ << '\n';
        for (const auto& [kinds, count] : kinds_)
            std::cout << "  differ in " << kinds << ": " << count << '\n';
        std::cout << "  differences: " << differences_ << '\n';
    }

    Arguments arguments_;
    test::TemporaryFolder temporary_;
    std::string version_text_;
    NginxBuild build_;
    Surroundings around_;
    Client client_{std::chrono::seconds(5)};
    Client hasty_client_{
        std::chrono::milliseconds(300)}; // most of what is left out breaks something
    std::optional<Echo> echo_;
    Coverage coverage_;
    bool own_network_ = false;
    std::uint64_t sites_ = 0;
    std::uint64_t refused_ = 0;
    std::uint64_t crashed_ = 0;
    std::uint64_t requests_ = 0;
    std::uint64_t unreadable_ = 0;
    std::uint64_t undefined_ = 0;
    std::uint64_t differences_ = 0;
    std::uint64_t unreachable_ = 0;        // ways, of --routes
    std::vector<ClientRequest> to_shrink_; // of this site
    std::optional<std::uint64_t> shown_;   // the site that was printed last
    std::map<std::string, std::uint64_t> kinds_;
};

} // namespace

} // namespace upstream_lint::differential

int main(int count, char** words) {
    namespace differential = upstream_lint::differential;
    const auto arguments = differential::parse_arguments(count, words);
    if (!arguments) {
        std::cerr << differential::usage;
        return differential::wrong_usage;
    }
    try {
        return differential::Run(*arguments).execute();
    } catch (const std::exception& error) {
        std::cerr << "differential_requests: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
