package io.ferrymesh.provider.api;

import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountService;
import io.ferrymesh.provider.service.EventService;
import io.ferrymesh.provider.service.GrantService;
import io.ferrymesh.provider.service.MigrationService;
import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.provider.service.WebhookService;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ScopedStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The services, all of which note what they are asked and fail when they are told to. Accounts share a store by prefix. */
final class FakeServices {

    /** Runs while a store deletes. */
    volatile Runnable deleting = () -> {};

    /** What every call but {@code authenticate} throws, if it may. */
    volatile @Nullable Exception failure;

    /** Which calls throw it. */
    volatile Predicate<String> failing = every -> true;

    private static final KgcPublicKey KEY =
            MasterKey.generate(new SecureRandom()).publicKey();

    /** What keeping an object takes beside its bytes. */
    static final long OVERHEAD = 100;

    volatile UserStores.Usage usage = new UserStores.Usage(7, 1_000_000_000);

    final FakeAccounts accounts = new FakeAccounts();
    final FakeMoves moves = new FakeMoves();
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final ObjectStore shared;
    private final ConcurrentMap<Account, ObjectStore> stores = new ConcurrentHashMap<>();

    FakeServices(ObjectStore shared) {
        this.shared = shared;
    }

    ApiServices services() {
        return new ApiServices(
                told(AccountService.class, accounts),
                told(GrantService.class, moves.grants()),
                told(MigrationService.class, moves.migrations()),
                told(EventService.class, moves.feed()),
                told(WebhookService.class, new FakeWebhooks()),
                told(UserStores.class, new Stores()),
                this::keyCentre);
    }

    private List<KgcPublicKey> keyCentre() {
        if (failure instanceof RuntimeException told) {
            throw told;
        }
        return List.of(KEY);
    }

    /** An account's part of the store, as it is. */
    ObjectStore store(Account account) {
        return stores.computeIfAbsent(account, one -> new ScopedStore(shared, one.name()));
    }

    void forget() {
        failure = null;
        failing = every -> true;
        asked.clear();
        moves.fresh = true;
        moves.schedule = Schedule.NONE;
        moves.events.clear();
        moves.told.clear();
        moves.feedEnds = false;
        moves.report.clear();
    }

    private <T> T told(Class<T> service, T real) {
        return service.cast(Proxy.newProxyInstance(
                FakeServices.class.getClassLoader(), new Class<?>[] {service}, (proxy, method, arguments) -> {
                    boolean first = method.getName().equals("authenticate");
                    if (!first) {
                        asked.add(method.getName());
                        Exception told = failing.test(method.getName()) ? failure : null;
                        if (told instanceof RuntimeException
                                || (told != null
                                        && List.of(method.getExceptionTypes()).contains(told.getClass()))) {
                            throw told;
                        }
                    }
                    if (method.getName().equals("delete")) {
                        deleting.run();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private final class Stores implements UserStores {

        @Override
        public ObjectStore of(Account account) {
            return told(ObjectStore.class, store(account));
        }

        @Override
        public Usage usage(Account account) {
            return usage;
        }

        @Override
        public long cost(ObjectPath path, long size) {
            return size + OVERHEAD;
        }
    }
}
