package io.ferrymesh.provider.api.objects;

import io.ferrymesh.provider.api.exchange.Calls;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * Takes a range of an object to a client, a block being read while others are sent: at most three are in memory, however large
 * the object is and however slow the client. Event loop only, but for reading.
 */
final class Download {

    /** How much is read at once. */
    static final int BLOCK_BYTES = 256 << 10;

    private final HttpServerResponse response;
    private final Calls workers;
    private final ObjectReader reader;
    private final long end;
    private final Promise<Void> done = Promise.promise();
    private Future<Void> sending = Future.succeededFuture();
    private long position;

    private Download(HttpServerResponse response, Calls workers, ObjectReader reader, ByteRange range) {
        this.response = response;
        this.workers = workers;
        this.reader = reader;
        this.position = range.first();
        this.end = range.first() + range.length();
    }

    /**
     * Sends the range, of which the first block was read already, and closes the reader. Fails if the client goes away or the
     * object changes; what was sent is then less than was announced.
     */
    static Future<Void> send(
            HttpServerResponse response, Calls workers, ObjectReader reader, ByteRange range, Buffer first) {
        Download download = new Download(response, workers, reader, range);
        download.send(first);
        return download.done.future().eventually(() -> close(workers, reader));
    }

    /** Closes a reader that nobody reads any more. */
    static Future<Boolean> close(Calls workers, ObjectReader reader) {
        return workers.goOn(() -> {
            reader.close();
            return true;
        });
    }

    /** The block at a position, whole unless the range ends. Worker threads. */
    static Buffer read(ObjectReader reader, long position, long end) throws StoreException {
        byte[] block = new byte[(int) Math.min(BLOCK_BYTES, end - position)];
        if (reader.read(position, block, 0, block.length) < block.length) {
            throw new StoreException(StoreError.CHANGED, reader.info().path() + ": became shorter while it was read");
        }
        return BufferInternal.buffer(Unpooled.wrappedBuffer(block)); // Buffer.buffer would copy it
    }

    private void send(Buffer block) {
        try {
            sendNext(block);
        } catch (RuntimeException ended) {
            // The server has ended the answer, so it takes nothing more.
            boolean unused = done.tryFail(ended);
        }
    }

    private void sendNext(Buffer block) {
        position += block.length();
        if (position == end) {
            response.end(block).onComplete(done);
            return;
        }
        Future<Void> before = sending;
        sending = response.write(block);
        long from = position;
        Future<Buffer> following = workers.goOn(() -> read(reader, from, end));
        // a read under way is waited for whatever happens, because the reader is closed afterwards
        Future.join(before, following).onComplete(both -> send(following.result()), failed -> done.fail(failed));
    }
}
