package io.ferrymesh.provider.work;

import io.ferrymesh.mesh.LogFields;
import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** What is logged of one grant or migration, with its id for programs to find. */
record Told(Logger log) {

    /** A line. */
    void say(Level level, MigrationId id, String text, Object... arguments) {
        log.atLevel(level).addKeyValue(LogFields.MIGRATION, id).log(text, arguments);
    }

    /** A line with its cause, if there is one, for a text that has the id in it and nothing else. */
    void trouble(Level level, MigrationId id, String text, @Nullable Throwable cause) {
        log.atLevel(level).addKeyValue(LogFields.MIGRATION, id).setCause(cause).log(text, id);
    }

    /** The same if it fails. */
    Future<Void> failing(Level level, MigrationId id, String text, Future<Void> future) {
        return future.onFailure(e -> trouble(level, id, text, e));
    }
}
