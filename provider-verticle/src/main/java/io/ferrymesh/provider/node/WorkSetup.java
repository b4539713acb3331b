package io.ferrymesh.provider.node;

import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.config.StoreConfig;
import io.ferrymesh.provider.keys.ProviderSecrets;
import io.ferrymesh.provider.keys.SealingKey;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.work.PskSeal;
import io.ferrymesh.provider.work.WorkOptions;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.VoucherKey;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ScopedStore;
import java.util.function.Function;

/** What grants and migrations are worked on with. */
final class WorkSetup {

    private static final String LABEL = "PSKS";

    private WorkSetup() {}

    static WorkOptions options(ProviderConfig config) {
        WorkOptions defaults = WorkOptions.defaults();
        int lease = Math.toIntExact(config.limits().lease().toMillis());
        return new WorkOptions(
                lease,
                Math.min(defaults.pollMs(), lease / 4),
                defaults.progressMs(),
                config.limits().maxRunning(),
                config.limits().maxRunningPerAccount(),
                config.limits().maxLivePerAccount(),
                config.limits().maxStartsPerAccountHour(),
                config.limits().maxRetries(),
                config.limits().maxReportObjects(),
                config.limits().maxJournalEntries(),
                config.limits().keepEndedDays(),
                config.limits().keepAuditDays(),
                config.accounts().quotaBytes(),
                defaults.quotaBlockBytes(),
                defaults.overheadBytes(),
                config.limits().stalled().toMillis());
    }

    static PskSeal seal(ProviderSecrets secrets) {
        SealingKey key = secrets.sealing(LABEL);
        return new PskSeal() {
            @Override
            public byte[] seal(byte[] psk, byte[] associated) {
                return key.seal(psk, associated);
            }

            @Override
            public byte[] open(byte[] sealed, byte[] associated) {
                return key.open(sealed, associated);
            }

            @Override
            public VoucherKey vouchers(MigrationId grant, byte[] drawn) {
                return secrets.vouchers(grant, drawn);
            }
        };
    }

    /** Each account's part of the store. */
    static Function<Account, ObjectStore> objects(StoreConfig config, ObjectStore shared) {
        return account -> new ScopedStore(shared, config.prefixOf(account.id().value()));
    }
}
