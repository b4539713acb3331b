package io.ferrymesh.mesh;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether and how a process takes part in direct connections.
 *
 * @param listen where it listens, port 0 for any; empty when it does not
 * @param publicHost the host others are told, if not that of {@code listen}
 * @param publicPort the port others are told, if not the one it listens on
 * @param dial whether it connects to peers that listen; one that listens does so anyway
 */
public record DirectOptions(
        Optional<Endpoint> listen, Optional<String> publicHost, OptionalInt publicPort, boolean dial) {

    /** Neither listens nor connects. */
    public static final DirectOptions OFF =
            new DirectOptions(Optional.empty(), Optional.empty(), OptionalInt.empty(), false);

    private static final String LISTEN = "direct.listen";
    private static final String ADVERTISE = "direct.advertise";
    private static final Pattern ADVERTISED = Pattern.compile("(\\[[^\\[\\]]+]|[^:\\[\\]]+)(?::(\\d{1,5}))?");

    public DirectOptions {
        publicHost.ifPresent(host -> OptionChecks.reachable(ADVERTISE, host));
        publicPort.ifPresent(port -> OptionChecks.between(ADVERTISE, port, 1, 65_535));
        OptionChecks.require(
                listen.isPresent() || publicHost.isEmpty(),
                ADVERTISE,
                publicHost.orElse(""),
                "unset where " + LISTEN + " is not set");
        OptionChecks.require(
                publicHost.isPresent()
                        || listen.map(Endpoint::host)
                                .filter(OptionChecks::isWildcard)
                                .isEmpty(),
                ADVERTISE,
                "none",
                "set when " + LISTEN + " is " + listen.map(Endpoint::host).orElse("")
                        + ", for others cannot reach that address");
    }

    /**
     * Reads what an operator wrote.
     *
     * @param listen host:port or [IPv6]:port
     * @param advertise host, host:port, [IPv6] or [IPv6]:port
     * @throws IllegalArgumentException for a bad value, with its key, the value, and what would be right
     */
    public static DirectOptions parse(Optional<String> listen, Optional<String> advertise, boolean dial) {
        Optional<Endpoint> at = listen.map(DirectOptions::endpoint);
        Optional<Matcher> told = advertise.map(text -> {
            Matcher form = ADVERTISED.matcher(text);
            OptionChecks.require(form.matches(), ADVERTISE, text, "host, host:port, [IPv6] or [IPv6]:port");
            return form;
        });
        Optional<String> port = told.flatMap(form -> Optional.ofNullable(form.group(2)));
        return new DirectOptions(
                at,
                told.map(form -> form.group(1).replaceAll("[\\[\\]]", "")),
                port.map(text -> OptionalInt.of(Integer.parseInt(text))).orElse(OptionalInt.empty()),
                dial);
    }

    private static Endpoint endpoint(String text) {
        try {
            return Endpoint.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    LISTEN + " must be host:port or [IPv6]:port with a port from 0 to 65535: " + text, e);
        }
    }

    /** Whether it connects to peers that listen. */
    public boolean dials() {
        return dial || listen.isPresent();
    }
}
