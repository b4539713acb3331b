package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what an account uses by listing it. What changed meanwhile makes the sum inexact: then it only raises what is written
 * down, and is done again later. Blocking.
 */
final class Recount {

    private static final Logger LOG = LoggerFactory.getLogger(Recount.class);

    private static final int PAGE = 1_000;

    /** How long until it is tried again, or what several processes may have given back twice is looked at. */
    static final long AGAIN_MS = 600_000;

    /** How long until it is done again after one process alone has given something back. */
    static final long ALONE_MS = 86_400_000;

    private final Database database;
    private final AccountNames accounts;
    private final Function<Account, ObjectStore> objects;
    private final WorkOptions options;
    private final Clock clock;
    private final Consumer<AccountId> written;
    private final BooleanSupplier closing;

    Recount(
            Database database,
            AccountNames accounts,
            Function<Account, ObjectStore> objects,
            WorkOptions options,
            Clock clock,
            Consumer<AccountId> written,
            BooleanSupplier closing) {
        this.database = database;
        this.accounts = accounts;
        this.objects = objects;
        this.options = options;
        this.clock = clock;
        this.written = written;
        this.closing = closing;
    }

    void of(AccountId account) {
        Optional<Long> before = database.read(handle -> SpaceTable.quiet(handle, account));
        OptionalLong sum = sum(account);
        if (closing.getAsBoolean()) {
            return; // the next process counts all of it
        }
        written.accept(account);
        boolean unused = database.transaction(handle -> {
            SpaceTable.hold(handle, account);
            Optional<Long> again = Optional.of(clock.millis() + AGAIN_MS);
            if (sum.isEmpty()) {
                SpaceTable.due(handle, account, again);
            } else {
                boolean exact =
                        before.isPresent() && SpaceTable.quiet(handle, account).equals(before);
                if (exact) {
                    SpaceTable.counted(handle, account, sum.getAsLong());
                } else {
                    SpaceTable.atLeast(handle, account, sum.getAsLong());
                }
                SpaceTable.due(handle, account, exact ? Optional.empty() : again);
            }
            return true;
        });
    }

    private OptionalLong sum(AccountId account) {
        try (ObjectListing listing = objects.apply(accounts.of(account)).listSizes("")) {
            long sum = 0;
            List<ListingEntry> page = listing.next(PAGE);
            while (!page.isEmpty() && !closing.getAsBoolean()) {
                for (ListingEntry entry : page) {
                    sum += entry instanceof ObjectInfo info ? options.cost(info.path(), info.size()) : 0;
                }
                page = listing.next(PAGE);
            }
            return OptionalLong.of(sum);
        } catch (StoreException | RuntimeException e) {
            LOG.warn("what account {} uses cannot be counted now", account, e);
            return OptionalLong.empty();
        }
    }
}
