package io.ferrymesh.provider.accounts;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** The networks that addresses are in: who has one address has, or can have, the others. */
final class Networks {

    private static final int IPV4_BYTES = 3; // /24
    private static final int IPV6_BYTES = 7; // /56
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

    private static final int LOOPBACK = 127;

    private Networks() {}

    /** Whether it says where somebody is: not loopback, where a proxy may be, and not what is no address. */
    static boolean isSomewhere(byte[] network) {
        if (network.length == IPV4_BYTES) {
            return network[0] != 0 && network[0] != LOOPBACK;
        }
        return network.length == IPV6_BYTES && !Arrays.equals(network, new byte[IPV6_BYTES]);
    }

    /** The first 24 bits of an IPv4 address, 56 of another. What is no address stands for itself; nothing is resolved. */
    static byte[] of(String address) {
        String plain = address.replaceFirst("%.*", "");
        if (IPV4.matcher(plain).matches() || IPV6.matcher(plain).matches()) {
            try {
                InetAddress parsed = InetAddress.getByName(plain);
                int bytes = parsed instanceof Inet4Address ? IPV4_BYTES : IPV6_BYTES;
                return Arrays.copyOf(parsed.getAddress(), bytes);
            } catch (UnknownHostException e) {
                return address.getBytes(StandardCharsets.UTF_8);
            }
        }
        return address.getBytes(StandardCharsets.UTF_8);
    }
}
