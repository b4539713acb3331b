package io.ferrymesh.provider.node;

import io.ferrymesh.provider.accounts.AccountKeys;
import io.ferrymesh.provider.accounts.AccountOptions;
import io.ferrymesh.provider.accounts.Argon2Cost;
import io.ferrymesh.provider.accounts.FreeNumbers;
import io.ferrymesh.provider.accounts.PasskeyOptions;
import io.ferrymesh.provider.accounts.TokenKey;
import io.ferrymesh.provider.config.ProviderConfig.Accounts;
import io.ferrymesh.provider.config.StoreConfig;
import io.ferrymesh.provider.keys.ProviderSecrets;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ScopedStore;
import io.ferrymesh.stores.StoreException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** What accounts are kept with. */
public final class AccountSetup {

    private static final long RETRY_SECONDS = 5;

    private AccountSetup() {}

    /** Every process of a provider has the same key file, by whose id its tokens are known. */
    public static AccountOptions options(Accounts config, ProviderSecrets secrets) {
        return new AccountOptions(
                "ferrymesh-" + secrets.id().hex(),
                config.registrationOpen(),
                config.max(),
                config.token(),
                config.sessionIdle(),
                config.session(),
                new Argon2Cost(config.argon2MemoryKib(), config.argon2Iterations()),
                config.argon2AtOnce(),
                config.knownNetworks(),
                new PasskeyOptions(
                        config.passkeys().rpId(),
                        config.passkeys().name(),
                        Set.copyOf(config.passkeys().origins())));
    }

    /** All in a store that is one account's whole, whatever is in it; else those under which nothing is. */
    static FreeNumbers numbers(StoreConfig config, ObjectStore store) {
        return number -> !config.isDivided() || isEmpty(new ScopedStore(store, config.prefixOf(number)));
    }

    private static boolean isEmpty(ObjectStore objects) {
        try (ObjectListing listing = objects.list("")) {
            return listing.next(1).isEmpty();
        } catch (StoreException e) {
            ServiceException unknown =
                    new ServiceException(ServiceError.UNAVAILABLE, "the store is away", OptionalLong.of(RETRY_SECONDS));
            unknown.addSuppressed(e);
            throw unknown;
        }
    }

    /** Those of the key file. */
    public static AccountKeys keys(ProviderSecrets secrets) {
        return new AccountKeys() {
            @Override
            public byte[] pepper() {
                return secrets.pepper();
            }

            @Override
            public List<TokenKey> tokenKeys(long nowSeconds) {
                return secrets.signingKeys(nowSeconds).stream()
                        .map(key -> new TokenKey(key.id(), key.privateKey(), key.publicKey()))
                        .toList();
            }
        };
    }
}
