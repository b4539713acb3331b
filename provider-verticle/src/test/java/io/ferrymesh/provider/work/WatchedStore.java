package io.ferrymesh.provider.work;

import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Stores in which something can happen at the wrong moment. */
final class WatchedStore {

    /** Something that happens. */
    interface Step {
        void run() throws StoreException;
    }

    /** Happens once, when a listing has reached its end. */
    final AtomicReference<@Nullable Step> listed = new AtomicReference<>();

    /** Happens before every publishing. */
    volatile Step publishing = () -> {};

    /** What publishing answers instead of doing it. */
    volatile @Nullable List<PublishOutcome> answer;

    /** Happens before every look at one object. */
    volatile Step looking = () -> {};

    /** Happens before every deletion. */
    volatile Step deleting = () -> {};

    /** By what name they were listed, in order. */
    final List<String> listings = new CopyOnWriteArrayList<>();

    /** Whether there is a directory in them that cannot be read. */
    volatile boolean unreadable;

    ObjectStore over(ObjectStore store) {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("publish")) {
                        publishing.run();
                        List<PublishOutcome> instead = answer;
                        if (instead != null) {
                            return instead;
                        }
                    }
                    if (method.getName().equals("head")) {
                        looking.run();
                    }
                    if (method.getName().equals("delete")) {
                        deleting.run();
                    }
                    try {
                        Object answer = method.invoke(store, arguments);
                        if (answer instanceof ObjectListing listing) {
                            listings.add(method.getName());
                            return listing(listing);
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw Objects.requireNonNull(e.getCause());
                    }
                });
    }

    private ObjectListing listing(ObjectListing listing) {
        return new ObjectListing() {
            private boolean hidden = unreadable;

            @Override
            public List<ListingEntry> next(int max) throws StoreException {
                if (hidden) {
                    hidden = false;
                    return List.of(new Skipped("hidden/", Skipped.Reason.UNREADABLE));
                }
                List<ListingEntry> page = listing.next(max);
                Step step = page.isEmpty() ? listed.getAndSet(null) : null;
                if (step != null) {
                    step.run();
                }
                return page;
            }

            @Override
            public void close() {
                listing.close();
            }
        };
    }
}
