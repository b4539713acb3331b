package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.Skipped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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
    private final Rounds rounds;
    private final AnswerSink answers;
    private final Runnable allDecided;

    // listing worker only
    private @Nullable ObjectPath lastPath;

    private final AtomicLong said = new AtomicLong(); // of how many the source knows what became
    private volatile long announced;
    private volatile long count = -1;

    /**
     * A book for one migration.
     *
     * @param results takes what became of each object, before that is said or counted anywhere
     * @param rounds takes what did not arrive and may yet
     * @param answers takes records for the source
     * @param allDecided runs when the listing is complete and every object of it decided; possibly more than once
     */
    DestinationBook(Progress progress, ResultBatches results, Rounds rounds, AnswerSink answers, Runnable allDecided) {
        this.progress = progress;
        this.results = results;
        this.rounds = rounds;
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

    /** Something was done that no count shows. */
    void step() {
        progress.step();
    }

    void skip(Skipped skipped) {
        boolean failure = skipped.reason().isFailure();
        results.add(JournalEntry.of(new ObjectResult(
                skipped.name(),
                Optional.empty(),
                failure ? ObjectResult.Kind.FAILED : ObjectResult.Kind.SKIPPED,
                Optional.of(skipped.reason().name()),
                OptionalLong.empty(),
                Optional.empty())));
        progress.skipped(skipped);
    }

    /** An announced object is something else now. Listing worker only. */
    void announceAgain(ObjectInfo before, ObjectInfo now) {
        progress.listedAgain(before.size(), now.size());
    }

    /** Asks the source for an announced object. */
    void ask(DestinationObject object) {
        undecided.put(object.index(), object);
        answers.add(
                object.mode() == DestinationObject.Mode.STORE
                        ? Records.want(object.index())
                        : Records.compare(object.index()));
    }

    /** Asks the source whether it can read an announced object. */
    void probe(long index) {
        answers.add(Probed.question(index));
    }

    /** Asks the source for what is missing of an announced object. */
    void askForRest(DestinationObject object, List<SafeSegment> safe) {
        undecided.put(object.index(), object);
        answers.add(new RestRecords(object.index(), safe));
    }

    /** An object that was asked for is to be asked for in another way. */
    void forget(DestinationObject object) {
        undecided.remove(object.index(), object);
        boolean unused = object.giveUp(false);
    }

    /** Says to the source that an announced object arrived in an earlier run. */
    void claim(KnownRecords known) {
        answers.add(known);
    }

    /**
     * The source agrees that an object arrived in an earlier run. It has entered it already.
     *
     * @param isNew whether the journal does not know yet
     */
    void known(long index, Arrived arrived, boolean isNew) {
        ObjectInfo info = arrived.listed();
        results.add(new JournalEntry(
                Arrival.result(info, arrived.at(), arrived.stored(), Optional.empty(), arrived.digest()),
                Optional.of(new JournalEntry.Leaf(index, arrived.digest())),
                Optional.of(arrived).filter(unknown -> isNew),
                List.of()));
        ledger.arrived(index, info, arrived.digest());
        progress.decided(info, arrived.stored() ? Outcome.STORED : Outcome.PRESENT);
        said.incrementAndGet();
        checkAllDecided();
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

    /** These objects are in the store now, durable. Journals them before anybody hears of it. */
    void stored(List<Arrival> arrivals) {
        List<Arrival> first =
                arrivals.stream().filter(arrival -> arrival.object().decide()).toList();
        results.addNow(
                first.stream().map(arrival -> arrival.entry(Outcome.STORED)).toList());
        first.forEach(arrival -> arrived(arrival, Outcome.STORED));
    }

    /** The object was in the store before, with this digest. */
    void present(DestinationObject object, Digest digest) {
        Arrival arrival = object.arrival(digest);
        if (object.decide()) {
            results.add(arrival.entry(Outcome.PRESENT));
            arrived(arrival, Outcome.PRESENT);
        }
    }

    private void arrived(Arrival arrival, Outcome outcome) {
        DestinationObject object = arrival.object();
        rounds.arrived();
        object.carried().note().ifPresent(note -> progress.note(object.info(), note));
        ledger.arrived(object.index(), object.info(), arrival.digest());
        decided(object.index(), object.info(), outcome);
    }

    /** The object did not arrive in this round. */
    void failed(DestinationObject object, Setback setback) {
        if (object.giveUp(mayGoOn(setback.code()))) {
            undecided.remove(object.index(), object);
            Target target = object.target();
            failed(object.index(), object.info(), target.round(), target.candidate(), setback);
        }
    }

    /** An announced object that was not asked for in this round did not arrive. */
    void failed(long index, ObjectInfo info, Round round, int candidate, Setback setback) {
        if (!rounds.again(index, info, round, candidate, setback)) {
            settle(index, info, Outcome.failed(setback.code()));
        }
    }

    /** Whether what is there of an object that failed is right and may be of use. */
    private static boolean mayGoOn(ErrorCode code) {
        return code == ErrorCode.SOURCE_UNREADABLE
                || code == ErrorCode.DESTINATION_FAILED
                || code == ErrorCode.DESTINATION_FULL;
    }

    /** An announced object will not arrive, for good. */
    void settle(long index, ObjectInfo info, Outcome outcome) {
        boolean failure = outcome.kind() == Outcome.Kind.FAILED;
        if (failure || outcome.kind() == Outcome.Kind.NEWER_THERE) {
            results.add(JournalEntry.of(new ObjectResult(
                    info.path().toString(),
                    Optional.empty(),
                    failure ? ObjectResult.Kind.FAILED : ObjectResult.Kind.SKIPPED,
                    Optional.of(outcome.wireName()),
                    OptionalLong.of(info.size()),
                    Optional.empty())));
        }
        ledger.failed(index);
        decided(index, info, outcome);
    }

    /** Hands on what became of the objects that are decided. */
    void flush() {
        results.flush();
    }

    Ledger.Totals totals() {
        return ledger.totals();
    }

    /** Lets go of every undecided object, so that the next run can go on with it where that is possible. No lane works any more. */
    void close() {
        undecided.values().forEach(object -> {
            boolean unused = object.giveUp(true);
        });
        undecided.clear();
    }

    private void decided(long index, ObjectInfo info, Outcome outcome) {
        undecided.remove(index);
        progress.decided(info, outcome);
        answers.add(Records.result(index, outcome));
        said.incrementAndGet(); // not before: the receipt must be the last answer
        checkAllDecided();
    }

    private void checkAllDecided() {
        if (count >= 0 && said.get() == count) {
            allDecided.run();
        }
    }
}
