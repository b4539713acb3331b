package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RevocationPageTest {

    private final List<RevocationEntry> entries = LongStream.range(0, 5)
            .mapToObj(i -> new RevocationEntry(new Fixture().trace.seal(i, 1), Fixture.NOW + i))
            .toList();

    /** The bytes are docs/scheme.md's, hashed by another program. */
    @Test
    void the_chain_is_the_documented_hash() {
        var entry = new RevocationEntry(Pseudonym.parse("000102030405060708090a0b0c0d0e0f"), 0x65432100L);
        Digest first = RevocationChain.next(RevocationChain.START, 1, entry);
        assertThat(first.hex()).isEqualTo("4769b7ee6c4937ad54d92ab5314ca55b6d238ba0b4f32ec3b67c6287ab9f3950");
        assertThat(RevocationChain.next(first, 2, entry).hex())
                .isEqualTo("a66ecfb5dc4cb2f89578dd7dc2465d542e2ea33c3d2087c6f1c4b38455b64be1");
        assertThatIllegalArgumentException().isThrownBy(() -> RevocationChain.next(first, 0, entry));
    }

    @Test
    void pages_and_requests_survive_their_encoding() {
        var page = new RevocationPage(3, entries);
        assertThat(page.encoded()).hasSize(13 + 5 * RevocationEntry.LENGTH);
        assertThat(RevocationPage.decode(page.encoded())).isEqualTo(page);
        var request = new RevocationPage.Request(2, 7);
        assertThat(request.encoded()).hasSize(RevocationPage.Request.LENGTH);
        assertThat(RevocationPage.Request.decode(request.encoded())).isEqualTo(request);
    }

    @Test
    void a_page_with_another_count_or_from_nowhere_is_malformed() {
        byte[] encoded = new RevocationPage(3, entries).encoded();
        byte[] fewer = encoded.clone();
        fewer[12]--;
        byte[] nowhere = encoded.clone();
        nowhere[8] = 0;
        byte[] huge = encoded.clone();
        huge[9] = -1;
        byte[] version = encoded.clone();
        version[0] = 2;
        for (byte[] wrong : List.of(fewer, nowhere, huge, version)) {
            assertThatThrownBy(() -> RevocationPage.decode(wrong)).isInstanceOf(MalformedException.class);
        }
        byte[] nothing = new RevocationPage.Request(2, 7).encoded();
        nothing[16] = 2;
        assertThatThrownBy(() -> RevocationPage.Request.decode(nothing)).isInstanceOf(MalformedException.class);
    }

    @Test
    void a_full_page_fits_a_reply_of_the_mesh() {
        var full = new RevocationPage(1, Collections.nCopies(RevocationPage.MAX_ENTRIES, entries.get(0)));
        assertThat(full.encoded().length).isLessThanOrEqualTo(1 << 20);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new RevocationPage(1, Collections.nCopies(RevocationPage.MAX_ENTRIES + 1, entries.get(0))));
    }
}
