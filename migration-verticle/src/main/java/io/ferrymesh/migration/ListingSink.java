package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the source's control lane: has each entry decided, known, wanted, compared or left, in its first round and in later ones,
 * and hands the receipt on. The entries of a frame are decided together, so that the journal is asked once for many. Lane worker
 * only.
 */
final class ListingSink implements RecordSink {

    private static final Logger LOG = LoggerFactory.getLogger(ListingSink.class);

    private final Place place;
    private final TransferOptions options;
    private final Planner planner;
    private final DestinationBook book;
    private final Rounds rounds;
    private final Recall recall;
    private final DryLook look;
    private final RoomCheck room;
    private final Consumer<MeshException> stop;
    private final MirrorSink mirror;
    private final MarkKeeper mark;
    private final Consumer<byte[]> receipt;
    private @Nullable List<Planned> held;

    /** What is to be done, once it is known that everything fits. */
    private record Planned(Recall.Entry entry, Plan plan) {}

    /**
     * The sink of one session.
     *
     * @param look takes what is listed in a dry run
     * @param room says of any other run whether it fits
     * @param stop ends the run
     */
    ListingSink(
            Place place,
            TransferOptions options,
            DestinationBook book,
            Rounds rounds,
            Publisher publisher,
            DryLook look,
            RoomCheck room,
            MirrorSink mirror,
            MarkKeeper mark,
            Consumer<MeshException> stop,
            Consumer<byte[]> receipt) {
        this.place = place;
        this.options = options;
        this.planner = new Planner(place.store(), options);
        this.book = book;
        this.rounds = rounds;
        this.recall = new Recall(place, options, book, publisher, new Ordinary());
        this.look = look;
        this.room = room;
        this.stop = stop;
        this.mirror = mirror;
        this.mark = mark;
        this.receipt = receipt;
    }

    @Override
    public void accept(RecordReader records) {
        List<Recall.Entry> entries = new ArrayList<>();
        List<Long> refused = new ArrayList<>();
        while (records.hasNext()) {
            RecordType type = records.type();
            switch (type) {
                case SCOPE -> {
                    Scope scope = Scope.read(records);
                    mirror.scope(scope);
                    mark.scope(scope);
                }
                case ENTRY -> entry(records.u63(), Records.readEntry(records)).ifPresent(entries::add);
                case ENTRY_AGAIN ->
                    entryAgain(records.u63(), records.u8(), records).ifPresent(entries::add);
                case GONE -> gone(records.u63(), records.u8(), RoundRecords.readSourceCode(records));
                case SKIPPED -> skipped(Records.readSkipped(records));
                case LISTING_END -> {
                    mirror.complete(); // what follows may be the receipt
                    mark.close();
                    book.complete(records.u63());
                }
                case AGREED -> recall.agreed(records.u63());
                case NOT_KNOWN -> refused.add(records.u63());
                case PROBE -> look.probed(records.u63(), Probed.readAnswer(records));
                case RECEIPT -> receipt.accept(Records.readReceipt(records));
                default -> throw new MeshException(ErrorCode.INVALID_MESSAGE, type + " on the listing lane");
            }
        }
        mirror.flush();
        recall.refused(refused);
        decide(entries);
    }

    /** What might not fit is planned in full before any of it is asked for. */
    private void decide(List<Recall.Entry> entries) {
        List<Recall.Entry> fresh =
                entries.stream().filter(entry -> entry.round().number() == 0).toList();
        if (!room.mayBeTooMuch(fresh)) {
            recall.decide(entries);
            return;
        }
        List<Planned> plans = new ArrayList<>();
        held = plans;
        recall.decide(entries);
        held = null;
        try {
            room.require();
        } catch (MeshException e) {
            stop.accept(e);
            return;
        }
        plans.forEach(planned -> carryOut(planned.entry(), planned.plan()));
    }

    @Override
    public void ended() {}

