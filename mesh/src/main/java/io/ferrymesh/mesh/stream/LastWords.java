package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was said last on streams that ended on a direct connection, or after one. It may have been lost with the connection; the
 * peer then asks by moving a stream that is not here any more. The oldest make room. Pure; event loop only.
 */
final class LastWords {

    /** Most streams that are remembered. */
    static final int MAX = 4_096;

    /** What was said, and on which way. */
    record Word(PeerLink link, Message message, long untilNanos) {}

    private final Map<Id128, Word> words = new LinkedHashMap<>();

    /** Remembers a word. */
    void keep(PeerLink link, Message.OfStream message, long untilNanos) {
        words.put(message.stream(), new Word(link, message, untilNanos));
        if (words.size() > MAX) {
            Iterator<Word> oldest = words.values().iterator();
            Word unused = oldest.next();
            oldest.remove();
        }
    }

    /** What {@code peer} was told last of that stream, if that is known. */
    @Nullable
    Word of(Id128 peer, Id128 stream) {
        Word word = words.get(stream);
        return word != null && word.link.peer.equals(peer) ? word : null;
    }

    /** Forgets what is too old for anybody to ask. */
    void expire(long nowNanos) {
        Iterator<Word> oldest = words.values().iterator();
        while (oldest.hasNext() && oldest.next().untilNanos - nowNanos < 0) {
            oldest.remove();
        }
    }
}
