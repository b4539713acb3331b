package io.ferrymesh.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses that begin alike, such as 10.0.0.0/8, or a single one. Nothing is resolved. */
public final class AddressRange {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
    private static final Pattern BITS = Pattern.compile("0|[1-9]\\d{0,2}");

    private final String text;
    private final byte[] first;
    private final int bits;

    private AddressRange(String text, byte[] first, int bits) {
        this.text = text;
        this.first = first;
        this.bits = bits;
    }

    /** From an address, or an address, a slash and how many bits count. Fails with IllegalArgumentException. */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        Optional<byte[]> address = bytes(slash < 0 ? text : text.substring(0, slash));
        String counted = slash < 0 ? "" : text.substring(slash + 1);
        if (address.isEmpty() || (slash >= 0 && !BITS.matcher(counted).matches())) {
            throw new IllegalArgumentException("must be an address, or a network such as 10.0.0.0/8: " + text);
        }
        int most = address.get().length * Byte.SIZE;
        int bits = slash < 0 ? most : Integer.parseInt(counted);
        if (bits > most) {
            throw new IllegalArgumentException("a network of such addresses has at most " + most + " bits: " + text);
        }
        return new AddressRange(text, address.get(), bits);
    }

    /** Whether it is one of these addresses; what is no address is none. */
    public boolean contains(String address) {
        return bytes(address).filter(this::beginsAlike).isPresent();
    }

    private boolean beginsAlike(byte[] address) {
        if (address.length != first.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((address[bit / Byte.SIZE] ^ first[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    static boolean isAddress(String text) {
        return bytes(text).isPresent();
    }

    private static Optional<byte[]> bytes(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
