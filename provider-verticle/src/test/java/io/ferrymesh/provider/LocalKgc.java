package io.ferrymesh.provider;

import io.ferrymesh.scheme.CertificateInfo;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.Issuer;
import io.ferrymesh.scheme.KeyRequest;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationList;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.Validity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/** A key centre in the same thread, which answers when it is told to. */
final class LocalKgc implements CredentialSource {

    /** What was asked for and not answered yet. */
    record Asked(Credential signer, List<Line> lines, Promise<List<Credential>> answer) {}

    final Deque<Asked> asked = new ArrayDeque<>();
    private final MasterKey master;
    private final SecureRandom random = new SecureRandom();
    private final Clock clock;
    private final long validitySeconds;
    private long serial;

    LocalKgc(Clock clock, long validitySeconds) {
        this.master = MasterKey.generate(random);
        this.clock = clock;
        this.validitySeconds = validitySeconds;
    }

    @Override
    public Future<List<Credential>> renew(Credential signer, List<Line> lines) {
        Promise<List<Credential>> answer = Promise.promise();
        asked.add(new Asked(signer, lines, answer));
        return answer.future();
    }

    /** Answers the oldest question. */
    void answer() {
        Asked oldest = asked.remove();
        oldest.answer().complete(issue(oldest.lines()));
    }

    /** Refuses the oldest question. */
    void refuse(Throwable why) {
        asked.remove().answer().fail(why);
    }

    List<Credential> issue(List<Line> lines) {
        List<Credential> credentials = new ArrayList<>();
        for (Line line : lines) {
            for (int i = 0; i < line.count(); i++) {
                credentials.add(issue(line.usage()));
            }
        }
        return credentials;
    }

    RevocationList list(long number, Collection<Pseudonym> revoked, long validForSeconds) {
        return RevocationList.of(number, new Validity(now(), now() + validForSeconds), revoked);
    }

    private Credential issue(Usage usage) {
        Validity validity = new Validity(now(), now() + validitySeconds);
        byte[] name = ByteBuffer.allocate(Pseudonym.LENGTH).putLong(serial++).array();
        var info = new CertificateInfo(
                usage, master.publicKey().tag(), Pseudonym.of(name), validity.notBefore(), validity.notAfter());
        try (KeyRequest request = KeyRequest.random(random)) {
            var issued = Issuer.issue(master, info, request.publicPart(), 0, random);
            return request.accept(master.publicKey(), 0, new KeyRequest.Wanted(usage, validity), issued)
                    .orElseThrow();
        }
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
