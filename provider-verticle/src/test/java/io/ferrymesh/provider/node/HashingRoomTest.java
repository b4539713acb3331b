package io.ferrymesh.provider.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ferrymesh.provider.config.ProviderConfig.Accounts;
import io.ferrymesh.provider.config.ProviderConfig.Passkeys;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HashingRoomTest {

    private static final long MIB = 1 << 20;

    @Test
    void as_many_hashes_as_may_run_at_once_fit_into_half_of_the_heap() {
        assertThatCode(() -> HashingRoom.require(accounts(64 * 1_024, 2), 256 * MIB))
                .doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HashingRoom.require(accounts(64 * 1_024, 2), 256 * MIB - 2))
                .withMessageContainingAll(
                        "accounts.argon2.memoryKib", "accounts.argon2.atOnce", "65536 times 2 is 131072 KiB");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HashingRoom.require(accounts(1_048_576, 64), 8_192 * MIB));
    }

    private static Accounts accounts(int memoryKib, int atOnce) {
        Duration day = Duration.ofDays(1);
        return new Accounts(
                true, 10, 10, day, day, day, memoryKib, 1, atOnce, true, new Passkeys("localhost", "test", List.of()));
    }
}
