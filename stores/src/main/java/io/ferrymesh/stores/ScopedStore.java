package io.ferrymesh.stores;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The part of a store under {@code prefix/}, as a store of its own: no path leads out of it, and neither listings nor
 * messages show the prefix. Closing it does nothing, because others use the shared store too.
 */
public final class ScopedStore implements ObjectStore {

    private final ObjectStore shared;
    private final String prefix;

    /**
     * The part under a directory.
     *
     * @param prefix a path, with or without a slash at its end; empty for all of the store
     */
    public ScopedStore(ObjectStore shared, String prefix) {
        this.shared = shared;
        String directory = prefix.endsWith("/") || prefix.isEmpty() ? prefix : prefix + "/";
        this.prefix = directory.isEmpty() ? "" : ObjectPath.of(directory).toString();
    }

    @Override
    public ObjectListing list(String prefix, Optional<ObjectPath> after) throws StoreException {
        Optional<ObjectPath> start = after.isEmpty() ? after : Optional.of(shared(after.get()));
        return answered(() -> new Listing(shared.list(this.prefix + prefix, start)));
    }

    @Override
    public ObjectListing listSizes(String prefix) throws StoreException {
        return answered(() -> new Listing(shared.listSizes(this.prefix + prefix)));
    }

    @Override
    public void requirePath(ObjectPath path) throws StoreException {
        try {
            shared.requirePath(shared(path));
        } catch (StoreException e) {
            throw own(e);
        }
    }

    @Override
    public void requireMetadata(ObjectPath path, ObjectMetadata metadata) throws StoreException {
        asOwn(() -> shared.requireMetadata(shared(path), metadata));
    }

    @Override
    public long mostBytes() {
        return shared.mostBytes();
    }

    @Override
    public Room room() throws StoreException {
        return answered(shared::room);
    }

    @Override
    public long cost(ObjectPath path, long size) {
        return shared.cost(path, size);
    }

    @Override
    public void requireRoom(long bytes, long cost) throws StoreException {
        asOwn(() -> shared.requireRoom(bytes, cost));
    }

    @Override
    public boolean isLocal() {
        return shared.isLocal();
    }

    @Override
    public ObjectDetails probe(ObjectPath path) throws StoreException {
        return answered(() -> own(shared.probe(shared(path)), path));
    }

    @Override
    public ObjectInfo head(ObjectPath path) throws StoreException {
        return answered(() -> own(shared.head(shared(path)), path));
    }

    @Override
    public ObjectDetails details(ObjectPath path) throws StoreException {
        return answered(() -> own(shared.details(shared(path)), path));
    }

    @Override
    public ObjectReader open(ObjectPath path) throws StoreException {
        return answered(() -> new Reader(shared.open(shared(path)), path));
    }

    @Override
    public StagedObject stage(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        return staged(info, there -> shared.stage(there, metadata));
    }

    @Override
    public StagedObject stageDurably(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        return staged(info, there -> shared.stageDurably(there, metadata));
    }

    @Override
    public StagedObject resume(ObjectInfo info, ObjectMetadata metadata, String token) throws StoreException {
        return staged(info, there -> shared.resume(there, metadata, token));
    }

    @Override
    public void discard(ObjectPath path, String token) throws StoreException {
        asOwn(() -> shared.discard(shared(path), token));
    }

