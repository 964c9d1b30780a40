#include "host/name_lookup.hpp"

#include "host/bounded.hpp"
#include "host/network_namespace.hpp"
#include "host/proc_files.hpp"
#include "host/socket_address.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <netdb.h>
#include <sys/socket.h>

namespace upstream_lint {

namespace {

constexpr std::size_t at_once = 16;
constexpr const char* source = "getaddrinfo";

struct AddressListCloser {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

using AddressList = std::unique_ptr<addrinfo, AddressListCloser>;

std::string error_name(int code) {
    switch (code) {
    case EAI_NONAME:
        return "EAI_NONAME";
    case EAI_AGAIN:
        return "EAI_AGAIN";
    case EAI_FAIL:
        return "EAI_FAIL";
    case EAI_MEMORY:
        return "EAI_MEMORY";
    case EAI_FAMILY:
        return "EAI_FAMILY";
    case EAI_SERVICE:
        return "EAI_SERVICE";
    case EAI_SYSTEM:
        return "EAI_SYSTEM";
#ifdef EAI_NODATA
    case EAI_NODATA:
        return "EAI_NODATA";
#endif
    default:
        return "EAI_" + std::to_string(code);
    }
}

// Only what says that there is no such name says so: a name server that is down does not.
ReadStatus status_of(int code) {
    if (code == EAI_NONAME)
        return ReadStatus::absent;
#ifdef EAI_NODATA
    if (code == EAI_NODATA)
        return ReadStatus::absent;
#endif
    return code == EAI_AGAIN ? ReadStatus::timeout : ReadStatus::unsupported;
}

NameFacts look_up_name(const std::string& name) {
    NameFacts facts{.perspective = {},
                    .name = name,
                    .reading = complete_reading(source),
                    .error = {},
                    .addresses = {}};
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int code = ::getaddrinfo(name.c_str(), nullptr, &hints, &found);
    const int system_code = errno;
    if (code != 0) {
        facts.error = error_name(code);
        facts.reading.status = status_of(code);
        facts.reading.reason = ::gai_strerror(code);
        if (code == EAI_SYSTEM)
            facts.reading.reason += " (" + errno_name(system_code) + ")";
        return facts;
    }
    const AddressList list(found);
    for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
        const auto address = from_system(entry->ai_addr);
        if (address && std::ranges::find(facts.addresses, *address) == facts.addresses.end())
            facts.addresses.push_back(*address);
    }
    return facts;
}

NameFacts look_up_from(const std::string& name, const std::string& namespace_link) {
    if (namespace_link.empty())
        return look_up_name(name);
    if (const auto error = enter_network_namespace(namespace_link)) {
        NameFacts facts;
        facts.name = name;
        // nothing is said of the name
        facts.reading = {ReadStatus::unsupported, source, describe(*error)};
        return facts;
    }
    return look_up_name(name);
}

NameFacts late(const std::string& name) {
    NameFacts facts;
    facts.name = name;
    facts.reading = {ReadStatus::timeout, source, "no answer in time"};
    return facts;
}

} // namespace

std::vector<NameFacts> look_up_names(const std::vector<std::string>& names,
                                     const std::string& namespace_link,
                                     std::chrono::milliseconds deadline, Clock::time_point end) {
    std::vector<NameFacts> answers;
    answers.reserve(names.size());
    while (answers.size() < names.size() && Clock::now() < end) {
        const std::size_t first = answers.size();
        const std::size_t count = std::min(at_once, names.size() - first);
        std::vector<Bounded<NameFacts>> asked;
        for (std::size_t i = first; i < first + count; ++i)
            asked.emplace_back(
                [name = names[i], namespace_link] { return look_up_from(name, namespace_link); });
        const Clock::time_point until = std::min(Clock::now() + deadline, end);
        for (std::size_t i = first; i < first + count; ++i)
            answers.push_back(asked[i - first].take(until).value_or(late(names[i])));
    }
    while (answers.size() < names.size())
        answers.push_back(late(names[answers.size()]));
    return answers;
}

} // namespace upstream_lint
