package io.ferrymesh.mesh;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a port of TCP.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param port 0 to 65535, 0 where any will do
 */
public record Endpoint(String host, int port) {

    private static final int MAX_PORT = 65_535;
    private static final Pattern FORM = Pattern.compile("(?:\\[([^\\[\\]]+)]|([^:\\[\\]]+)):(\\d{1,5})");

    public Endpoint {
        if (!OptionChecks.isHost(host) || port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("not a host and a port from 0 to 65535");
        }
    }

    /** Reads host:port or [IPv6]:port. */
    public static Endpoint parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("not host:port or [IPv6]:port");
        }
        String host = form.group(1) == null ? form.group(2) : form.group(1);
        if (form.group(1) != null && !host.contains(":")) {
            throw new IllegalArgumentException("only IPv6 addresses have brackets");
        }
        return new Endpoint(host, Integer.parseInt(form.group(3)));
    }

    /** As it is read. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
