package io.ferrymesh.migration;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Voucher;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An object that is in the destination's store, and verified.
 *
 * @param modifiedHere when it was modified, according to the store
 * @param etag what the store calls this content, where that is known
 * @param rest its segments that the journal does not know
 */
record Arrival(
        DestinationObject object, Digest digest, Instant modifiedHere, Optional<String> etag, List<SafeSegment> rest) {

    Arrival withEtag(Optional<String> newEtag) {
        return new Arrival(object, digest, modifiedHere, newEtag, rest);
    }

    boolean isOfSeveralSegments() {
        return object.segments().count() > 1;
    }

    /** What the journal is to keep of it. */
    JournalEntry entry(Outcome outcome) {
        boolean stored = outcome.kind() == Outcome.Kind.STORED;
        ObjectInfo info = object.info();
        Target target = object.target();
        Optional<Voucher> voucher = isOfSeveralSegments()
                ? Optional.empty()
                : Optional.of(rest.get(0).voucher());
        return new JournalEntry(
                result(info, target.path(), stored, object.carried().note(), digest),
                Optional.of(new JournalEntry.Leaf(object.index(), digest)),
                Optional.of(new Arrived(info, target.path(), modifiedHere, etag, stored, digest, voucher)),
                isOfSeveralSegments() ? rest : List.of());
    }

    /**
     * What is reported of an object that is there.
     *
     * @param note what else is worth knowing of it
     */
    static ObjectResult result(ObjectInfo info, ObjectPath at, boolean stored, Optional<String> note, Digest digest) {
        return new ObjectResult(
                info.path().toString(),
                Optional.of(at).filter(path -> !path.equals(info.path())).map(ObjectPath::toString),
                stored ? ObjectResult.Kind.STORED : ObjectResult.Kind.PRESENT,
                note,
                OptionalLong.of(info.size()),
                info.size() <= Segments.BYTES ? Optional.of(digest) : Optional.empty());
    }
}
