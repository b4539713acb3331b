package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.WebhookService;
import io.ferrymesh.provider.service.WebhookView;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Webhooks as their owners see them. Blocking. */
final class Webhooks implements WebhookService {

    static final int MOST = 5;
    private static final int MOST_URL_CHARACTERS = 2_048;
    private static final byte ROW = 3;

    private final Database database;
    private final PskSeal seal;
    private final Clock clock;
    private final SecureRandom random;
    private final Supplier<@Nullable WebhookSender> sender;

    /** A sender says where nothing is ever sent; without one there are no webhooks. */
    Webhooks(
            Database database,
            PskSeal seal,
            Clock clock,
            SecureRandom random,
            Supplier<@Nullable WebhookSender> sender) {
        this.database = database;
        this.seal = seal;
        this.clock = clock;
        this.random = random;
        this.sender = sender;
    }

    @Override
    public List<WebhookView> list(Account account) {
        return Checks.translated(database, () -> database.read(handle -> WebhookTable.all(handle, account.id())));
    }

    @Override
    public Kept put(Account account, String name, String url, Set<EventType> types) {
        URI where = checked(url);
        byte[] secret = new byte[WebhookSignature.SECRET_BYTES];
        random.nextBytes(secret);
        try {
            byte[] sealed = seal.seal(secret, row(account.id(), name));
            boolean fresh = Checks.translated(
                    database,
                    () -> database.transaction(
                            handle -> insert(handle, new WebhookTable.Key(account.id(), name), where, types, sealed)));
            WebhookView view = list(account).stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow(Checks::notFound);
            return new Kept(fresh, view, fresh ? Optional.of(WebhookSignature.text(secret)) : Optional.empty());
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    @Override
    public void remove(Account account, String name) {
        boolean there = Checks.translated(
                database,
                () -> database.transaction(
                        handle -> WebhookTable.delete(handle, new WebhookTable.Key(account.id(), name))));
        if (!there) {
            throw Checks.notFound();
        }
    }

    /** What seals a secret for its row. */
    static byte[] row(AccountId account, String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Long.BYTES + utf8.length)
                .put(ROW)
                .putLong(account.value())
                .put(utf8)
                .array();
    }

    private boolean insert(Handle handle, WebhookTable.Key key, URI where, Set<EventType> types, byte[] sealed) {
        Checks.requireActive(handle, key.account()); // one change of an account's at a time
        if (WebhookTable.change(handle, key, where, types)) {
            return false;
        }
        if (WebhookTable.all(handle, key.account()).size() >= MOST) {
            throw Checks.conflict("an account has at most " + MOST + " webhooks; remove another first");
        }
        WebhookTable.insert(handle, key, where, types, sealed, clock.millis());
        return true;
    }

    private URI checked(String url) {
        WebhookSender known = sender.get();
        if (known == null) {
            throw new ServiceException(ServiceError.FORBIDDEN, "this provider has no webhooks");
        }
        try {
            URI where = new URI(url);
            if (url.length() > MOST_URL_CHARACTERS || !where.toASCIIString().equals(url)) {
                throw new IllegalArgumentException(
                        "must have at most " + MOST_URL_CHARACTERS + " characters, all of them ASCII");
            }
            known.check(where);
            return where;
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new ServiceException(ServiceError.INVALID, "url " + e.getMessage(), e);
        }
    }
}
