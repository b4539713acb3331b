package io.ferrymesh.it.containers;

import java.util.Locale;

/** The two providers of a user who moves. */
enum Party {
    OLD,
    NEW;

    /** In names of containers, states and secrets. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Of its first, second, or a later node. */
    String node(int number) {
        return label() + "-" + number;
    }
}
