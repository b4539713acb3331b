package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectsTest {

    private static final int SEGMENT = 100;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100, 101, 200, 250, 1000})
    void pieces_of_any_size_give_the_same_digest_as_whole_segments(int size) {
        byte[] content = Bytes.random(Seeded.random(size), size);
        List<Digest> segments = new ArrayList<>();
        for (int at = 0; at < size; at += SEGMENT) {
            var hasher = new SegmentHasher(SEGMENT);
            hasher.update(content, at, Math.min(SEGMENT, size - at));
            segments.add(hasher.finish());
        }
        Digest expected = ObjectDigest.ofSegments(segments);
        for (int piece : new int[] {1, 7, 100, 333}) {
            var hasher = new ObjectHasher(SEGMENT);
            for (int at = 0; at < size; at += piece) {
                hasher.update(content, at, Math.min(piece, size - at));
            }
            assertThat(hasher.finish()).isEqualTo(expected);
            assertThat(hasher.finish()).isEqualTo(Digest.sha256());
        }
    }

    @Test
    void one_segment_or_less_is_the_plain_sha256() {
        byte[] abc = Bytes.ascii("abc");
        var hasher = new ObjectHasher();
        hasher.update(abc, 0, 3);
        assertThat(hasher.finish().hex()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(ObjectDigest.ofSegments(List.of())).isEqualTo(Digest.sha256());
    }

    @Test
    void a_segment_takes_no_more_than_its_size_and_can_be_used_again() {
        var hasher = new SegmentHasher(4);
        hasher.update(new byte[4], 0, 4);
        assertThat(hasher.space()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> hasher.update(new byte[1], 0, 1));
        assertThat(hasher.finish()).isEqualTo(Digest.sha256(new byte[4]));
        assertThat(hasher.space()).isEqualTo(4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SegmentHasher(0))
                .withMessageContaining("segmentBytes");
    }

    @Test
    void a_root_may_be_asked_for_at_any_time() {
        var asked = new MerkleTree();
        var quiet = new MerkleTree();
        for (int i = 0; i < 50; i++) {
            byte[] leaf = MerkleLeaf.encode(Bytes.ascii("object " + i), i, Digest.sha256());
            asked.append(leaf);
            quiet.append(leaf);
            assertThat(asked.root()).isEqualTo(asked.root());
        }
        assertThat(asked.root()).isEqualTo(quiet.root());
        assertThat(asked.count()).isEqualTo(50);
    }

    @Test
    void a_leaf_with_a_negative_size_is_an_argument_error() {
        assertThatIllegalArgumentException().isThrownBy(() -> MerkleLeaf.encode(new byte[0], -1, Digest.sha256()));
    }
}
