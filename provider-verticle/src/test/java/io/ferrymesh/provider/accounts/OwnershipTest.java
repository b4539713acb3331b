package io.ferrymesh.provider.accounts;

import static io.ferrymesh.provider.accounts.Provider.PASSWORD;
import static io.ferrymesh.provider.accounts.Provider.refusal;
import static io.ferrymesh.provider.accounts.Provider.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.ServiceError;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnershipTest {

    private final TestDatabase databases = TestDatabase.sqlite();
    private final Provider provider = new Provider(databases.fresh(ProviderDatabase.MIGRATIONS));
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().await();
        provider.close();
        databases.close();
    }

    @Test
    void a_password_that_was_not_looked_at_is_no_attempt_of_the_session() {
        Authenticated who = provider.who(provider.register("ada"));
        Ownership busy = withoutHashers();
        for (int i = 0; i < 20; i++) {
            assertThat(refusal(() -> busy.delete(who, utf8(PASSWORD)))).isEqualTo(ServiceError.OVERLOADED);
        }
    }

    /** As if others had all of them, and all places to wait too. */
    private Ownership withoutHashers() {
        AccountSecrets secrets = new AccountSecrets(provider.keys);
        SecureRandom random = new SecureRandom();
        AccountOptions options = Provider.OPTIONS;
        AccountMetrics metrics = new AccountMetrics(provider.meters);
        AccessTokens access = new AccessTokens(vertx, provider.keys, options.issuer(), provider.clock.millis() / 1_000);
        return new Ownership(new Parts(
                provider.database,
                options,
                provider.clock,
                secrets,
                new PasswordHasher(secrets, options.passwordCost(), 0, random, provider.meters),
                new Throttle(secrets),
                new KnownNetworks(secrets, true),
                new Devices(secrets, new SecureRandom()),
                new Sessions(
                        provider.database,
                        access,
                        new RefreshTokens(secrets, random),
                        options,
                        provider.clock,
                        metrics),
                new NewAccounts(options.maxAccounts(), number -> true, random),
                metrics));
    }
}
