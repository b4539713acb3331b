package io.ferrymesh.provider.accounts;

import static io.ferrymesh.provider.accounts.Provider.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHasherTest {

    private static final Argon2Cost CHEAP = new Argon2Cost(16, 1);
    private static final byte[] PASSWORD = utf8("tangerine-kiosk-42");

    private static PasswordHasher hasher(SecureRandom random) {
        return new PasswordHasher(new AccountSecrets(TestKeys.of("1")), CHEAP, 1, random, new SimpleMeterRegistry());
    }

    /** From the reference implementation: argon2id, v=19, m=65536, t=2, p=1, "password", "somesalt". */
    @Test
    void it_is_argon2id() {
        PasswordHash hash = PasswordHash.of(new Argon2Cost(65_536, 2), utf8("somesalt"), utf8("password"));
        assertThat(HexFormat.of().formatHex(hash.hash()))
                .isEqualTo("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
    }

    @Test
    void a_hash_is_written_and_read_as_a_phc_string() {
        PasswordHasher hasher = hasher(new SecureRandom());
        String stored = hasher.hash(4, PASSWORD);
        assertThat(PasswordHash.parse(stored).map(PasswordHash::text)).hasValue(stored);
        assertThat(hasher.verify(4, PASSWORD, Optional.of(stored))).isTrue();
        assertThat(hasher.verify(5, PASSWORD, Optional.of(stored))).isFalse();
        assertThat(hasher.verify(4, utf8("tangerine-kiosk-43"), Optional.of(stored)))
                .isFalse();
        assertThat(hasher.verify(4, PASSWORD, Optional.empty())).isFalse();
        assertThat(hasher.hash(4, PASSWORD)).isNotEqualTo(stored);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tangerine-kiosk-42",
                "$argon2i$v=19$m=16,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=16$m=16,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=9999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=16,t=99,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=16,t=1,p=9$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=16,t=1,p=1$AAAA$AAAA"
            })
    void what_is_no_hash_of_ours_matches_nothing(String stored) {
        assertThat(PasswordHash.parse(stored)).isEmpty();
        assertThat(hasher(new SecureRandom()).verify(4, PASSWORD, Optional.of(stored)))
                .isFalse();
    }

    @Test
    void those_beyond_the_places_are_told_to_come_back() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        SecureRandom stuck = new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                if (Thread.currentThread().getName().startsWith("pool")) {
                    held.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                super.nextBytes(bytes);
            }
        };
        PasswordHasher hasher = hasher(stuck);
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<String>> first = new ArrayList<>();
        first.add(threads.submit(() -> hasher.hash(1, PASSWORD)));
        held.await();
        // One is hashed, sixteen wait, in whatever order they come; one more is one too many.
        List<Future<Optional<ServiceError>>> rest = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            rest.add(threads.submit(() -> {
                try {
                    assertThat(hasher.hash(1, PASSWORD)).isNotEmpty();
                    return Optional.empty();
                } catch (ServiceException e) {
                    release.countDown();
                    return Optional.of(e.error());
                }
            }));
        }
        int overloaded = 0;
        for (Future<Optional<ServiceError>> each : rest) {
            overloaded += each.get().equals(Optional.of(ServiceError.OVERLOADED)) ? 1 : 0;
        }
        assertThat(overloaded).isEqualTo(1);
        assertThat(first.get(0).get()).startsWith("$argon2id$");
        threads.shutdownNow();
    }

    @Test
    void a_closed_pepper_hashes_nothing() {
        AccountSecrets secrets = new AccountSecrets(TestKeys.of("1"));
        PasswordHasher hasher = new PasswordHasher(secrets, CHEAP, 1, new SecureRandom(), new SimpleMeterRegistry());
        secrets.close();
        assertThatThrownBy(() -> hasher.hash(1, PASSWORD)).isInstanceOf(IllegalStateException.class);
        assertThat(secrets.toString()).isEqualTo("***");
    }

    @Test
    void costs_are_checked() {
        assertThatThrownBy(() -> new Argon2Cost(7, 1)).hasMessageContaining("8 to 1048576 KiB: 7");
        assertThatThrownBy(() -> new Argon2Cost(8, 11)).hasMessageContaining("1 to 10: 11");
    }
}
