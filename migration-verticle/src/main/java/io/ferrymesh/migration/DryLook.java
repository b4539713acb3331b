package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.migration.Finding.Kind;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.Room;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.StoreException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a dry run does with what is listed: asks the source whether it can read what would be moved, adds up what would be done,
 * and gathers what stands in the way. Holds what the source is asked about, no more than the listing's window. Listing worker only.
 */
final class DryLook {

    private static final Logger LOG = LoggerFactory.getLogger(DryLook.class);

    private final ObjectStore store;
    private final TransferOptions options;
    private final DestinationBook book;
    private final DryRunTally tally;
    private final Findings findings;
    private final Map<Long, Asked> asked = new HashMap<>();
    private long objectsProbed;
    private long objectsNotProbed;

    private record Asked(ObjectInfo info, Plan plan) {}

    DryLook(ObjectStore store, TransferOptions options, DestinationBook book) {
        this.store = store;
        this.options = options;
        this.book = book;
        this.tally = new DryRunTally(store);
        this.findings = new Findings(options);
    }

    /** What it has found, when all is decided. Asks the store how much room there is. */
    DryRun result() {
        Room room = room();
        return tally.totals(new Preflight(
                room.freeBytes(),
                room.quotaBytes(),
                objectsProbed,
                objectsNotProbed,
                findings.list(room, tally.need())));
    }

    /** Kinds of what stands in the way; names are the user's, and not for a log. */
    Set<Kind> kinds() {
        return findings.kinds();
    }

    private Room room() {
        try {
            return store.room();
        } catch (StoreException e) {
            LOG.debug("how much room there is is not known: {}", e.getMessage());
            return Room.UNKNOWN;
        }
    }

    void excluded(long index, ObjectInfo info) {
        tally.excluded(info);
        book.settle(index, info, Outcome.LOOKED);
    }

    void skipped(Skipped skipped) {
        Kind kind =
                switch (skipped.reason()) {
                    case UNREADABLE -> Kind.UNREADABLE_AT_SOURCE;
                    case UNSUPPORTED_NAME -> Kind.NAME_NOT_ALLOWED;
                    case VANISHED -> Kind.GONE_AT_SOURCE;
                    case SYMBOLIC_LINK, SPECIAL_FILE, RESERVED_NAME -> Kind.NO_OBJECT_AT_SOURCE;
                };
        findings.add(kind, skipped.name(), 0);
    }

    /** Asks the source about what would be read there; the rest is decided. */
    void planned(long index, ObjectInfo info, Plan plan) {
        if (plan instanceof Plan.Fetch && info.size() > store.mostBytes()) {
            failed(index, info, Kind.TOO_LARGE);
        } else if (plan instanceof Plan.Refuse refuse) {
            refused(index, info, refuse.code());
        } else if (plan instanceof Plan.Leave || info.path().isDirectory()) {
            decided(index, info, plan);
        } else {
            asked.put(index, new Asked(info, plan));
            book.probe(index);
        }
    }

    /** The source's answer. Refuses one that nobody asked for. */
    void probed(long index, Probed said) {
        Asked object = asked.remove(index);
        if (object == null) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "nobody asked whether object " + index + " can be read");
        }
        if (said.verdict() == Probed.Verdict.NOT_TRIED) {
            objectsNotProbed++;
        } else {
            objectsProbed++;
        }
        switch (said.verdict()) {
            case READABLE -> readable(index, object, said.metadata());
            case NOT_TRIED -> decided(index, object.info(), object.plan());
            case UNREADABLE -> failed(index, object.info(), Kind.UNREADABLE_AT_SOURCE);
            case GONE -> failed(index, object.info(), Kind.GONE_AT_SOURCE);
        }
    }

    /** It cannot arrive, for a reason that the destination has. */
    void refused(long index, ObjectInfo info, ErrorCode code) {
        Kind kind =
                switch (code) {
                    case CONFLICT -> Kind.CONFLICT;
                    case UNSUPPORTED_PATH -> Kind.NAME_NOT_ALLOWED;
                    default -> Kind.DESTINATION_FAILED;
                };
        findings.add(kind, info.path().toString(), info.size());
        tally.refused(code);
        book.settle(index, info, Outcome.LOOKED);
    }

    private void readable(long index, Asked object, ObjectMetadata metadata) {
        ObjectInfo info = object.info();
        if (object.plan() instanceof Plan.Fetch fetch && isLost(fetch, metadata)) {
            if (options.metadata() == MetadataPolicy.REQUIRE) {
                failed(index, info, Kind.METADATA_UNSUPPORTED);
                return;
            }
            findings.add(Kind.METADATA_UNSUPPORTED, info.path().toString(), info.size());
        }
        decided(index, info, object.plan());
    }

    private boolean isLost(Plan.Fetch fetch, ObjectMetadata metadata) {
        if (options.metadata() == MetadataPolicy.IGNORE) {
            return false;
        }
        try {
            store.requireMetadata(fetch.target().path(), metadata);
            return false;
        } catch (StoreException e) {
            return true;
        }
    }

    private void failed(long index, ObjectInfo info, Kind kind) {
        findings.add(kind, info.path().toString(), info.size());
        tally.failed();
        book.settle(index, info, Outcome.LOOKED);
    }

    private void decided(long index, ObjectInfo info, Plan plan) {
        tally.planned(info, plan);
        book.settle(index, info, Outcome.LOOKED);
    }
}