    /** Announces an entry; empty when it is settled, so that no journal need be asked. */
    private Optional<Recall.Entry> entry(long index, ObjectInfo info) {
        if (info.size() > Segments.MAX_OBJECT_BYTES) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "an object of " + info.size() + " bytes");
        }
        book.announce(index, info);
        mirror.listed(info.path().toString());
        return asked(new Recall.Entry(index, info, Round.FIRST));
    }

    private Optional<Recall.Entry> asked(Recall.Entry entry) {
        ObjectInfo info = entry.info();
        if (options.dryRun() || !options.selection().takes(info)) {
            decide(entry);
            return Optional.empty();
        }
        return Optional.of(entry);
    }

    /** The journal is asked again: in the round before, the store may not have been able to say whether the object is there. */
    private Optional<Recall.Entry> entryAgain(long index, int number, RecordReader records) {
        Rounds.Waiting waiting = rounds.looked(index, number);
        ObjectInfo before = waiting.info();
        ObjectInfo now = RoundRecords.readEntryAgain(records, before.path());
        book.announceAgain(before, now);
        if (!now.equals(before) && options.sourceChanged() == SourceChangedPolicy.FAIL) {
            book.settle(index, now, Outcome.failed(ErrorCode.SOURCE_CHANGED));
            return Optional.empty();
        }
        return asked(new Recall.Entry(index, now, waiting.next()));
    }

    /** One that has gone does not come back; one that could not be looked at may. */
    private void gone(long index, int number, ErrorCode code) {
        Rounds.Waiting waiting = rounds.looked(index, number);
        Setback setback = code == ErrorCode.SOURCE_CHANGED ? Setback.last(code) : Setback.passing(code);
        book.failed(index, waiting.info(), waiting.next(), 1, setback);
    }

    private void skipped(Skipped skipped) {
        mirror.skipped(skipped);
        boolean unread = skipped.reason() == Skipped.Reason.UNREADABLE;
        if (unread
                ? options.selection().mayTakeBelow(skipped.name())
                : options.selection().takes(skipped.name())) {
            if (options.dryRun()) {
                look.skipped(skipped);
            }
            book.skip(skipped);
        }
    }

    /** What becomes of an entry of which no journal knows. */
    private void decide(Recall.Entry entry) {
        long index = entry.index();
        ObjectInfo info = entry.info();
        if (!options.selection().takes(info)) {
            if (options.dryRun()) {
                look.excluded(index, info);
            } else {
                book.settle(index, info, Outcome.EXCLUDED);
            }
            return;
        }
        try {
            decide(entry, planner.plan(info, entry.round()));
        } catch (StoreException e) {
            refused(entry, e);
        }
    }

    private void decide(Recall.Entry entry, Plan plan) {
        if (options.dryRun()) {
            look.planned(entry.index(), entry.info(), plan);
            return;
        }
        if (plan instanceof Plan.Fetch fetch && entry.round().number() == 0) {
            room.add(entry.info(), fetch);
        }
        if (held == null) {
            carryOut(entry, plan);
        } else {
            held.add(new Planned(entry, plan));
        }
    }

    private void carryOut(Recall.Entry entry, Plan plan) {
        try {
            ask(entry, plan);
        } catch (StoreException e) {
            refused(entry, e);
        }
    }

    private void ask(Recall.Entry entry, Plan plan) throws StoreException {
        if (plan instanceof Plan.Fetch fetch) {
            recall.want(entry, fetch.target());
        } else if (plan instanceof Plan.Compare compare) {
            DestinationObject.Mode mode = DestinationObject.Mode.COMPARE;
            book.ask(new DestinationObject(entry.index(), entry.info(), mode, compare.target(), place));
        } else if (plan instanceof Plan.Leave leave) {
            book.settle(entry.index(), entry.info(), leave.outcome());
        } else if (plan instanceof Plan.Refuse refuse) {
            book.failed(entry.index(), entry.info(), entry.round(), 1, Setback.last(refuse.code()));
        }
    }

    private void refused(Recall.Entry entry, StoreException e) {
        LOG.debug("object {} is refused: {}", entry.index(), e.getMessage());
        Setback setback = Setback.of(e);
        if (options.dryRun()) {
            look.refused(entry.index(), entry.info(), setback.code());
        } else {
            book.failed(entry.index(), entry.info(), entry.round(), 1, setback);
        }
    }

    /** What Recall leaves to this. */
    private final class Ordinary implements Recall.Ordinary {

        @Override
        public void decide(Recall.Entry entry) {
            ListingSink.this.decide(entry);
        }

        @Override
        public void failed(Recall.Entry entry, StoreException e) {
            refused(entry, e);
        }
    }
}
