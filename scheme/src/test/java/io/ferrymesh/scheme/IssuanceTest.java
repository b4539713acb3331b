package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuanceTest {

    private static final List<IssuanceClient.Line> LINES =
            List.of(new IssuanceClient.Line(Usage.KEY_AGREEMENT, 3), new IssuanceClient.Line(Usage.SIGNING, 2));

    private final Fixture fixture = new Fixture();
    private final HpkeKeyPair keys = HpkeKeyPair.generate(fixture.random);
    private final IssuanceServer server = new IssuanceServer(fixture.kgc, keys);
    private final EnrolmentToken token = EnrolmentToken.random(fixture.random);
    private final Credential signer = fixture.credential(Usage.SIGNING, 1);

    private IssuanceClient.Order order(long now) {
        return new IssuanceClient.Order(fixture.kgc, keys.publicKey(), LINES, Fixture.VALIDITY, now);
    }

    private IssuanceClient enrol() {
        return IssuanceClient.enrol(order(Fixture.NOW), token, fixture.random);
    }

    private IssuanceClient renew() {
        return IssuanceClient.renew(order(Fixture.NOW), signer, fixture.random);
    }

    private OpenedIssuance open(byte[] message) {
        return server.open(message, Fixture.NOW, Fixture.NOBODY);
    }

    private List<Pseudonym> names(int count) {
        List<Pseudonym> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(fixture.trace.seal(7, i));
        }
        return names;
    }

    private byte[] answer(OpenedIssuance opened) {
        return opened.reply(
                opened.issue(fixture.master, names(opened.request().count()), fixture.random), fixture.random);
    }

    private static void requireRefused(
            RefusalReason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.reason())
                .isEqualTo(reason));
    }

    @Test
    void a_new_provider_gets_what_it_asked_for_with_its_token() {
        try (IssuanceClient client = enrol();
                OpenedIssuance opened = open(client.message())) {
            assertThat(opened.requester()).isEqualTo(new Requester.NewProvider(token.digest()));
            assertThat(opened.request().id()).isEqualTo(client.id());
            List<Credential> credentials = client.accept(answer(opened));
            assertThat(credentials)
                    .extracting(c -> c.certificate().info().usage())
                    .containsExactly(
                            Usage.KEY_AGREEMENT,
                            Usage.KEY_AGREEMENT,
                            Usage.KEY_AGREEMENT,
                            Usage.SIGNING,
                            Usage.SIGNING);
            assertThat(credentials).extracting(c -> c.certificate().pseudonym()).isEqualTo(names(5));
            assertThat(credentials)
                    .allSatisfy(c -> assertThat(Credential.of(fixture.kgc, c.certificate(), c.copyPrivateKey()))
                            .isNotNull());
        }
    }

    @Test
    void an_enrolled_provider_is_known_by_its_signing_certificate() {
        try (IssuanceClient client = renew();
                OpenedIssuance opened = open(client.message())) {
            assertThat(opened.requester()).isEqualTo(new Requester.Enrolled(signer.certificate()));
            assertThat(client.accept(answer(opened))).hasSize(5);
        }
    }

    @Test
    void two_replies_to_one_request_are_sealed_under_different_keys_and_both_open() {
        try (IssuanceClient client = enrol();
                OpenedIssuance opened = open(client.message())) {
            List<Issued> issued = opened.issue(fixture.master, names(5), fixture.random);
            byte[] first = opened.reply(issued, fixture.random);
            byte[] second = opened.reply(issued, fixture.random);
            assertThat(Arrays.copyOfRange(first, 33, 65)).isNotEqualTo(Arrays.copyOfRange(second, 33, 65));
            assertThat(client.accept(first)).hasSize(5);
            assertThat(client.accept(second)).hasSize(5);
        }
    }

    @Test
    void a_request_to_another_key_centre_or_with_a_changed_byte_does_not_open() {
        byte[] message = enrol().message();
        HpkeKeyPair otherKeys = HpkeKeyPair.generate(fixture.random);
        KgcPublicKey otherKgc = MasterKey.generate(fixture.random).publicKey();
        requireRefused(RefusalReason.TAG, () -> new IssuanceServer(fixture.kgc, otherKeys)
                .open(message, Fixture.NOW, Fixture.NOBODY));
        requireRefused(RefusalReason.WRONG_KGC, () -> new IssuanceServer(otherKgc, keys)
                .open(message, Fixture.NOW, Fixture.NOBODY));
        message[message.length - 1] ^= 1;
        requireRefused(RefusalReason.TAG, () -> open(message));
    }

    @Test
    void an_old_or_early_request_is_refused() {
        byte[] message = enrol().message();
        long skew = IssuanceServer.MAX_SKEW_SECONDS;
        server.open(message, Fixture.NOW + skew, Fixture.NOBODY).close();
        server.open(message, Fixture.NOW - skew, Fixture.NOBODY).close();
        requireRefused(RefusalReason.EXPIRED, () -> server.open(message, Fixture.NOW + skew + 1, Fixture.NOBODY));
        requireRefused(RefusalReason.NOT_YET_VALID, () -> server.open(message, Fixture.NOW - skew - 1, Fixture.NOBODY));
    }

    @Test
    void a_revoked_expired_or_unknown_signer_is_refused() {
        byte[] message = renew().message();
        requireRefused(
                RefusalReason.REVOKED,
                () -> server.open(message, Fixture.NOW, (name, now) -> RevocationView.Status.REVOKED));
        requireRefused(
                RefusalReason.REVOCATION_UNKNOWN,
                () -> server.open(message, Fixture.NOW, (name, now) -> RevocationView.Status.UNKNOWN));
        requireRefused(RefusalReason.EXPIRED, () -> server.open(message, Fixture.NOW + 101, Fixture.NOBODY));
    }

    @Test
    void only_a_signing_credential_renews() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IssuanceClient.renew(order(Fixture.NOW), fixture.source, fixture.random));
    }

    @Test
    void a_signed_request_wrapped_again_under_another_encapsulated_key_is_refused() throws InvalidCipherTextException {
        byte[] message = renew().message();
        byte[] info = IssuanceWire.info(fixture.kgc);
        HpkePublicKey encapsulated = HpkePublicKey.decode(Arrays.copyOfRange(message, 5, 70));
        byte[] head = IssuanceWire.head(fixture.kgc.tag());
        byte[] plaintext =
                Hpke.receiver(keys, encapsulated, info).open(head, Arrays.copyOfRange(message, 70, message.length));
        var again = Hpke.sender(keys.publicKey(), info, new byte[32]);
        byte[] wrapped = Bytes.concat(head, again.getEncapsulation(), again.seal(head, plaintext));
        requireRefused(RefusalReason.SIGNATURE, () -> open(wrapped));
    }

    @Test
    void a_reply_to_another_request_or_with_a_changed_byte_does_not_open() {
        IssuanceClient client = enrol();
        byte[] other = answer(open(enrol().message()));
        requireRefused(RefusalReason.TAG, () -> client.accept(other));
        byte[] changed = answer(open(client.message()));
        changed[20] ^= 1;
        requireRefused(RefusalReason.TAG, () -> client.accept(changed));
        assertThatThrownBy(() -> client.accept(Arrays.copyOf(changed, changed.length - 1)))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void a_reply_in_another_order_or_with_one_name_twice_is_not_as_requested() {
        IssuanceClient client = enrol();
        OpenedIssuance opened = open(client.message());
        List<Issued> issued = new ArrayList<>(opened.issue(fixture.master, names(5), fixture.random));
        Collections.swap(issued, 0, 1);
        requireRefused(RefusalReason.NOT_AS_REQUESTED, () -> client.accept(opened.reply(issued, fixture.random)));
        List<Issued> twice =
                opened.issue(fixture.master, Collections.nCopies(5, fixture.trace.seal(1, 1)), fixture.random);
        requireRefused(RefusalReason.NOT_AS_REQUESTED, () -> client.accept(opened.reply(twice, fixture.random)));
    }

    @Test
    void a_closed_client_accepts_nothing() {
        IssuanceClient client = enrol();
        byte[] reply = answer(open(client.message()));
        client.close();
        assertThatThrownBy(() -> client.accept(reply)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void exactly_as_many_pseudonyms_as_keys_are_certified() {
        OpenedIssuance opened = open(enrol().message());
        assertThatIllegalArgumentException().isThrownBy(() -> opened.issue(fixture.master, names(4), fixture.random));
    }

    @Test
    void the_largest_request_is_answered() {
        var lines =
                List.of(new IssuanceClient.Line(Usage.KEY_AGREEMENT, 1000), new IssuanceClient.Line(Usage.SIGNING, 24));
        var order = new IssuanceClient.Order(fixture.kgc, keys.publicKey(), lines, Fixture.VALIDITY, Fixture.NOW);
        try (IssuanceClient client = IssuanceClient.renew(order, signer, fixture.random)) {
            assertThat(open(client.message()).request().count()).isEqualTo(IssuanceRequest.MAX_CERTIFICATES);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1025, 70000})
    void a_count_out_of_bounds_is_an_argument_error(int count) {
        var lines = List.of(new IssuanceClient.Line(Usage.SIGNING, count));
        var order = new IssuanceClient.Order(fixture.kgc, keys.publicKey(), lines, Fixture.VALIDITY, Fixture.NOW);
        assertThatIllegalArgumentException().isThrownBy(() -> IssuanceClient.enrol(order, token, fixture.random));
    }

    @Test
    void nobody_asks_for_certificates_for_announcements() {
        var keyRequest = KeyRequest.random(fixture.random).publicPart();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IssuanceRequest.Item(Usage.ANNOUNCEMENT, 1, keyRequest));
    }

    @Test
    void a_request_with_no_items_or_too_many_is_malformed() {
        byte[] body = open(enrol().message()).request().encoded();
        for (int items : new int[] {0, 1, 3, 17, 255}) {
            byte[] changed = body.clone();
            changed[33] = (byte) items;
            assertThatThrownBy(() -> {
                        var in = new Reader(changed, "request");
                        IssuanceRequest unused = IssuanceRequest.read(in);
                        in.end();
                    })
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void a_request_says_in_the_clear_which_key_epoch_it_is_for() {
        byte[] message = enrol().message();
        assertThat(IssuanceServer.tag(message)).isEqualTo(fixture.kgc.tag());
        for (byte[] wrong : List.of(new byte[0], new byte[] {2, 0, 0, 0}, new byte[] {1, 0, 0, 0, 0}, new byte[3000])) {
            assertThatThrownBy(() -> IssuanceServer.tag(wrong)).isInstanceOf(MalformedException.class);
        }
        byte[] renamed = message.clone();
        renamed[1] ^= 1;
        requireRefused(RefusalReason.WRONG_KGC, () -> open(renamed));
    }

    @Test
    void a_provider_renews_under_the_next_key_with_a_certificate_of_the_one_before() {
        MasterKey next = MasterKey.generate(fixture.random);
        var asked = new IssuanceServer(next.publicKey(), keys);
        var order = new IssuanceClient.Order(next.publicKey(), keys.publicKey(), LINES, Fixture.VALIDITY, Fixture.NOW);
        try (IssuanceClient client = IssuanceClient.renew(order, signer, fixture.random)) {
            byte[] message = client.message();
            List<KgcPublicKey> trusted = List.of(next.publicKey(), fixture.kgc);
            OpenedIssuance opened = asked.open(message, Fixture.NOW, Fixture.NOBODY, trusted);
            assertThat(opened.kgc()).isEqualTo(next.publicKey());
            assertThat(opened.requester()).isEqualTo(new Requester.Enrolled(signer.certificate()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> opened.issue(fixture.master, names(5), fixture.random));
            List<Credential> issued =
                    client.accept(opened.reply(opened.issue(next, names(5), fixture.random), fixture.random));
            assertThat(issued).extracting(Credential::kgc).containsOnly(next.publicKey());
            requireRefused(RefusalReason.WRONG_KGC, () -> asked.open(message, Fixture.NOW, Fixture.NOBODY));
            requireRefused(
                    RefusalReason.REVOKED,
                    () -> asked.open(message, Fixture.NOW, (name, now) -> RevocationView.Status.REVOKED, trusted));
        }
    }

    @Test
    void a_request_signed_for_one_key_epoch_is_not_one_for_another() {
        KgcPublicKey next = MasterKey.generate(fixture.random).publicKey();
        byte[] message = renew().message();
        byte[] renamed = message.clone();
        System.arraycopy(next.tag().bytes(), 0, renamed, 1, KgcTag.LENGTH);
        requireRefused(RefusalReason.TAG, () -> new IssuanceServer(next, keys)
                .open(renamed, Fixture.NOW, Fixture.NOBODY, List.of(next, fixture.kgc)));
    }
}
