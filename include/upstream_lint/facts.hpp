#pragma once

#include "upstream_lint/address.hpp"
#include "upstream_lint/exchange.hpp"
#include "upstream_lint/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// How reading something ended. Only what was read to its end says that something is not there.
enum class ReadStatus : std::uint8_t {
    not_asked, ///< nobody tried; what a snapshot does not mention
    ok,
    absent, ///< what would be read is not there: no engine, no file
    denied,
    timeout,
    unsupported, ///< this build or this kernel cannot
    partial,     ///< a part is missing; what is there is right
};

[[nodiscard]] std::string_view read_status_name(ReadStatus status);

/// How a part of a snapshot was read, and from what.
struct Reading {
    ReadStatus status = ReadStatus::not_asked;
    std::string source; ///< `sock_diag`, `/proc/net/tcp`, `/run/docker.sock`
    std::string reason; ///< plain words; empty when all went well

    [[nodiscard]] bool is_complete() const noexcept { return status == ReadStatus::ok; }

    friend bool operator==(const Reading&, const Reading&) = default;
};

/// Why it is not complete: the reason, else the status.
[[nodiscard]] std::string reason_of(const Reading& reading);

/// Seconds since 1970 in UTC.
using UnixTime = std::int64_t;

/// A process that others are judged by: a worker of nginx.
struct Credentials {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::vector<std::uint32_t> groups{}; ///< supplementary ones
    std::uint64_t capabilities = 0;      ///< effective (CapEff of proc_pid_status(5))
    /// Of SELinux or AppArmor: `system_u:system_r:httpd_t:s0`, `nginx (enforce)`, `unconfined`
    /// (/proc/PID/attr/current, else attr/apparmor/current). Empty: there is none, or it could not
    /// be read.
    std::string label{};

    friend bool operator==(const Credentials&, const Credentials&) = default;
};

/// Who holds a socket, as far as it could be found out.
struct SocketOwner {
    std::optional<std::uint32_t> pid;
    std::string command; ///< /proc/PID/comm
    std::string cgroup;
    std::string unit;      ///< `php8.2-fpm.service`
    std::string container; ///< its id
    std::string label{};   ///< of SELinux or AppArmor: what it runs as

    friend bool operator==(const SocketOwner&, const SocketOwner&) = default;
};

/// A TCP listener, or a UDP socket that waits for anybody.
struct InetSocket {
    SocketAddress address;                ///< with the port
    std::optional<bool> v6only;           ///< of IPv6; none: not known
    std::optional<std::uint32_t> queue;   ///< connections that wait to be accepted
    std::optional<std::uint32_t> backlog; ///< how many may wait
    std::uint32_t uid = 0;
    std::uint64_t inode = 0;
    SocketOwner owner;

    friend bool operator==(const InetSocket&, const InetSocket&) = default;
};

/// A unix socket that is bound to a name.
struct UnixSocket {
    enum class Type : std::uint8_t { stream, datagram, seqpacket };

    std::string path; ///< as the one who bound it spelled it; `@name` of an abstract one
    Type type = Type::stream;
    bool is_listening = false;
    /// Of the file that it was bound to; none: not known. Tells the same file under other names.
    std::optional<std::uint64_t> device;
    std::optional<std::uint64_t> file_inode;
    std::optional<std::uint32_t> queue;
    std::optional<std::uint32_t> backlog;
    std::uint64_t inode = 0; ///< of the socket
    SocketOwner owner;

    friend bool operator==(const UnixSocket&, const UnixSocket&) = default;
};

/// An address of an interface.
struct InterfaceAddress {
    SocketAddress address; ///< without a port
    unsigned length = 0;   ///< bits of its network
    std::string interface; ///< `eth0`

    friend bool operator==(const InterfaceAddress&, const InterfaceAddress&) = default;
};

