package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LedgerTest {

    @Test
    void whatever_the_order_of_decisions_the_totals_are_the_same() {
        Ledger inOrder = new Ledger();
        for (long i = 0; i < 1_000; i++) {
            decide(inOrder, i);
        }
        for (int seed = 0; seed < 5; seed++) {
            List<Long> order = new ArrayList<>();
            for (long i = 0; i < 1_000; i++) {
                order.add(i);
            }
            Collections.shuffle(order, new Random(seed));
            Ledger shuffled = new Ledger();
            order.forEach(i -> decide(shuffled, i));

            assertThat(shuffled.totals()).isEqualTo(inOrder.totals());
            assertThat(shuffled.decided()).isEqualTo(1_000);
        }
    }

    @Test
    void failed_objects_are_decided_and_count_for_nothing() {
        Ledger ledger = new Ledger();
        ledger.failed(0);
        ledger.arrived(1, info(1), digest(1));

        assertThat(ledger.decided()).isEqualTo(2);
        assertThat(ledger.totals().objects()).isEqualTo(1);
        assertThat(ledger.totals().bytes()).isEqualTo(1);
    }

    @Test
    void a_different_digest_path_or_size_gives_another_root() {
        Digest root = rootOf(info(1), digest(1));

        assertThat(rootOf(info(1), digest(2))).isNotEqualTo(root);
        assertThat(rootOf(new ObjectInfo(ObjectPath.of("other"), 1, Instant.EPOCH), digest(1)))
                .isNotEqualTo(root);
        assertThat(rootOf(new ObjectInfo(info(1).path(), 2, Instant.EPOCH), digest(1)))
                .isNotEqualTo(root);
    }

    @Test
    void an_object_is_decided_once_and_only_within_the_window() {
        Ledger ledger = new Ledger();
        ledger.failed(0);
        ledger.failed(5);

        assertThatThrownBy(() -> ledger.failed(0)).isInstanceOf(MeshException.class);
        assertThatThrownBy(() -> ledger.failed(5)).isInstanceOf(MeshException.class);
        assertThatThrownBy(() -> ledger.failed(1 + Ledger.WINDOW)).isInstanceOf(MeshException.class);
        ledger.failed(Ledger.WINDOW);
    }

    private static void decide(Ledger ledger, long index) {
        if (index % 7 == 3) {
            ledger.failed(index);
        } else {
            ledger.arrived(index, info(index), digest(index));
        }
    }

    private static Digest rootOf(ObjectInfo info, Digest digest) {
        Ledger ledger = new Ledger();
        ledger.arrived(0, info, digest);
        return ledger.totals().root();
    }

    private static ObjectInfo info(long index) {
        return new ObjectInfo(ObjectPath.of("%06d".formatted(index)), index, Instant.EPOCH);
    }

    private static Digest digest(long index) {
        return Digest.sha256(new byte[] {(byte) index, (byte) (index >> 8)});
    }
}
