package io.ferrymesh.web;

import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Whom limits and failures are counted against. */
public final class ClientAddress {

    private static final int IPV4_LENGTH = 4;

    private ClientAddress() {}

    /** An IPv4 address, or the half of an IPv6 address that a customer gets, as text; "nowhere" if there is none. */
    public static String of(@Nullable SocketAddress remote) {
        if (remote == null || remote.hostAddress() == null) {
            return "nowhere";
        }
        try {
            byte[] bytes = InetAddress.getByName(remote.hostAddress()).getAddress();
            return bytes.length == IPV4_LENGTH
                    ? remote.hostAddress()
                    : HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(bytes, 8)) + "/64";
        } catch (UnknownHostException e) {
            return remote.hostAddress();
        }
    }
}
