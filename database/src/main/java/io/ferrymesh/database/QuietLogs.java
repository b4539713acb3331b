package io.ferrymesh.database;

import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Flyway tells at every start goes to DEBUG, and so does what it throws as well. Flyway makes it by its name. */
public final class QuietLogs implements LogCreator {

    @Override
    public Log createLogger(Class<?> clazz) {
        return new QuietLog(LoggerFactory.getLogger(clazz));
    }

    private record QuietLog(Logger log) implements Log {

        @Override
        public boolean isDebugEnabled() {
            return log.isDebugEnabled();
        }

        @Override
        public void debug(String message) {
            log.trace(message);
        }

        @Override
        public void info(String message) {
            log.debug(message);
        }

        @Override
        public void notice(String message) {
            log.debug(message);
        }

        @Override
        public void warn(String message) {
            log.warn(message);
        }

        @Override
        public void error(String message) {
            log.debug(message);
        }

        @Override
        public void error(String message, Exception e) {
            log.debug(message, e);
        }
    }
}