/// A network namespace (network_namespaces(7)).
struct NetworkNamespace {
    std::string id;        ///< its inode in decimal; others where that could not be read
    std::string container; ///< whose it is; empty: of the host, or not known
    std::vector<InterfaceAddress> addresses;
    Reading addresses_reading;
    std::vector<InetSocket> tcp_listeners;
    Reading tcp_reading;
    std::vector<InetSocket> udp_sockets;
    Reading udp_reading;
    std::vector<UnixSocket> unix_sockets;
    Reading unix_reading;
    std::optional<bool> ipv6_disabled; ///< on the loopback interface
    std::optional<std::uint32_t> somaxconn;

    friend bool operator==(const NetworkNamespace&, const NetworkNamespace&) = default;
};

/// An entry of an access control list (acl(5)).
struct AclEntry {
    enum class Tag : std::uint8_t { user_owner, user, group_owner, group, mask, other };

    Tag tag = Tag::other;
    std::uint32_t id = 0;         ///< of `user` and `group`
    std::uint8_t permissions = 0; ///< 4 read, 2 write, 1 search

    friend bool operator==(const AclEntry&, const AclEntry&) = default;
};

/// A file on the way to another, or that itself (inode(7)).
struct PathComponent {
    enum class Type : std::uint8_t { directory, regular, socket, symlink, fifo, device };

    std::string path; ///< absolute, all links before it followed
    Type type = Type::directory;
    std::uint32_t mode = 0; ///< permission bits
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::string link_target; ///< of a symbolic link
    std::vector<AclEntry> acl;
    ReadStatus acl_status = ReadStatus::not_asked; ///< `absent`: there is none
    std::string label;                             ///< security.selinux

    friend bool operator==(const PathComponent&, const PathComponent&) = default;
};

/// A file of a directory beside one that was looked for.
struct Sibling {
    std::string name;
    PathComponent::Type type = PathComponent::Type::regular;

    friend bool operator==(const Sibling&, const Sibling&) = default;
};

/// What stands at a path of a mount namespace.
struct PathFacts {
    std::string mount_namespace;
    std::string path; ///< as asked
    /// `ok`: something is there, the last component; `absent`: nothing is, the components end
    /// before it; `denied`: this process may not look behind the last component.
    Reading reading;
    std::string error;    ///< `ENOENT`, `ENOTDIR`, `EACCES`, `ELOOP`; empty when there is none
    std::string resolved; ///< where the links lead; empty when nowhere
    std::vector<PathComponent> components; ///< from the root, links included
    std::vector<Sibling> siblings;         ///< of the folder where it would be, if that is there
    Reading siblings_reading;
    bool is_mount_point = false; ///< the file itself is mounted there

    friend bool operator==(const PathFacts&, const PathFacts&) = default;
};

/// A name that was looked up as nginx does when it loads (getaddrinfo(3)).
struct NameFacts {
    std::string perspective; ///< the network namespace it was looked up in
    std::string name;
    Reading reading;                      ///< `absent`: nobody knows it
    std::string error;                    ///< `EAI_NONAME`, ...
    std::vector<SocketAddress> addresses; ///< in the order of the answer, without ports

    friend bool operator==(const NameFacts&, const NameFacts&) = default;
};

/// What a name server said (RFC 1035).
struct DnsAnswer {
    std::string perspective;
    std::string resolver; ///< `127.0.0.11:53`
    std::string name;
    std::string type;  ///< `A`, `AAAA`, `SRV`
    Reading reading;   ///< `timeout`: it did not answer
    std::string rcode; ///< `NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED`; or an errno's name
    std::vector<SocketAddress> addresses; ///< of SRV with ports

    friend bool operator==(const DnsAnswer&, const DnsAnswer&) = default;
};

struct HostsEntry {
    std::string name;
    std::vector<SocketAddress> addresses;

    friend bool operator==(const HostsEntry&, const HostsEntry&) = default;
};

struct DnsFacts {
    std::vector<HostsEntry> hosts;
    Reading hosts_reading;
    std::vector<std::string> nameservers; ///< resolv.conf(5)
    std::vector<std::string> search;
    Reading resolv_conf_reading;
    std::vector<NameFacts> names;
    std::vector<DnsAnswer> answers;

