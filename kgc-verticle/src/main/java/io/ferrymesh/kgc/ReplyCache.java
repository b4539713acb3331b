package io.ferrymesh.kgc;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.IssuanceServer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was answered to which bytes, for as long as the request could still be taken, so that one that comes again is
 * answered alike and nothing is issued twice. One that is still being worked on is joined. Refusals are not kept. When the
 * replies kept are too many, new requests are OVERLOADED rather than old replies forgotten. Event loop only.
 */
final class ReplyCache {

    /** Replies kept, in bytes. */
    static final long MAX_BYTES = 64L << 20;

    private static final class Entry {
        private final Instant since;
        private final Future<Buffer> reply;
        private long bytes;

        private Entry(Instant since, Future<Buffer> reply) {
            this.since = since;
            this.reply = reply;
        }
    }

    private final int maxWorking;
    private final long maxBytes;
    private final Map<Digest, Entry> entries = new LinkedHashMap<>();
    private long bytes;
    private int working;

    ReplyCache(int maxWorking, long maxBytes) {
        this.maxWorking = maxWorking;
        this.maxBytes = maxBytes;
    }

    /** The reply to these bytes, from before or made now. */
    Future<Buffer> answer(Digest request, Instant now, Supplier<Future<Buffer>> work) {
        forgetOld(now);
        Optional<Future<Buffer>> known =
                Optional.<@Nullable Entry>ofNullable(entries.get(request)).map(entry -> entry.reply);
        if (known.isPresent()) {
            return known.get();
        }
        if (working >= maxWorking || bytes >= maxBytes) {
            return Future.failedFuture(new MeshException(ErrorCode.OVERLOADED, "too many requests at once"));
        }
        working++;
        Entry entry = new Entry(now, work.get());
        entries.put(request, entry);
        return entry.reply.onComplete(reply -> keep(entry, reply), refused -> forget(request, entry));
    }

    private void keep(Entry entry, Buffer reply) {
        working--;
        entry.bytes = reply.length();
        bytes += entry.bytes;
    }

    private void forget(Digest request, Entry entry) {
        working--;
        entries.remove(request, entry);
    }

    private void forgetOld(Instant now) {
        Instant old = now.minusSeconds(2 * IssuanceServer.MAX_SKEW_SECONDS);
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry entry = oldest.next();
            if (!entry.since.isBefore(old) || !entry.reply.isComplete()) {
                return;
            }
            bytes -= entry.bytes;
            oldest.remove();
        }
    }
}
