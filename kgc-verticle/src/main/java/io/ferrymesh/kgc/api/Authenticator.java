package io.ferrymesh.kgc.api;

import io.ferrymesh.kgc.operator.Operator;
import java.util.Optional;

/** Knows operators by their tokens. Blocking: worker threads only. */
@FunctionalInterface
public interface Authenticator {

    /** Whose token this is, if it is anybody's. Any text may come in. */
    Optional<Operator> authenticate(String token);
}
