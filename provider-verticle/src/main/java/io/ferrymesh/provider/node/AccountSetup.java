package io.ferrymesh.provider.node;

import io.ferrymesh.provider.accounts.AccountKeys;
import io.ferrymesh.provider.accounts.AccountOptions;
import io.ferrymesh.provider.accounts.Argon2Cost;
import io.ferrymesh.provider.accounts.PasskeyOptions;
import io.ferrymesh.provider.accounts.TokenKey;
import io.ferrymesh.provider.config.ProviderConfig.Accounts;
import io.ferrymesh.provider.keys.ProviderSecrets;
import java.util.List;
import java.util.Set;

/** What accounts are kept with. */
public final class AccountSetup {

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
