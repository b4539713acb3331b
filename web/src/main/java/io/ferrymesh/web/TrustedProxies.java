package io.ferrymesh.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The reverse proxies before a server, which say in X-Forwarded-For whose request they pass on. Nobody else is believed. */
public record TrustedProxies(List<AddressRange> ranges) {

    /** What stands for an address that no proxy has told. It is none. */
    public static final String UNKNOWN = "a client of a proxy";

    /** Clients connect to the server. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private static final Pattern WITH_PORT = Pattern.compile("\\[([^\\]]*)](?::\\d{1,5})?|([^:]*):\\d{1,5}");

    /** Keeps a copy. */
    public TrustedProxies {
        ranges = List.copyOf(ranges);
    }

    /** Whose request this is: the client's address, or {@link #UNKNOWN}. */
    public String client(HttpServerRequest request) {
        SocketAddress remote = request.remoteAddress();
        return client(peer(remote), request.headers().getAll("X-Forwarded-For"));
    }

    /** Whether it is a proxy that connects from there. */
    boolean isTrusted(@Nullable SocketAddress remote) {
        return isTrusted(peer(remote));
    }

    private static String peer(@Nullable SocketAddress remote) {
        return remote == null || remote.hostAddress() == null ? UNKNOWN : remote.hostAddress();
    }

    /** Each proxy appends whom it was asked by: so the last that is none of the proxies is what they vouch for. */
    String client(String peer, List<String> forwardedFor) {
        if (!isTrusted(peer)) {
            return peer;
        }
        String[] hops = String.join(",", forwardedFor).split(",", -1);
        for (int i = hops.length - 1; i >= 0; i--) {
            String hop = address(hops[i].strip());
            if (!AddressRange.isAddress(hop)) {
                return UNKNOWN;
            }
            if (!isTrusted(hop)) {
                return hop;
            }
        }
        return UNKNOWN;
    }

    private boolean isTrusted(String address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /** Some proxies tell the port too. */
    private static String address(String hop) {
        Matcher matcher = WITH_PORT.matcher(hop);
        if (!matcher.matches()) {
            return hop;
        }
        return String.valueOf(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
}
