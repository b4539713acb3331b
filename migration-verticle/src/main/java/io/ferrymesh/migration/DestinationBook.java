package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.Skipped;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the source announced, what is undecided of it, and the ledger of the rest. Answers go out in the order of the
 * decisions. Any thread, except where said.
 */
final class DestinationBook {

    private final Map<Long, DestinationObject> undecided = new ConcurrentHashMap<>();
    private final Ledger ledger = new Ledger();
    private final Progress progress;
    private final ResultBatches results;
    private final Consumer<byte[]> answers;
    private final Runnable allDecided;

    // listing worker only
    private @Nullable ObjectPath lastPath;

    /** Results that are among the answers: a receipt goes behind all of them, whichever lane decides last. */
    private final AtomicLong answered = new AtomicLong();

    private volatile long announced;
    private volatile long count = -1;

    /**
     * A book for one migration.
     *
     * @param results takes what became of each object, before that is said or counted anywhere
     * @param answers takes records for the source
     * @param allDecided runs when the listing is complete and every object of it decided; possibly more than once
     */
    DestinationBook(Progress progress, ResultBatches results, Consumer<byte[]> answers, Runnable allDecided) {
        this.progress = progress;
        this.results = results;
        this.answers = answers;
        this.allDecided = allDecided;
    }

    /** Takes the next entry of the listing, strictly: in order, within the window. Listing worker only. */
    void announce(long index, ObjectInfo info) {
        boolean inOrder = lastPath == null || lastPath.compareTo(info.path()) < 0;
        if (count >= 0 || index != announced || index >= ledger.decided() + Ledger.WINDOW || !inOrder) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "entry " + index + " is out of order or of the window");
        }
        lastPath = info.path();
        announced = index + 1;
        progress.listed(info.size());
    }

    void skip(Skipped skipped) {
        boolean failure = skipped.reason().isFailure();
        results.add(new ObjectResult(
                skipped.name(),
                failure ? ObjectResult.Kind.FAILED : ObjectResult.Kind.SKIPPED,
                Optional.of(skipped.reason().name()),
                OptionalLong.empty(),
                Optional.empty()));
        progress.skipped(skipped);
    }

    /** Asks the source for an announced object. */
    void ask(DestinationObject object) {
        undecided.put(object.index(), object);
        answers.accept(
                object.mode() == DestinationObject.Mode.STORE
                        ? Records.want(object.index())
                        : Records.compare(object.index()));
    }

    /** The listing is complete. Listing worker only. */
    void complete(long listed) {
        if (count >= 0 || listed != announced) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "the listing ends twice or with another count");
        }
        count = listed;
        progress.listingComplete();
        checkAllDecided();
    }

    /** An object that was asked for; empty when it is decided. */
    Optional<DestinationObject> find(long index) {
        if (index >= announced) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "object " + index + " was not announced");
        }
        return Optional.ofNullable(undecided.get(index));
    }

    /** The object is in the store, with this digest. */
    void arrived(DestinationObject object, Digest digest, Outcome outcome) {
        if (object.decide()) {
            boolean single = object.segments().count() == 1;
            results.add(result(
                    object.info(),
                    outcome.kind() == Outcome.Kind.STORED ? ObjectResult.Kind.STORED : ObjectResult.Kind.PRESENT,
                    Optional.empty(),
                    single ? Optional.of(digest) : Optional.empty()));
            ledger.arrived(object.index(), object.info(), digest);
            decided(object.index(), object.info(), outcome);
        }
    }

    /** The object will not arrive. */
    void failed(DestinationObject object, ErrorCode code) {
        if (object.decide()) {
            failed(object.index(), object.info(), code);
        }
    }

    /** An announced object that was never asked for will not arrive. */
    void failed(long index, ObjectInfo info, ErrorCode code) {
        results.add(result(info, ObjectResult.Kind.FAILED, Optional.of(code.name()), Optional.empty()));
        ledger.failed(index);
        decided(index, info, Outcome.failed(code));
    }

    /** Hands on what became of the objects that are decided. */
    void flush() {
        results.flush();
    }

    Ledger.Totals totals() {
        return ledger.totals();
    }

    /** Lets go of every undecided object. */
    void close() {
        undecided.values().forEach(DestinationObject::discard);
        undecided.clear();
    }

    private static ObjectResult result(
            ObjectInfo info, ObjectResult.Kind kind, Optional<String> code, Optional<Digest> sha256) {
        return new ObjectResult(info.path().toString(), kind, code, OptionalLong.of(info.size()), sha256);
    }

    private void decided(long index, ObjectInfo info, Outcome outcome) {
        undecided.remove(index);
        progress.decided(info, outcome);
        answers.accept(Records.result(index, outcome));
        answered.incrementAndGet();
        checkAllDecided();
    }

    private void checkAllDecided() {
        if (count >= 0 && answered.get() == count) {
            allDecided.run();
        }
    }
}
