package io.ferrymesh.cli;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.event.KeyValuePair;

/**
 * A log line as one JSON object: time, level, logger, thread, message, what the line says by key (such as {@code migration}),
 * and the stack trace as {@code error}. A key that is one of these is left out: no line can pass for another.
 */
public final class JsonLines extends EncoderBase<ILoggingEvent> {

    private static final byte[] NOTHING = {};
    private static final Set<String> OWN = Set.of("time", "level", "logger", "thread", "message", "error");

    private final ThrowableProxyConverter stackTraces = new ThrowableProxyConverter();

    @Override
    public void start() {
        stackTraces.start();
        super.start();
    }

    @Override
    public void stop() {
        super.stop();
        stackTraces.stop();
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Instant at = event.getInstant() == null ? Instant.ofEpochMilli(event.getTimeStamp()) : event.getInstant();
        JsonObject line = new JsonObject()
                .put("time", at.toString())
                .put("level", event.getLevel().toString())
                .put("logger", event.getLoggerName())
                .put("thread", event.getThreadName())
                .put("message", event.getFormattedMessage());
        for (Map.Entry<String, String> entry : event.getMDCPropertyMap().entrySet()) {
            add(line, entry.getKey(), entry.getValue());
        }
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> add(line, pair.key, pair.value));
        }
        if (event.getThrowableProxy() != null) {
            line.put("error", stackTraces.convert(event));
        }
        return (line.encode() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    private static void add(JsonObject line, String key, Object value) {
        if (!OWN.contains(key)) {
            line.put(key, value instanceof Number || value instanceof Boolean ? value : String.valueOf(value));
        }
    }
}
