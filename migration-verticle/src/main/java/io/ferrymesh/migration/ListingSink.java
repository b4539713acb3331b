package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the source's control lane: decides for each entry whether it is wanted, compared or in conflict with what is here,
 * and hands the receipt on.
 */
final class ListingSink implements RecordSink {

    private static final Logger LOG = LoggerFactory.getLogger(ListingSink.class);

    private final ObjectStore store;
    private final DestinationBook book;
    private final Consumer<byte[]> receipt;
    private final AtomicInteger open = new AtomicInteger();

    ListingSink(ObjectStore store, DestinationBook book, Consumer<byte[]> receipt) {
        this.store = store;
        this.book = book;
        this.receipt = receipt;
    }

    @Override
    public void accept(RecordReader records) {
        while (records.hasNext()) {
            RecordType type = records.type();
            switch (type) {
                case ENTRY -> entry(records.u63(), Records.readEntry(records));
                case SKIPPED -> book.skip(Records.readSkipped(records));
                case LISTING_END -> book.complete(records.u63());
                case RECEIPT -> receipt.accept(Records.readReceipt(records));
                default -> throw new MeshException(ErrorCode.INVALID_MESSAGE, type + " on the listing lane");
            }
        }
    }

    @Override
    public void ended() {}

    private void entry(long index, ObjectInfo info) {
        book.announce(index, info);
        try {
            ObjectInfo here = store.head(info.path());
            if (here.size() == info.size()) {
                book.ask(new DestinationObject(index, info, DestinationObject.Mode.COMPARE, store, open));
            } else {
                book.failed(index, info, ErrorCode.CONFLICT);
            }
        } catch (StoreException e) {
            if (e.error() == StoreError.NOT_FOUND) {
                book.ask(new DestinationObject(index, info, DestinationObject.Mode.STORE, store, open));
            } else {
                LOG.debug("object {} is refused: {}", index, e.getMessage());
                book.failed(index, info, DestinationObject.codeOf(e));
            }
        }
    }
}
