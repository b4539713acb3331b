package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.SegmentCombiner;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at an object once more after it was published: at its metadata if some came with it, and with
 * {@link Verification#READ_BACK} at its content and time too, a segment a step, so that others get their turn. Blocks.
 */
final class Verifier {

    private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

    private final ObjectStore store;
    private final Verification verification;

    Verifier(ObjectStore store, Verification verification) {
        this.store = store;
        this.verification = verification;
    }

    /** Whether it takes no more than a request each. */
    boolean isShort() {
        return verification != Verification.READ_BACK;
    }

    /** What is to be looked at of an object that was published. */
    Check check(DestinationObject object, Digest digest) {
        return new Check(object, digest);
    }

    /** One object that is looked at. Whoever made it takes steps until it is over. */
    final class Check implements AutoCloseable {

        private final DestinationObject object;
        private final Digest digest;
        private final SegmentCombiner content = new SegmentCombiner();
        private @Nullable ObjectReader reader;
        private Optional<Setback> wrong = Optional.empty();
        private boolean over;

        private Check(DestinationObject object, Digest digest) {
            this.object = object;
            this.digest = digest;
        }

        /**
         * Goes on with it, for a segment at most.
         *
         * @return how many bytes were read
         */
        int step() {
            try {
                return verification == Verification.READ_BACK ? readBack() : end(look(object));
            } catch (StoreException e) {
                LOG.debug("object {} is published and cannot be looked at: {}", object.index(), e.getMessage());
                return end(Optional.of(Setback.of(e)));
            }
        }

        boolean isOver() {
            return over;
        }

        /** What is wrong with it; empty when it counts. Once it is over. */
        Optional<Setback> wrong() {
            return wrong;
        }

        private int readBack() throws StoreException {
            ObjectPath path = object.target().path();
            if (path.isDirectory()) {
                ObjectInfo unused = store.head(path);
                return end(Optional.empty());
            }
            ObjectReader open = reader == null ? store.open(path) : reader;
            reader = open;
            if (open.info().size() != object.info().size()) {
                return end(compared(false, open.details()));
            }
            int segment = (int) content.count();
            Digest read = StoredSegment.read(open, object.segments(), segment).orElse(null);
            if (read == null) {
                return end(compared(false, open.details()));
            }
            content.add(read);
            if (content.count() == object.segments().count()) {
                int nothingMore = end(compared(content.finish().equals(digest), open.details()));
                return nothingMore + object.segments().length(segment);
            }
            return object.segments().length(segment);
        }

        private Optional<Setback> compared(boolean same, ObjectDetails there) throws StoreException {
            close(); // before it may be removed
            return Verifier.this.compared(object, same, there);
        }

        private int end(Optional<Setback> found) {
            close();
            wrong = found;
            over = true;
            return 0;
        }

        @Override
        public void close() {
            if (reader != null) {
                reader.close();
                reader = null;
            }
        }
    }

    private Optional<Setback> look(DestinationObject object) throws StoreException {
        Carried carried = object.carried();
        if (carried.sent().isEmpty() || !carried.kept()) {
            return Optional.empty();
        }
        return metadata(carried, store.details(object.target().path()));
    }

    private Optional<Setback> compared(DestinationObject object, boolean same, ObjectDetails there)
            throws StoreException {
        boolean sameTime =
                seconds(there.info().modified()).equals(seconds(object.info().modified()));
        if (!same) {
            return Optional.of(sameTime ? removed(there) : Setback.passing(ErrorCode.CONFLICT));
        }
        if (!sameTime && object.carried().policy() != MetadataPolicy.IGNORE) {
            object.carried().notKept();
        }
        return metadata(object.carried(), there);
    }

    /** What it was told to keep and did not is gone. One of another time is another program's, and stays. */
    private Setback removed(ObjectDetails there) throws StoreException {
        store.delete(there.info().path(), there.etag());
        return Setback.passing(ErrorCode.DIGEST_MISMATCH);
    }

    private static Optional<Setback> metadata(Carried carried, ObjectDetails there) {
        if (!carried.isIn(there.metadata())) {
            carried.notKept();
        }
        boolean missing = !carried.kept() && carried.policy() == MetadataPolicy.REQUIRE;
        return missing ? Optional.of(Setback.last(ErrorCode.UNSUPPORTED_METADATA)) : Optional.empty();
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
