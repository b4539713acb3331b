package io.ferrymesh.mesh;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What makes an option right. Every refusal names the key, the value, and what would be right. */
final class OptionChecks {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern DNS_OR_IPV4 = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9._-]{1,32})?");
    private static final Pattern HOST_PORT = Pattern.compile("([^:\\[\\]]+):(\\d{1,5})");
    private static final Pattern IPV6_PORT = Pattern.compile("\\[([^\\[\\]]+)](?::(\\d{1,5}))?");

    private OptionChecks() {}

    static void require(boolean right, String key, String value, String wanted) {
        if (!right) {
            throw new IllegalArgumentException(key + " must be " + wanted + ": " + value);
        }
    }

    static void between(String key, long value, long least, long most) {
        require(value >= least && value <= most, key, Long.toString(value), "from " + least + " to " + most);
    }

    static void name(String key, Optional<String> name) {
        name.ifPresent(n -> require(NAME.matcher(n).matches(), key, n, "1 to 64 letters, digits, dots, hyphens"));
    }

    static void host(String key, String host) {
        require(isHost(host), key, host, "a host name or an IP address without a port");
    }

    static void reachable(String key, String host) {
        require(isHost(host) && !isWildcard(host), key, host, "a host name or an IP address that others can reach");
    }

    static void advertised(String host, Optional<String> publicHost) {
        require(
                !isWildcard(host) || publicHost.isPresent(),
                "publicHost",
                "none",
                "set when host is " + host + ", for others cannot reach that address");
    }

    static void member(String key, String member) {
        String wanted = "host, host:port or [IPv6]:port, with a port from 1 to 65535";
        Matcher v6 = IPV6_PORT.matcher(member);
        Matcher v4 = HOST_PORT.matcher(member);
        if (v6.matches()) {
            require(isIpv6(v6.group(1)) && isPort(Optional.ofNullable(v6.group(2))), key, member, wanted);
        } else if (v4.matches()) {
            require(isHost(v4.group(1)) && isPort(Optional.of(v4.group(2))), key, member, wanted);
        } else {
            require(isHost(member), key, member, wanted);
        }
    }

    static void either(String key, List<String> values, String otherKey, List<String> others) {
        require(
                values.isEmpty() || others.isEmpty(),
                key,
                String.join(",", values),
                "unset where " + otherKey + " is set");
    }

    private static boolean isPort(Optional<String> port) {
        return port.map(Integer::parseInt).map(p -> p >= 1 && p <= 65_535).orElse(true);
    }

    static boolean isHost(String host) {
        return DNS_OR_IPV4.matcher(host).matches() || isIpv6(host);
    }

    private static boolean isIpv6(String host) {
        return host.contains(":") && IPV6.matcher(host).matches();
    }

    static boolean isWildcard(String host) {
        return host.equals("0.0.0.0") || host.matches("[0:]*:[0:]*");
    }
}
