package io.ferrymesh.provider.webhooks;

import io.ferrymesh.web.AddressRange;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where users may have requests sent to: addresses of the public internet, by https. What is reachable from this machine only because it
 * stands where it does, such as a metadata service, a database or a neighbour, is refused whatever name leads there.
 */
final class Destinations {

    /** IANA's special-purpose IPv4 addresses, and multicast. */
    private static final List<AddressRange> NOT_PUBLIC_4 = ranges(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3");

    /** Of IPv6 only this is the internet; what in it stands for IPv4, or for examples, is not. */
    private static final AddressRange GLOBAL_6 = AddressRange.parse("2000::/3");

    private static final List<AddressRange> NOT_PUBLIC_6 =
            ranges("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20");

    private static final int MOST_PORT = 65_535;

    private final boolean loopback;

    /**
     * Of a provider.
     *
     * @param loopback whether this machine itself is allowed too, also without TLS
     */
    Destinations(boolean loopback) {
        this.loopback = loopback;
    }

    /** Refuses a URL to which nothing is ever sent; IllegalArgumentException says what would be right. */
    void check(URI url) {
        String scheme = String.valueOf(url.getScheme());
        String host = url.getHost();
        boolean local = loopback && host != null && isLoopbackName(host);
        if (host == null || !(scheme.equals("https") || (local && scheme.equals("http")))) {
            throw new IllegalArgumentException("must be an https URL with a host name: " + url);
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("must have neither a user name nor a fragment");
        }
        if (url.getPort() == 0 || url.getPort() > MOST_PORT) {
            throw new IllegalArgumentException("must have a port from 1 to " + MOST_PORT + ", or none: " + url);
        }
        boolean literal = host.startsWith("[") || host.matches("[0-9.]+");
        if (literal && !local && !isPublic(unbracketed(host))) {
            throw new IllegalArgumentException("must not be an address of a private network: " + host);
        }
        if (!local && (host.equals("localhost") || host.endsWith(".localhost"))) {
            throw new IllegalArgumentException("must not be this machine: " + host);
        }
    }

    /** Whether something may be sent to an address, however it was found. */
    boolean allows(InetAddress address) {
        return isPublic(address.getHostAddress().replaceFirst("%.*", "")) || (loopback && address.isLoopbackAddress());
    }

    private static boolean isPublic(String address) {
        if (address.indexOf(':') >= 0) {
            return GLOBAL_6.contains(address) && NOT_PUBLIC_6.stream().noneMatch(range -> range.contains(address));
        }
        return address.matches("\\d{1,3}(\\.\\d{1,3}){3}")
                && NOT_PUBLIC_4.stream().noneMatch(range -> range.contains(address));
    }

    private static boolean isLoopbackName(String host) {
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts).map(AddressRange::parse).toList();
    }
}
