package io.ferrymesh.migration;

import java.util.ArrayList;
import java.util.List;

/** What a pattern comes to: places, each of which reads one character and goes on, or branches without reading. */
final class GlobProgram {

    /** Reads one character. */
    interface Symbol {
        boolean takes(int symbol);
    }

    private record Place(Symbol symbol, int first, int second) {}

    private static final Symbol NONE = symbol -> false;

    private final List<Place> places = new ArrayList<>();

    /** Adds a place that reads one character and goes on to the next place. */
    void read(Symbol symbol) {
        places.add(new Place(symbol, -1, -1));
    }

    /** Adds a place that goes on in two ways, which may be set later by {@link #lead}. */
    int branch() {
        places.add(new Place(NONE, 0, 0));
        return places.size() - 1;
    }

    /** Says where a branch leads; the same place twice for one that only jumps. */
    void lead(int branch, int first, int second) {
        places.set(branch, new Place(NONE, first, second));
    }

    /** The place at the end of the pattern, which {@link #finish} adds. */
    int end() {
        return places.size() - 1;
    }

    /** Adds the end. */
    void finish() {
        read(NONE);
    }

    /** How many places there are; also where the next one will be. */
    int length() {
        return places.size();
    }

    boolean branches(int place) {
        return places.get(place).first >= 0;
    }

    int first(int place) {
        return places.get(place).first;
    }

    int second(int place) {
        return places.get(place).second;
    }

    boolean takes(int place, int symbol) {
        return places.get(place).symbol.takes(symbol);
    }
}