    @Override
    public List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode) {
        List<PublishOutcome> outcomes =
                shared.publish(group.stream().map(this::shared).toList(), mode);
        var own = new ArrayList<PublishOutcome>(outcomes.size());
        for (int i = 0; i < outcomes.size(); i++) {
            own.add(own(outcomes.get(i), group.get(i)));
        }
        return own;
    }

    @Override
    public PublishOutcome replace(StagedObject staged, String etag) {
        return own(shared.replace(shared(staged), etag), staged);
    }

    @Override
    public void delete(ObjectPath path) throws StoreException {
        asOwn(() -> shared.delete(shared(path)));
    }

    @Override
    public void delete(ObjectPath path, String etag) throws StoreException {
        asOwn(() -> shared.delete(shared(path), etag));
    }

    /** Does nothing. */
    @Override
    public void close() {}

    /** How an object is had of the shared store. */
    private interface Staging {
        StagedObject of(ObjectInfo there) throws StoreException;
    }

    private StagedObject staged(ObjectInfo info, Staging staging) throws StoreException {
        var there = new ObjectInfo(shared(info.path()), info.size(), info.modified());
        return answered(() -> new Staged(staging.of(there), info));
    }

    /** What is asked of the shared store. */
    private interface Question<T> {
        T ask() throws StoreException;
    }

    private <T> T answered(Question<T> question) throws StoreException {
        try {
            return question.ask();
        } catch (StoreException e) {
            throw own(e);
        }
    }

    /** What is told the shared store. */
    private interface Step {
        void run() throws StoreException;
    }

    private void asOwn(Step step) throws StoreException {
        boolean unused = answered(() -> {
            step.run();
            return true;
        });
    }

    /** Where a path of this store is in the shared one. */
    private ObjectPath shared(ObjectPath path) throws StoreException {
        try {
            return ObjectPath.of(prefix + path);
        } catch (IllegalArgumentException e) {
            throw new StoreException(StoreError.UNSUPPORTED_PATH, path + ": too long for this store", e);
        }
    }

    /** One that was staged elsewhere goes on as it is, for the shared store to refuse. */
    private StagedObject shared(StagedObject staged) {
        return staged instanceof Staged own && own.isOf(this) ? own.staged : staged;
    }

    private PublishOutcome own(PublishOutcome outcome, StagedObject staged) {
        StoreException error = outcome.error();
        return new PublishOutcome(staged.info(), error == null ? null : own(error));
    }

    private StoreException own(StoreException e) {
        if (prefix.isEmpty()) {
            return e;
        }
        String message = String.valueOf(e.getMessage());
        String start = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
        return new StoreException(e.error(), start.replace(": " + prefix, ": "), e);
    }

    private static ObjectInfo own(ObjectInfo info, ObjectPath path) {
        return new ObjectInfo(path, info.size(), info.modified());
    }

    private static ObjectDetails own(ObjectDetails details, ObjectPath path) {
        return new ObjectDetails(own(details.info(), path), details.etag(), details.metadata());
    }

    private final class Listing implements ObjectListing {
        private final ObjectListing listing;

        Listing(ObjectListing listing) {
            this.listing = listing;
        }

        @Override
        public List<ListingEntry> next(int max) throws StoreException {
            try {
                while (true) {
                    List<ListingEntry> entries = listing.next(max);
                    for (ListingEntry entry : entries) {
                        requireWithin(entry);
                    }
                    List<ListingEntry> own = entries.stream()
                            .flatMap(entry -> entryOf(entry).stream())
                            .toList();
                    if (!own.isEmpty() || entries.isEmpty()) {
                        return own;
                    }
                }
            } catch (StoreException e) {
                throw own(e);
            }
        }

        /** What hides all of this store is what the root is to a store of its own. */
        private void requireWithin(ListingEntry entry) throws StoreException {
            if (entry instanceof Skipped skipped && skipped.name().length() <= prefix.length() && !prefix.isEmpty()) {
                throw new StoreException(StoreError.NOT_READABLE, "the store's root: " + skipped.reason());
            }
        }

        /** Nothing for the prefix itself, which is an object of the shared store while it is empty. */
        private Optional<ListingEntry> entryOf(ListingEntry entry) {
            if (entry instanceof Skipped skipped) {
                return Optional.of(new Skipped(skipped.name().substring(prefix.length()), skipped.reason()));
            }
            var info = (ObjectInfo) entry;
            String path = info.path().toString().substring(prefix.length());
            return path.isEmpty() ? Optional.empty() : Optional.of(ScopedStore.own(info, ObjectPath.of(path)));
        }

        @Override
        public void close() {
            listing.close();
        }
    }

    private final class Reader implements ObjectReader {
        private final ObjectReader reader;
        private final ObjectPath path;

        Reader(ObjectReader reader, ObjectPath path) {
            this.reader = reader;
            this.path = path;
        }

        @Override
        public ObjectInfo info() {
            return own(reader.info(), path);
        }

        @Override
        public ObjectDetails details() {
            return own(reader.details(), path);
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) throws StoreException {
            return answered(() -> reader.read(position, into, offset, length));
        }

        @Override
        public ObjectInfo current() throws StoreException {
            return answered(() -> own(reader.current(), path));
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    private final class Staged implements StagedObject {
        private final StagedObject staged;
        private final ObjectInfo info;

        Staged(StagedObject staged, ObjectInfo info) {
            this.staged = staged;
            this.info = info;
        }

        boolean isOf(ScopedStore other) {
            return other.shared == shared && other.prefix.equals(prefix);
        }

        @Override
        public ObjectInfo info() {
            return info;
        }

        @Override
        public void write(long position, byte[] from, int offset, int length) throws StoreException {
            asOwn(() -> staged.write(position, from, offset, length));
        }

        @Override
        public Optional<String> token() {
            return staged.token();
        }

        @Override
        public boolean holds(int segment) {
            return staged.holds(segment);
        }

        @Override
        public void force() throws StoreException {
            asOwn(staged::force);
        }

        @Override
        public void rewrite(int segment) throws StoreException {
            asOwn(() -> staged.rewrite(segment));
        }

        @Override
        public void detach() {
            staged.detach();
        }

        @Override
        public void close() {
            staged.close();
        }
    }
}
