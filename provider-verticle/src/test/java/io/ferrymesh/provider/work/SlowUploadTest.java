package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ScopedStore;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upload that takes longer than its account lives. */
@OnEachDatabase
class SlowUploadTest {

    private final TestDatabase databases;

    @TempDir
    private Path root;

    SlowUploadTest(TestDatabase databases) {
        this.databases = databases;
    }

    @Test
    void it_ends_and_keeps_nobody_from_erasing_the_account() throws StoreException {
        try (ObjectStore shared = DirectoryStore.open(root);
                Site site = new Site(databases, account -> new ScopedStore(shared, account.name()))) {
            Node node = site.process();
            Account alice = site.account(1);
            node.work().beat();
            try (StagedObject slow =
                    node.work().stores().of(alice).stage(new ObjectInfo(ObjectPath.of("film"), 3, Site.NOW))) {
                slow.write(0, new byte[1], 0, 1);
                int erasing = site.database.transaction(
                        handle -> handle.execute("UPDATE account SET state = 'ERASING' WHERE id = 1"));
                assertThat(erasing).isEqualTo(1);

                site.pass(1_000);
                assertThatThrownBy(() -> slow.write(1, new byte[1], 0, 1))
                        .isInstanceOfSatisfying(
                                StoreException.class, e -> assertThat(e.error()).isEqualTo(StoreError.NOT_WRITABLE));
            }
            node.work().flush();
            assertThat(site.count("SELECT COUNT(*) FROM space_reservation")).isZero();
        }
    }
}
