package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes come, a decoder gives a value or {@link MalformedException}, and a verifier may refuse. */
class DecoderFuzzTest {

    private static final int ROUNDS = 300;
    private static final Fixture FIXTURE = new Fixture();

    private static final class Target {

        private final String name;
        private final byte[] seed;
        private final Function<byte[], Object> decode;

        Target(String name, byte[] seed, Function<byte[], Object> decode) {
            this.name = name;
            this.seed = seed;
            this.decode = decode;
        }

        boolean decodes(byte[] bytes) {
            try {
                return decode.apply(bytes) != null;
            } catch (MalformedException | RefusedException e) {
                return false;
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Target> decoders() {
        Fixture f = FIXTURE;
        HpkeKeyPair keys = HpkeKeyPair.generate(f.random);
        Credential announcer = f.credential(Usage.ANNOUNCEMENT, 0);
        Credential destination = f.credential(Usage.SIGNING, 1);
        Credential source = f.credential(Usage.SIGNING, 2);
        var successor = new KgcParameters.Successor(MasterKey.generate(f.random).publicKey(), 1, 2);
        var parameters =
                new KgcParameters(f.kgc, keys.publicKey(), 1, 3600, 86400, Fixture.VALIDITY, Optional.of(successor));
        var bulletin = new Bulletin(Fixture.VALIDITY, 0, RevocationChain.START, 5, Digest.sha256(), 6, Digest.sha256());
        var page = new RevocationPage(3, List.of(new RevocationEntry(f.trace.seal(1, 1), 5)));
        var receipt = new Receipt(
                f.id,
                f.destination.certificate().pseudonym(),
                f.source.certificate().pseudonym(),
                destination.certificate(),
                source.certificate(),
                Digest.sha256(),
                1,
                2,
                Digest.sha256(),
                3,
                4);
        Signature signature = SignedReceipt.sign(receipt, destination, f.random);
        var signed = SignedReceipt.countersign(receipt, signature, source, f.random);
        var order = new IssuanceClient.Order(
                f.kgc,
                keys.publicKey(),
                List.of(new IssuanceClient.Line(Usage.SIGNING, 2)),
                Fixture.VALIDITY,
                Fixture.NOW);
        var client = IssuanceClient.renew(order, destination, f.random);
        var server = new IssuanceServer(f.kgc, keys);
        var opened = server.open(client.message(), Fixture.NOW, Fixture.NOBODY);
        byte[] request = opened.request().encoded();
        byte[] reply = opened.reply(
                opened.issue(f.master, List.of(f.trace.seal(5, 1), f.trace.seal(5, 2)), f.random), f.random);
        byte[] first = Handshake.destination(f.setup(f.destination)).write(new byte[8]);
        return Stream.of(
                new Target("point", f.kgc.encoded(), Point::decode),
                new Target("certificate", f.source.certificate().encoded(), Certificate::decode),
                new Target("hpke key", keys.publicKey().encoded(), HpkePublicKey::decode),
                new Target(
                        "parameters",
                        parameters.sign(announcer, f.random),
                        b -> KgcParameters.verify(b, f.kgc, Fixture.NOW)),
                new Target("bulletin", bulletin.sign(announcer, f.random), b -> Bulletin.verify(b, f.kgc, Fixture.NOW)),
                new Target("bulletin body", Announcement.body(bulletin.sign(announcer, f.random)), Bulletin::decode),
                new Target("revocation page", page.encoded(), RevocationPage::decode),
                new Target("page request", new RevocationPage.Request(1, 2).encoded(), RevocationPage.Request::decode),
                new Target("request tag", client.message(), IssuanceServer::tag),
                new Target("receipt", receipt.encoded(), Receipt::decode),
                new Target("signed receipt", signed.encoded(), SignedReceipt::decode),
                new Target("request body", request, b -> IssuanceRequest.read(new Reader(b, "request"))),
                new Target("request", client.message(), b -> server.open(b, Fixture.NOW, Fixture.NOBODY)),
                new Target("reply", reply, client::accept),
                new Target("first message", first, b -> Handshake.source(f.setup(f.source))
                        .read(b)));
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void only_malformed_or_refused_ever_comes_out(Target target) {
        assertThat(target.decodes(target.seed)).isTrue();
        Random random = new Random(42);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            refused += target.decodes(mutate(target.seed, random)) ? 0 : 1;
        }
        assertThat(refused).isPositive();
    }

    private static byte[] mutate(byte[] seed, Random random) {
        byte[] mutated =
                switch (random.nextInt(4)) {
                    case 0 -> Arrays.copyOf(seed, random.nextInt(seed.length + 1));
                    case 1 -> Arrays.copyOf(seed, seed.length + 1 + random.nextInt(64));
                    default -> seed.clone();
                };
        for (int flips = random.nextInt(4); flips > 0 && mutated.length > 0; flips--) {
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
        }
        return mutated;
    }
}
