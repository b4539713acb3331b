package io.ferrymesh.scheme;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors that standards publish for what the scheme is made of. */
class PublishedVectorsTest {

    private static byte[] hex(String... parts) {
        return HexFormat.of().parseHex(String.join("", parts));
    }

    /** RFC 9380, appendix K.1, expand_message_xmd(SHA-256) with DST QUUX-V01-CS02-with-expander-SHA256-128. */
    @ParameterizedTest
    @CsvSource({
        "'', 68a985b87eb6b46952128911f2a4412bbc302a9d759667f87f7a21d803f07235",
        "abc, d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615",
        "abcdef0123456789, eff31487c770a893cfb36f912fbfcbff40d5661771ca4b2cb4eafe524333f5c1",
        "q128_, b23a1d2b4d97b2ef7785562a7e8bac7eed54ed6e97e29aa51bfe3f12ddad1ff9",
        "a512_, 4623227bcc01293b8c130bf771da8c298dede7383243dc0993d2d94823958c4c",
        "'', af84c27ccfd45d41914fdff5df25293e221afc53d8ad2ac06d5e3e29485dadbee0d121587713a3e0dd4d5e69e93eb7cd4f5df4cd103e"
                + "188cf60cb02edc3edf18eda8576c412b18ffb658e3dd6ec849469b979d444cf7b26911a08e63cf31f9dcc541708d3491184472c2"
                + "c29bb749d4286b004ceb5ee6b9a7fa5b646c993f0ced",
        "abc, abba86a6129e366fc877aab32fc4ffc70120d8996c88aee2fe4b32d6c7b6437a647e6c3163d40b76a73cf6a5674ef1d890f95b664ee"
                + "0afa5359a5c4e07985635bbecbac65d747d3d2da7ec2b8221b17b0ca9dc8a1ac1c07ea6a1e60583e2cb00058e77b7b72a298425c"
                + "d1b941ad4ec65e8afc50303a22c0f99b0509b4c895f40",
    })
    void expand_message_xmd(String message, String expected) {
        String padded =
                switch (message) {
                    case "q128_" -> message + "q".repeat(128);
                    case "a512_" -> message + "a".repeat(512);
                    default -> message;
                };
        byte[] dst = "QUUX-V01-CS02-with-expander-SHA256-128".getBytes(US_ASCII);
        assertThat(HashToScalar.expand(dst, expected.length() / 2, padded.getBytes(US_ASCII)))
                .isEqualTo(hex(expected));
    }

    /** RFC 5869, appendix A.3: no salt, which HMAC reads as 32 zero bytes, and no info. */
    @Test
    void hkdf_without_info_is_the_noise_hkdf() {
        byte[][] outputs = NoiseHkdf.outputs(new byte[32], hex("0b".repeat(22)), 2);
        assertThat(Arrays.copyOf(Bytes.concat(outputs), 42))
                .isEqualTo(hex(
                        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d", "9d201395faa4b61a96c8"));
    }

    /** RFC 5869, appendix A.1, extract only. */
    @Test
    void hmac_is_hkdf_extract() {
        assertThat(NoiseHkdf.hmac(hex("000102030405060708090a0b0c"), hex("0b".repeat(22))))
                .isEqualTo(hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
    }

    /** The roots of the reference trees of Certificate Transparency (RFC 6962 and 9162 hash alike). */
    @ParameterizedTest
    @CsvSource({
        "0, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "1, 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "2, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "3, aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "4, d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "5, 4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "6, 76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "7, ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "8, 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    })
    void tree_roots(int leaves, String root) {
        String[] inputs = {
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
        };
        var tree = new MerkleTree();
        for (int i = 0; i < leaves; i++) {
            tree.append(hex(inputs[i]));
        }
        assertThat(tree.root()).isEqualTo(Digest.parse(root));
    }

    // RFC 9180, appendix A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode. The RFC publishes none
    // with
    // AES-256-GCM; what differs is the suite's name in the key schedule, which the second test computes on its own.
    private static final byte[] INFO = hex("4f6465206f6e2061204772656369616e2055726e");
    private static final byte[] EPHEMERAL_SEED =
            hex("4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e");
    private static final byte[] RECIPIENT = hex("f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2");
    private static final byte[] ENCAPSULATED = hex(
            "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325a",
            "c98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4");
    private static final byte[] SHARED_SECRET = hex("c0d26aeab536609a572b07695d933b589dcf363ff9d93c93adea537aeabb8cb8");
    private static final byte[] PLAINTEXT = hex("4265617574792069732074727574682c20747275746820626561757479");
    private static final byte[] AAD = hex("436f756e742d30");

    @Test
    void hpke_as_published_with_the_smaller_cipher() throws InvalidCipherTextException {
        var suite = new HPKE(HPKE.mode_base, HPKE.kem_P256_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM128);
        HpkeKeyPair keys = HpkeKeyPair.of(RECIPIENT);
        var recipient = suite.deserializePublicKey(keys.publicKey().encoded());
        var sender = suite.setupBaseS(recipient, INFO, suite.deriveKeyPair(EPHEMERAL_SEED));
        assertThat(sender.getEncapsulation()).isEqualTo(ENCAPSULATED);
        assertThat(sender.seal(AAD, PLAINTEXT))
                .isEqualTo(hex(
                        "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f",
                        "9076ac232e3ab2523f39513434"));
        assertThat(sender.export(new byte[0], 32))
                .isEqualTo(hex("5e9bc3d236e1911d95e65b576a8a86d478fb827e8bdfe77b741b289890490d4d"));
    }

    @Test
    void hpke_with_the_larger_cipher_from_the_published_shared_secret() throws InvalidCipherTextException {
        HpkeKeyPair keys = HpkeKeyPair.of(RECIPIENT);
        var sender = Hpke.sender(keys.publicKey(), INFO, EPHEMERAL_SEED);
        assertThat(sender.getEncapsulation()).isEqualTo(ENCAPSULATED);
        byte[] exporterSecret = expand(secret(), "exp", context());
        byte[] exported = expand(exporterSecret, "sec", hex("00"));
        assertThat(sender.export(hex("00"), 32)).isEqualTo(exported);

        var receiver = Hpke.receiver(keys, HpkePublicKey.decode(ENCAPSULATED), INFO);
        assertThat(receiver.export(hex("00"), 32)).isEqualTo(exported);
        assertThat(receiver.open(AAD, sender.seal(AAD, PLAINTEXT))).isEqualTo(PLAINTEXT);
    }

    // The key schedule of RFC 9180, section 5.1, for kem 0x0010, kdf 0x0001, aead 0x0002 and no psk.
    private static final byte[] SUITE = Bytes.concat("HPKE".getBytes(US_ASCII), hex("001000010002"));

    private static byte[] context() {
        return Bytes.concat(
                hex("00"), extract(new byte[0], "psk_id_hash", new byte[0]), extract(new byte[0], "info_hash", INFO));
    }

    private static byte[] secret() {
        return extract(SHARED_SECRET, "secret", new byte[0]);
    }

    private static byte[] extract(byte[] salt, String label, byte[] input) {
        byte[] key = salt.length == 0 ? new byte[32] : salt;
        return NoiseHkdf.hmac(key, "HPKE-v1".getBytes(US_ASCII), SUITE, label.getBytes(US_ASCII), input);
    }

    /** One block is enough for 32 bytes. */
    private static byte[] expand(byte[] secret, String label, byte[] info) {
        return NoiseHkdf.hmac(
                secret, hex("0020"), "HPKE-v1".getBytes(US_ASCII), SUITE, label.getBytes(US_ASCII), info, hex("01"));
    }
}
