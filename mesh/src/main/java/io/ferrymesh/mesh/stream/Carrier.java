package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.DirectSession;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.vertx.core.Future;

/** What takes a stream's messages to its peer. */
@FunctionalInterface
public interface Carrier {

    /** A way to one peer. */
    @FunctionalInterface
    interface Line {

        /**
         * Sends in the order of the calls.
         *
         * @return fails when the message certainly or probably did not leave this process
         */
        Future<Void> send(Message message);
    }

    /** A way that one session has for itself, and that can break. */
    interface Connection extends Line {

        /** What it is for. */
        DirectSession session();

        /** Lets go of it. What was sent before still leaves if it can. */
        void close();
    }

    /** Opens nothing yet; only remembers where to send. */
    Line to(Id128 peer);
}
