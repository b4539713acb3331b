package io.ferrymesh.provider;

import io.ferrymesh.scheme.Usage;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How a process stands with the key centre, in numbers. Times are epoch seconds.
 *
 * @param stock credentials of each usage under the key that is used first, when this process looked last
 * @param signerUntil how long there is something to ask for more with; empty when there is nothing
 * @param bulletinAt when the newest bulletin was signed that answers who is revoked; empty before the first
 */
public record KeyCentreFigures(Map<Usage, Integer> stock, OptionalLong signerUntil, OptionalLong bulletinAt) {

    /** Before anything is known. */
    public static final KeyCentreFigures NONE =
            new KeyCentreFigures(Map.of(), OptionalLong.empty(), OptionalLong.empty());
}
