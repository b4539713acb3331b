package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The metadata that came with an object, and what became of it. Any thread. */
final class Carried {

    /** Said of an object that arrived without its metadata, or of one that was there with other metadata. */
    static final String NOT_KEPT = "METADATA_NOT_KEPT";

    private final MetadataPolicy policy;

    // under this
    private @Nullable ObjectMetadata sent;
    private @Nullable ObjectMetadata resumed;
    private boolean notKept;

    Carried(MetadataPolicy policy) {
        this.policy = policy;
    }

    MetadataPolicy policy() {
        return policy;
    }

    /**
     * Takes what came with a segment.
     *
     * @return false when another segment of the object came with something else, so that it changed in between
     */
    synchronized boolean take(ObjectMetadata metadata) {
        if (policy == MetadataPolicy.IGNORE) {
            return true;
        }
        if (resumed != null && resumed.isEmpty() && policy == MetadataPolicy.PREFER) {
            notKept = true; // it was staged without
            return true;
        }
        if (sent == null) {
            sent = metadata;
        }
        return sent.equals(metadata);
    }

    /** What came; nothing when it does not matter. */
    synchronized ObjectMetadata sent() {
        return sent == null ? ObjectMetadata.EMPTY : sent;
    }

    /** Whether an object with this metadata has what came; a content type that nobody said is no difference. */
    boolean isIn(ObjectMetadata there) {
        ObjectMetadata came = sent();
        return came.isEmpty()
                || (came.user().equals(there.user())
                        && (came.contentType().isEmpty() || came.contentType().equals(there.contentType())));
    }

    /** Whether it is there with the object, as far as is known. */
    synchronized boolean kept() {
        return !notKept;
    }

    /** What is to be said of it in the report. */
    Optional<String> note() {
        return kept() ? Optional.empty() : Optional.of(NOT_KEPT);
    }

    /** It is not there, or not as it came. */
    synchronized void notKept() {
        notKept = true;
    }

    /** How an object is staged with some metadata. */
    @FunctionalInterface
    interface Stage {
        StagedObject with(ObjectMetadata metadata) throws StoreException;
    }

    /** Stages an object with its metadata; without, if the store cannot keep it and need not. */
    StagedObject stage(Stage stage) throws StoreException {
        try {
            return stage.with(sent());
        } catch (StoreException e) {
            boolean without = e.error() == StoreError.UNSUPPORTED_METADATA
                    && policy == MetadataPolicy.PREFER
                    && !sent().isEmpty();
            if (!without) {
                throw e;
            }
            notKept();
            return stage.with(ObjectMetadata.EMPTY);
        }
    }

    /** What it was staged with. */
    synchronized ObjectMetadata staged() {
        return notKept ? ObjectMetadata.EMPTY : sent();
    }

    /** It is taken up as it was staged in an earlier run or round. */
    synchronized void resume(ObjectMetadata metadata) {
        resumed = metadata;
        sent = metadata;
    }
}