    friend bool operator==(const DnsFacts&, const DnsFacts&) = default;
};

/// org.freedesktop.systemd1: Unit and Service. Texts are systemd's own words.
struct Unit {
    std::string id;
    std::string load_state;   ///< `loaded`, `not-found`, `masked`
    std::string active_state; ///< `active`, `inactive`, `failed`, `activating`
    std::string sub_state;
    std::string result;          ///< `success`, `exit-code`, `start-limit-hit`
    std::string unit_file_state; ///< `enabled`, `disabled`, `static`
    std::string user;
    std::string group;
    std::string control_group;
    std::vector<std::string> triggered_by;
    std::vector<std::string> runtime_directory;
    std::optional<std::uint32_t> main_pid;
    std::optional<std::int32_t> exec_main_status;
    std::optional<std::uint32_t> restarts;
    std::optional<bool> private_tmp;
    std::optional<UnixTime> active_since;

    friend bool operator==(const Unit&, const Unit&) = default;
};

/// org.freedesktop.systemd1.Socket
struct SocketUnit {
    struct Listen {
        std::string type;    ///< `Stream`, `Datagram`, `SequentialPacket`, `FIFO`
        std::string address; ///< `/run/app.sock`, `127.0.0.1:9000`, `[::]:80`

        friend bool operator==(const Listen&, const Listen&) = default;
    };

    std::string id;
    std::string active_state;
    std::string result;
    std::vector<Listen> listen;
    std::string mode; ///< octal: `0660`
    std::string user;
    std::string group;
    std::vector<std::string> triggers;
    std::optional<std::uint32_t> backlog;

    friend bool operator==(const SocketUnit&, const SocketUnit&) = default;
};

struct SystemdFacts {
    Reading reading;
    std::vector<Unit> units;
    std::vector<SocketUnit> sockets;

    friend bool operator==(const SystemdFacts&, const SystemdFacts&) = default;
};

/// A pool of PHP-FPM as its file has it.
struct FpmPool {
    std::string file;
    std::string name;
    std::string listen; ///< `/run/php/php8.2-fpm.sock`, `127.0.0.1:9000`, `9000`
    std::string owner;  ///< listen.owner
    std::string group;
    std::string mode;
    std::string acl_users;
    std::string allowed_clients;
    std::optional<std::int64_t> backlog;
    std::string process_manager; ///< pm
    std::optional<std::uint32_t> max_children;
    std::string request_terminate_timeout;
    std::string status_path;
    std::string ping_path;
    std::string user;
    std::string chroot;

    friend bool operator==(const FpmPool&, const FpmPool&) = default;
};

struct FpmFacts {
    Reading reading;
    std::vector<FpmPool> pools;

    friend bool operator==(const FpmFacts&, const FpmFacts&) = default;
};

struct ContainerPort {
    std::uint16_t port = 0; ///< in the container
    std::string protocol = "tcp";
    std::optional<std::uint16_t> host_port; ///< none: not published
    std::string host_address;               ///< `0.0.0.0`, `127.0.0.1`, `::`; empty: all

    friend bool operator==(const ContainerPort&, const ContainerPort&) = default;
};

struct ContainerMount {
    std::string type; ///< `bind`, `volume`, `tmpfs`
    std::string source;
    std::string target;
    bool is_socket_file = false;

    friend bool operator==(const ContainerMount&, const ContainerMount&) = default;
};

struct ContainerNetwork {
    std::string name;
    std::string id;
    std::optional<SocketAddress> ipv4;
    std::optional<SocketAddress> ipv6;
    std::vector<std::string> dns_names; ///< aliases included

    friend bool operator==(const ContainerNetwork&, const ContainerNetwork&) = default;
};

