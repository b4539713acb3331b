package io.ferrymesh.scheme;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;

/**
 * One issuance request, from the provider's side: holds what the answer needs. The same {@link #message()} may be sent
 * again if no answer came; the key centre answers a request only once, with the same bytes. Not thread-safe.
 */
public final class IssuanceClient implements AutoCloseable {

    private final Order order;
    private final IssuanceRequest request;
    private final List<KeyRequest> keys;
    private final RawKey replySecret;
    private final byte[] message;

    private IssuanceClient(
            Order order, IssuanceRequest request, List<KeyRequest> keys, RawKey replySecret, byte[] message) {
        this.order = order;
        this.request = request;
        this.keys = keys;
        this.replySecret = replySecret;
        this.message = message;
    }

    /**
     * What is wanted, from whom, and the time now in epoch seconds. All certificates of a request share their validity, so a
     * validity nobody else has links them: use whole steps of {@link KgcParameters#align}.
     */
    public record Order(KgcPublicKey kgc, HpkePublicKey to, List<Line> lines, Validity validity, long now) {

        /** Copies the lines. */
        public Order {
            lines = List.copyOf(lines);
        }
    }

    /** So many certificates of one usage. */
    public record Line(Usage usage, int count) {}

    /** A first request, with a one-time token, which stays the caller's to close. */
    public static IssuanceClient enrol(Order order, EnrolmentToken token, SecureRandom random) {
        return prepare(order, random, (encapsulated, body) -> {
            var out = new Writer(1 + EnrolmentToken.LENGTH);
            out.u8(IssuanceWire.BY_TOKEN);
            out.bytes(token.raw());
            return out.toByteArray();
        });
    }

    /**
     * A request signed with a current signing credential, which stays the caller's to close. It may be of another key epoch
     * than the one asked, as long as the key centre still trusts that.
     */
    public static IssuanceClient renew(Order order, Credential signer, SecureRandom random) {
        if (signer.certificate().info().usage() != Usage.SIGNING) {
            throw new IllegalArgumentException("a request is signed with a certificate for signing");
        }
        return prepare(order, random, (encapsulated, body) -> {
            var out = new Writer(1 + Certificate.LENGTH + Signature.LENGTH);
            out.u8(IssuanceWire.BY_SIGNATURE);
            out.bytes(signer.certificate().raw());
            byte[] signed = IssuanceWire.signed(order.kgc(), encapsulated, body);
            out.bytes(signer.sign(signed, random).raw());
            return out.toByteArray();
        });
    }

    /** Proves to the key centre who asks. */
    @FunctionalInterface
    private interface Proof {
        byte[] of(byte[] encapsulated, byte[] body);
    }

    private static IssuanceClient prepare(Order order, SecureRandom random, Proof proof) {
        List<KeyRequest> keys = new ArrayList<>();
        List<IssuanceRequest.Item> items = new ArrayList<>();
        for (Line line : order.lines()) {
            KeyRequest key = KeyRequest.random(random);
            keys.add(key);
            items.add(new IssuanceRequest.Item(line.usage(), line.count(), key.publicPart()));
        }
        var id = IssuanceRequest.Id.random(random);
        var request = new IssuanceRequest(id, order.now(), order.validity(), items);
        byte[] seed = Bytes.random(random, 32);
        HPKEContextWithEncapsulation context = Hpke.sender(order.to(), IssuanceWire.info(order.kgc()), seed);
        Bytes.wipe(seed);
        byte[] message = seal(order, context, request.encoded(), proof);
        return new IssuanceClient(order, request, keys, IssuanceWire.replySecret(context), message);
    }

    private static byte[] seal(Order order, HPKEContextWithEncapsulation context, byte[] body, Proof proof) {
        byte[] head = IssuanceWire.head(order.kgc().tag());
        byte[] encapsulated = context.getEncapsulation();
        byte[] plaintext = Bytes.concat(body, proof.of(encapsulated, body));
        try {
            return Bytes.concat(head, encapsulated, context.seal(head, plaintext));
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("HPKE failed", e);
        } finally {
            Bytes.wipe(plaintext);
        }
    }

    /** What goes to the key centre. */
    public byte[] message() {
        return message.clone();
    }

    /** The request's name, for logs. */
    public IssuanceRequest.Id id() {
        return request.id();
    }

    /**
     * The credentials, in the order of the lines, each the caller's to close. All or none: RefusedException with TAG if the
     * answer is not the key centre's to this request, with NOT_AS_REQUESTED if any certificate is not what was asked for or
     * a pseudonym occurs twice; MalformedException if it does not decode.
     */
    public List<Credential> accept(byte[] reply) {
        IssuanceReply answer = IssuanceReply.open(replySecret, request.count(), reply);
        List<Credential> credentials = new ArrayList<>(request.count());
        boolean complete = false;
        try {
            requireNames(answer);
            collect(answer.issued(), credentials);
            complete = true;
            return credentials;
        } finally {
            if (!complete) {
                credentials.forEach(Credential::close);
            }
        }
    }

    private void collect(List<Issued> issued, List<Credential> credentials) {
        int at = 0;
        for (int line = 0; line < keys.size(); line++) {
            var item = request.items().get(line);
            var wanted = new KeyRequest.Wanted(item.usage(), order.validity());
            for (int index = 0; index < item.count(); index++) {
                credentials.add(keys.get(line)
                        .accept(order.kgc(), index, wanted, issued.get(at++))
                        .orElseThrow(IssuanceClient::notAsRequested));
            }
        }
    }

    private void requireNames(IssuanceReply answer) {
        Set<Pseudonym> names = new HashSet<>();
        boolean distinct = answer.issued().stream()
                .allMatch(one -> names.add(one.certificate().pseudonym()));
        if (!distinct || !answer.request().equals(request.id())) {
            throw notAsRequested();
        }
    }

    private static RefusedException notAsRequested() {
        return new RefusedException("issuance reply", RefusalReason.NOT_AS_REQUESTED);
    }

    @Override
    public void close() {
        keys.forEach(KeyRequest::close);
        replySecret.close();
    }

    @Override
    public String toString() {
        return "IssuanceClient[" + request.id() + "]";
    }
}
