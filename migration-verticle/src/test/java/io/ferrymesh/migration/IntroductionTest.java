package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.DirectOffer;
import io.ferrymesh.mesh.Endpoint;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.scheme.Usage;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the ends say of themselves, as bytes. */
class IntroductionTest {

    private static final PeerAddress ADDRESS = new PeerAddress(PeerAddress.PREFIX + "7".repeat(32));

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private Introduction introduction(Optional<DirectOffer> offer) {
        return new Introduction(
                ADDRESS, 3, fixture.credential(fixture.master, Usage.SIGNING).certificate(), offer);
    }

    private static byte[] token() {
        byte[] token = new byte[DirectOffer.TOKEN_BYTES];
        Arrays.fill(token, (byte) 9);
        return token;
    }

    @Test
    void an_introduction_without_an_offer_reads_back() {
        Introduction said = introduction(Optional.empty());
        assertThat(Introduction.decode(said.encode())).isEqualTo(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host.example.org:5000", "10.1.2.3:1", "[::1]:65535"})
    void an_offer_reads_back_with_its_place_and_token(String place) {
        Introduction said = introduction(Optional.of(new DirectOffer(Endpoint.parse(place), token())));
        Introduction read = Introduction.decode(said.encode());
        assertThat(read.offer().orElseThrow().place()).hasToString(place);
        assertThat(read.offer().orElseThrow().token()).isEqualTo(token());
        assertThat(read.signing()).isEqualTo(said.signing());
        assertThat(read.toString()).doesNotContain("9, 9");
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1, 3, (byte) 255})
    void another_version_is_no_message_to_give_up_for(byte version) {
        byte[] said = introduction(Optional.empty()).encode();
        said[0] = version;
        assertThatThrownBy(() -> Introduction.decode(said))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("speaks version " + Byte.toUnsignedInt(version));
    }

    @Test
    void what_is_cut_short_or_longer_is_refused() {
        byte[] said = introduction(Optional.of(new DirectOffer(Endpoint.parse("host:1"), token())))
                .encode();
        for (int length = 0; length < said.length; length++) {
            byte[] cut = Arrays.copyOf(said, length);
            assertThatThrownBy(() -> Introduction.decode(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(MeshException.class);
        }
        assertThatThrownBy(() -> Introduction.decode(Arrays.copyOf(said, said.length + 1)))
                .isInstanceOf(MeshException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:0", "host", "host:99999", "a b:1", ":1", "host:1/", "[host]:1"})
    void a_place_that_is_none_is_refused(String place) {
        byte[] said = introduction(Optional.empty()).encode();
        byte[] with = Arrays.copyOf(said, said.length + place.length() + DirectOffer.TOKEN_BYTES);
        with[said.length - 1] = (byte) place.length();
        System.arraycopy(
                place.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, with, said.length, place.length());
        assertThatThrownBy(() -> Introduction.decode(with)).isInstanceOf(MeshException.class);
    }
}