struct Container {
    std::string id;
    std::string engine; ///< `docker`, `podman`
    std::vector<std::string> names;
    std::string image;
    std::string project; ///< of compose
    std::string service;
    std::string status; ///< `created`, `running`, `paused`, `restarting`, `exited`, `dead`
    std::string health; ///< `healthy`, `unhealthy`, `starting`; empty: not checked
    std::string health_output;
    std::string error;
    std::optional<bool> oom_killed;
    std::optional<std::int32_t> exit_code;
    std::optional<std::uint32_t> pid;
    std::optional<UnixTime> started_at;
    std::optional<UnixTime> finished_at;
    std::optional<std::uint32_t> restart_count;
    std::string network_mode; ///< `bridge`, `host`, `none`, `container:ID`, a network's name
    std::string network_namespace;
    std::vector<ContainerNetwork> networks;
    std::vector<ContainerPort> ports;
    std::vector<ContainerMount> mounts;
    std::vector<std::string> extra_hosts;
    /// Its engine runs without root: its networks are in a namespace that the host cannot enter
    /// by routes. None: not known.
    std::optional<bool> is_rootless{};

    friend bool operator==(const Container&, const Container&) = default;
};

struct EngineNetwork {
    std::string name;
    std::string id;
    std::string driver;
    bool is_internal = false;
    bool allows_icc = true; ///< inter-container connectivity: containers may talk to each other
    std::vector<Cidr> subnets;

    friend bool operator==(const EngineNetwork&, const EngineNetwork&) = default;
};

struct Engine {
    std::string name;   ///< `docker`, `podman`
    std::string socket; ///< its path
    std::string api;
    Reading reading;

    friend bool operator==(const Engine&, const Engine&) = default;
};

struct ContainerFacts {
    std::vector<Engine> engines; ///< also those that are not there
    std::vector<Container> items;
    std::vector<EngineNetwork> networks;

    friend bool operator==(const ContainerFacts&, const ContainerFacts&) = default;
};

struct Worker {
    std::uint32_t pid = 0;
    UnixTime started_at = 0;
    bool is_shutting_down = false;
    Credentials credentials;

    friend bool operator==(const Worker&, const Worker&) = default;
};

/// A running master with its workers.
struct NginxInstance {
    std::uint32_t master_pid = 0;
    std::string executable;
    std::string version;
    std::string configure_arguments; ///< as `nginx -V` prints them; empty: not known
    std::string configuration; ///< of its command line, or the build's; in its own mount namespace
    std::string prefix;
    std::string global_directives; ///< `-g`
    std::string unit;
    std::string container;
    std::string network_namespace; ///< empty: could not be read
    std::string mount_namespace;
    UnixTime started_at = 0;
    std::vector<Worker> workers;
    /// The last change of any file of the configuration; none: not known.
    std::optional<UnixTime> configuration_changed_at;

    friend bool operator==(const NginxInstance&, const NginxInstance&) = default;
};

/// A user that a directive or a file names (passwd(5)).
struct Account {
    std::string name;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::vector<std::uint32_t> groups;

    friend bool operator==(const Account&, const Account&) = default;
};

/// A TLS handshake with a target, as nginx would make it. Without a certificate of nginx's own.
struct HandshakeFacts {
    Reading reading;      ///< `ok`: it came to its end, good or bad; `timeout`: it did not
    std::string error;    ///< as nginx logs it; empty: it was made
    std::string protocol; ///< `TLSv1.3`
    std::string cipher;   ///< `TLS_AES_256_GCM_SHA384`
    std::string alpn;     ///< that both agreed on
    std::string
        verify_error; ///< of `verify`: as nginx logs it; empty: it went well, or was not asked
    std::optional<std::int64_t> verify_code;  ///< of `verify`: X509_V_ERR_*, 0: well
    std::optional<bool> asks_for_certificate; ///< whether the peer wanted one of nginx
    /// Of the peer's certificate: names (subjectAltName, else the common name), at most 32.
    std::vector<std::string> names;
    std::optional<UnixTime> not_before;
    std::optional<UnixTime> not_after;

    friend bool operator==(const HandshakeFacts&, const HandshakeFacts&) = default;
};

