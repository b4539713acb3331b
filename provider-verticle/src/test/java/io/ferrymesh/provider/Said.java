package io.ferrymesh.provider;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What a class logs until this is closed. */
final class Said implements AutoCloseable {

    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final Logger logger;
    private final @Nullable Level before;

    Said(Class<?> by) {
        logger = (Logger) LoggerFactory.getLogger(by);
        events.start();
        before = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(events);
    }

    List<String> atLeast(Level level) {
        return events.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(level))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(events);
        logger.setLevel(before);
    }
}
