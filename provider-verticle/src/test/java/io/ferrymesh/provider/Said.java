package io.ferrymesh.provider;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What a class logs until this is closed. */
public final class Said implements AutoCloseable {

    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final Logger logger;
    private final @Nullable Level before;

    /** Listens from now on. */
    public Said(Class<?> by) {
        logger = (Logger) LoggerFactory.getLogger(by);
        events.start();
        before = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(events);
    }

    /** What it said. */
    public List<String> atLeast(Level level) {
        return events.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(level))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** The same, each with the value of a key, if it has one. */
    public List<String> keyed(String key, Level least) {
        return events.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(least))
                .map(event -> value(event, key) + " " + event.getFormattedMessage())
                .toList();
    }

    private static String value(ILoggingEvent event, String key) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        return pairs == null
                ? ""
                : pairs.stream()
                        .filter(pair -> pair.key.equals(key))
                        .map(pair -> String.valueOf(pair.value))
                        .findFirst()
                        .orElse("");
    }

    @Override
    public void close() {
        logger.detachAppender(events);
        logger.setLevel(before);
    }
}