/// The first answer to a request. Of its body nothing is kept.
struct ReplyFacts {
    /// What the first bytes are, whatever was asked.
    enum class Kind : std::uint8_t {
        none, ///< there were none
        http, ///< a status line of HTTP/1
        http2,
        fastcgi,
        tls, ///< a record of TLS, usually an alert
        other,
    };

    Reading reading;     ///< `ok`: an answer, or the end of the connection; `timeout`: neither
    std::string request; ///< `HEAD / HTTP/1.0`, `HEAD /ping` of FastCGI, `preface` of HTTP/2
    std::string host;    ///< of HTTP: the Host that was sent
    Kind kind = Kind::none;
    std::optional<std::uint16_t> status; ///< of HTTP and FastCGI
    std::string line;  ///< the first line, or FastCGI's `Status`: at most 128 printable characters
    std::string error; ///< as nginx logs it, where it would not take the answer; else empty
    std::optional<double> milliseconds; ///< from the request on

    friend bool operator==(const ReplyFacts&, const ReplyFacts&) = default;
};

/// What a connection to a target came to. Where several things were to be said, each has its own.
struct ConnectFacts {
    std::string perspective; ///< the network namespace that it was made from
    std::string target;      ///< `127.0.0.1:80`, `unix:/run/app.sock`
    Reading reading;         ///< `timeout`: nobody answered in time
    std::string error;       ///< `ECONNREFUSED`, ...; empty: connected
    std::optional<double> milliseconds;
    std::optional<Exchange> exchange;        ///< what was to be said on it; none: nothing
    std::optional<HandshakeFacts> handshake; ///< none: there was none to make, or no connection
    std::optional<ReplyFacts> reply;         ///< none: nothing was to be asked, or nothing could be

    friend bool operator==(const ConnectFacts&, const ConnectFacts&) = default;
};

/// Something that could not be read.
struct ReadProblem {
    std::string fact;
    std::string source;
    std::string error;

    friend bool operator==(const ReadProblem&, const ReadProblem&) = default;
};

/// A file of the configuration that facts were read for.
struct ConfigurationFile {
    std::string name; ///< as nginx names it
    std::string text;

    friend bool operator==(const ConfigurationFile&, const ConfigurationFile&) = default;
};

/// Facts of one moment of one host, frozen. What is not there was not asked (not_asked), or its
/// Reading says why.
struct Snapshot {
    UnixTime captured_at = 0;
    std::string hostname;
    std::string kernel;
    std::string os;
    std::optional<UnixTime> booted_at;
    std::uint32_t uid = 0;         ///< of the process that read the facts
    std::string label;             ///< its own, as in Credentials
    std::string network_namespace; ///< its own
    std::string mount_namespace;
    /// Of all processes: whether `network_namespaces` are all of the host.
    Reading namespaces_reading;
    Reading owners_reading; ///< whose sockets are
    std::vector<ReadProblem> problems;

    Reading nginx_reading;
    std::vector<NginxInstance> instances;
    std::vector<NetworkNamespace> network_namespaces;
    std::vector<PathFacts> paths;
    DnsFacts dns;
    SystemdFacts systemd;
    FpmFacts fpm;
    ContainerFacts containers;
    std::vector<Account> accounts;
    Reading accounts_reading;
    std::optional<bool> selinux_enforcing; ///< none: there is none
    std::vector<ConnectFacts> connects;
    std::vector<ConfigurationFile> configuration; ///< the main file first; empty: left out

    friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

/// Reads docs/schema/snapshot-1.json. What it does not know it leaves alone; what has the wrong
/// shape is an error that names the place (RFC 6901) and what belongs there. `name` is for errors.
/// Cost: one pass.
[[nodiscard]] Result<Snapshot> parse_snapshot(std::string_view json, std::string_view name);

/// The same text for the same facts, with line ends.
[[nodiscard]] std::string print_snapshot(const Snapshot& snapshot);

} // namespace upstream_lint
