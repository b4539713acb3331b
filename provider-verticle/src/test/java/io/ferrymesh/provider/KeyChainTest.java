package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ferrymesh.scheme.HpkeKeyPair;
import io.ferrymesh.scheme.HpkePublicKey;
import io.ferrymesh.scheme.KgcParameters;
import io.ferrymesh.scheme.KgcParameters.Successor;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.Validity;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyChainTest {

    private final SecureRandom random = new SecureRandom();
    private final List<KgcPublicKey> keys = new ArrayList<>();
    private final HpkePublicKey hpke = HpkeKeyPair.generate(random).publicKey();

    KeyChainTest() {
        for (int i = 0; i <= KeyChain.MAX_EPOCHS + 1; i++) {
            keys.add(MasterKey.generate(random).publicKey());
        }
    }

    @Test
    void announced_keys_come_last_and_the_newest_active_one_first() {
        KeyChain chain = KeyChain.pinned(parameters(0, 100, 1_000)).learn(parameters(1, 200, 1_000));
        assertThat(order(chain, 99)).containsExactly(0, 1, 2);
        assertThat(order(chain, 100)).containsExactly(1, 0, 2);
        assertThat(order(chain, 200)).containsExactly(2, 1, 0);
    }

    @Test
    void a_key_goes_after_the_last_second_it_is_trusted_in() {
        KeyChain chain = KeyChain.pinned(parameters(0, 100, 300));
        assertThat(chain.at(300).epochs()).hasSize(2);
        assertThat(chain.at(301).epochs()).extracting(KeyEpoch::kgc).containsExactly(keys.get(1));
        assertThat(chain.at(Long.MAX_VALUE).epochs()).hasSize(1);
    }

    @Test
    void a_key_has_one_number_and_one_key_for_requests() {
        KeyChain chain = KeyChain.pinned(parameters(0, 100, 300));
        contradicted(chain, new KgcParameters(keys.get(1), hpke, 3, 60, 600, new Validity(0, 60)));
        HpkePublicKey other = HpkeKeyPair.generate(random).publicKey();
        contradicted(chain, new KgcParameters(keys.get(0), other, 1, 60, 600, new Validity(0, 60)));
    }

    @Test
    void a_successor_is_not_active_before_its_predecessor_and_no_key_follows_itself() {
        KeyChain chain = KeyChain.pinned(parameters(0, 100, 300));
        contradicted(chain, parameters(1, 99, 300));
        Successor first = new Successor(keys.get(0), 200, 300);
        contradicted(chain, new KgcParameters(keys.get(1), hpke, 2, 60, 600, new Validity(0, 60), Optional.of(first)));
    }

    @Test
    void only_so_many_keys_are_trusted_at_once() {
        KeyChain chain = KeyChain.pinned(parameters(0, 100, 300));
        for (int i = 1; i < KeyChain.MAX_EPOCHS - 1; i++) {
            chain = chain.learn(parameters(i, 100 + i, 300));
        }
        assertThat(chain.epochs()).hasSize(KeyChain.MAX_EPOCHS);
        contradicted(chain, parameters(KeyChain.MAX_EPOCHS - 1, 200, 300));
    }

    @Test
    void of_two_parameters_of_a_key_those_issued_last_are_kept() {
        KgcParameters late = new KgcParameters(keys.get(0), hpke, 1, 60, 6_000, new Validity(50, 110));
        KgcParameters early = new KgcParameters(keys.get(0), hpke, 1, 60, 600, new Validity(0, 60));
        KeyChain chain = KeyChain.pinned(late).learn(early);
        assertThat(chain.epochs().get(0).parameters()).contains(late);
    }

    private KgcParameters parameters(int key, long activeFrom, long retires) {
        Successor next = new Successor(keys.get(key + 1), activeFrom, retires);
        return new KgcParameters(keys.get(key), hpke, key + 1L, 60, 600, new Validity(0, 60), Optional.of(next));
    }

    private List<Integer> order(KeyChain chain, long now) {
        return chain.byPreference(now).stream()
                .map(epoch -> keys.indexOf(epoch.kgc()))
                .toList();
    }

    private static void contradicted(KeyChain chain, KgcParameters heard) {
        assertThatExceptionOfType(ContradictionException.class).isThrownBy(() -> chain.learn(heard));
    }
}
