package io.ferrymesh.kgc;

import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Receipt;
import io.ferrymesh.scheme.SignedReceipt;
import java.security.SecureRandom;
import java.util.List;

/** Receipts of migrations that never were. */
final class TestReceipts {

    private TestReceipts() {}

    /** Signed by two providers at a time, each of which has a credential for signing and one for key agreement. */
    static byte[] signed(List<Credential> source, List<Credential> destination, long at, SecureRandom random) {
        Receipt receipt = new Receipt(
                MigrationId.random(random),
                destination.get(1).certificate().pseudonym(),
                source.get(1).certificate().pseudonym(),
                destination.get(0).certificate(),
                source.get(0).certificate(),
                Digest.sha256(),
                1,
                1,
                Digest.sha256(),
                at * 1_000,
                at * 1_000);
        var signature = SignedReceipt.sign(receipt, destination.get(0), random);
        return SignedReceipt.countersign(receipt, signature, source.get(0), random)
                .encoded();
    }
}
