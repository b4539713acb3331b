package io.ferrymesh.kgc.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;

/** Rows that each belong to an audit entry, in the order of the entries, read beside them. */
final class Merged<T> implements AutoCloseable {

    private final ResultIterator<T> rows;
    private final ToLongFunction<T> entryOf;
    private @Nullable T waiting;

    Merged(ResultIterator<T> rows, ToLongFunction<T> entryOf) {
        this.rows = rows;
        this.entryOf = entryOf;
    }

    /** Gives away the rows of this entry one by one; those of entries before, which there are none of, to the other. */
    void upTo(long entry, Consumer<T> own, Consumer<T> orphans) {
        for (Optional<T> next = peek(); next.isPresent(); next = peek()) {
            long belongs = entryOf.applyAsLong(next.get());
            if (belongs > entry) {
                return;
            }
            waiting = null;
            (belongs == entry ? own : orphans).accept(next.get());
        }
    }

    /** Gives away all rows up to this entry. */
    void upTo(long entry, Consumer<T> rows) {
        upTo(entry, rows, rows);
    }

    /** The rows of this entry, which are few. */
    List<T> of(long entry, Consumer<T> orphans) {
        List<T> own = new ArrayList<>();
        upTo(entry, own::add, orphans);
        return own;
    }

    /** Gives away what is left: no entry is coming any more. */
    void end(Consumer<T> orphans) {
        upTo(Long.MAX_VALUE, orphans, orphans);
    }

    private Optional<T> peek() {
        if (waiting == null && rows.hasNext()) {
            waiting = rows.next();
        }
        return Optional.ofNullable(waiting);
    }

    @Override
    public void close() {
        rows.close();
    }
}
