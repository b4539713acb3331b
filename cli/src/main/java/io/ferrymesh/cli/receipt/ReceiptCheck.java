package io.ferrymesh.cli.receipt;

import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.SchemeVerifier;
import io.ferrymesh.scheme.SignedReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What can be said of a receipt offline: whether it is under a key centre's key that one has, and whether both ends signed it with
 * certificates of that key that were valid when the migration ended. Not whether one of them has been revoked.
 *
 * @param key the key centre's key that it is under, if it is among those given
 * @param problems why it is not good; empty when it is
 */
public record ReceiptCheck(Optional<KgcPublicKey> key, List<String> problems) {

    public ReceiptCheck {
        problems = List.copyOf(problems);
    }

    /** Whether nothing is wrong. */
    public boolean isGood() {
        return problems.isEmpty();
    }

    /**
     * Looks at a receipt.
     *
     * @param keys the key centre's, one of which the certificates must name
     * @param pin the fingerprint that key must have; empty to take whichever fits
     */
    public static ReceiptCheck of(SignedReceipt signed, List<KgcPublicKey> keys, Optional<Digest> pin) {
        Certificate destination = signed.receipt().destinationSigner();
        Certificate source = signed.receipt().sourceSigner();
        Optional<KgcPublicKey> key = keys.stream()
                .filter(each -> each.tag().equals(destination.info().kgc()))
                .filter(each -> pin.isEmpty() || each.fingerprint().equals(pin.get()))
                .findFirst();
        if (key.isEmpty()) {
            return new ReceiptCheck(
                    key,
                    List.of("no key that was given, with the fingerprint that was given, is the key centre's"
                            + " that the receipt's certificates name, "
                            + destination.info().kgc()));
        }
        List<String> problems = new ArrayList<>();
        if (!source.info().kgc().equals(destination.info().kgc())) {
            problems.add("the two certificates are under different keys of the key centre");
        }
        byte[] body = signed.receipt().encoded();
        if (!SchemeVerifier.verify(key.get(), destination, body, signed.signature())) {
            problems.add("the destination's signature does not verify");
        }
        addValidity(problems, "destination", signed, destination);
        addValidity(problems, "source", signed, source);
        if (problems.isEmpty() && !signed.verify(key.get())) {
            problems.add("the source's signature does not verify");
        }
        return new ReceiptCheck(key, problems);
    }

    private static void addValidity(List<String> problems, String side, SignedReceipt signed, Certificate signer) {
        long end = Math.floorDiv(signed.receipt().finishedAt(), 1_000L);
        signer.info()
                .validity()
                .check(end)
                .ifPresent(why ->
                        problems.add("the " + side + "'s certificate was not valid when the migration ended: " + why));
    }
}
