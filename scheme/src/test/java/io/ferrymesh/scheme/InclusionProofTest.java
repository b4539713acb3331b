package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9162, sections 2.1.1 and 2.1.3, with the published vectors of Certificate Transparency. */
class InclusionProofTest {

    private static final List<byte[]> LEAVES = Stream.of(
                    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
            .map(HexFormat.of()::parseHex)
            .toList();

    private static final List<String> ROOTS = List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private static Stream<Arguments> published() {
        return Stream.of(
                Arguments.of(0, 1, List.of()),
                Arguments.of(
                        0,
                        8,
                        List.of(
                                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")),
                Arguments.of(
                        5,
                        8,
                        List.of(
                                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")),
                Arguments.of(2, 3, List.of("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")),
                Arguments.of(
                        1,
                        5,
                        List.of(
                                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")));
    }

    @ParameterizedTest
    @MethodSource("published")
    void the_published_audit_paths_are_made_and_verify(int index, int size, List<String> path) {
        InclusionProof made = proof(LEAVES.subList(0, size), index);
        assertThat(made).isEqualTo(new InclusionProof(index, size, digests(path)));
        assertThat(made.verify(LEAVES.get(index), Digest.parse(ROOTS.get(size - 1))))
                .isTrue();
    }

    @Test
    void the_published_roots_are_those_of_the_tree_and_of_the_prover() {
        MerkleTree tree = new MerkleTree();
        InclusionProver prover = new InclusionProver();
        assertThat(prover.root()).isEqualTo(tree.root());
        for (int i = 0; i < LEAVES.size(); i++) {
            tree.append(LEAVES.get(i));
            prover.append(LEAVES.get(i));
            assertThat(tree.root().hex()).isEqualTo(ROOTS.get(i));
            assertThat(prover.root()).isEqualTo(tree.root());
        }
        assertThat(prover.proof()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 31, 33, 64, 100})
    void every_leaf_of_a_tree_of_any_size_is_proven_at_its_own_place_only(int size) {
        List<byte[]> leaves = leaves(size);
        Digest root = root(leaves);
        for (int i = 0; i < size; i++) {
            InclusionProof proof = proof(leaves, i);
            assertThat(proof.verify(leaves.get(i), root)).isTrue();
            assertThat(proof.verify(leaves.get((i + 1) % size), root)).isEqualTo(size == 1);
            assertThat(proof.verify(leaves.get(i), Digest.sha256())).isFalse();
            for (int other = 0; other < size; other++) {
                InclusionProof moved = new InclusionProof(other, size, proof.path());
                assertThat(moved.verify(leaves.get(i), root)).isEqualTo(other == i);
            }
        }
    }

    @Test
    void a_path_that_was_changed_shortened_or_lengthened_proves_nothing() {
        List<byte[]> leaves = leaves(11);
        Digest root = root(leaves);
        InclusionProof proof = proof(leaves, 6);
        List<Digest> path = proof.path();
        for (int i = 0; i < path.size(); i++) {
            List<Digest> changed = new ArrayList<>(path);
            Digest unused = changed.set(i, Digest.sha256());
            assertThat(new InclusionProof(6, 11, changed).verify(leaves.get(6), root))
                    .isFalse();
        }
        List<Digest> longer = new ArrayList<>(path);
        longer.add(Digest.sha256());
        for (List<Digest> wrong : List.of(path.subList(1, path.size()), path.subList(0, path.size() - 1), longer)) {
            assertThat(new InclusionProof(6, 11, wrong).verify(leaves.get(6), root))
                    .isFalse();
        }
    }

    @Test
    void a_node_is_no_leaf() {
        List<byte[]> leaves = leaves(2);
        byte[] node = Bytes.concat(
                MerkleTree.hashOf(leaves.get(0)).raw(),
                MerkleTree.hashOf(leaves.get(1)).raw());
        assertThat(new InclusionProof(0, 1, List.of()).verify(node, root(leaves)))
                .isFalse();
    }

    @Test
    void a_proof_may_be_asked_for_while_the_tree_grows() {
        List<byte[]> leaves = leaves(20);
        InclusionProver prover = new InclusionProver();
        for (int i = 0; i < leaves.size(); i++) {
            if (i == 4) {
                prover.appendProven(leaves.get(i));
            } else {
                prover.append(leaves.get(i));
            }
            Digest root = prover.root();
            prover.proof().ifPresent(proof -> assertThat(proof.verify(leaves.get(4), root))
                    .isTrue());
        }
        assertThat(prover.proof()).isPresent();
        assertThatThrownBy(() -> prover.appendProven(new byte[0])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void impossible_proofs_are_refused_with_what_would_be_right() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InclusionProof(3, 3, List.of()))
                .withMessage("index must be from 0 to size - 1: 3 of 3");
        assertThatIllegalArgumentException().isThrownBy(() -> new InclusionProof(-1, 3, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InclusionProof(0, 3, Collections.nCopies(64, Digest.sha256())))
                .withMessageContaining("63");
    }

    private static List<byte[]> leaves(int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> MerkleLeaf.encode(Bytes.ascii("object " + i), i, Digest.sha256()))
                .toList();
    }

    private static Digest root(List<byte[]> leaves) {
        MerkleTree tree = new MerkleTree();
        leaves.forEach(tree::append);
        return tree.root();
    }

    private static InclusionProof proof(List<byte[]> leaves, int index) {
        InclusionProver prover = new InclusionProver();
        for (int i = 0; i < leaves.size(); i++) {
            if (i == index) {
                prover.appendProven(leaves.get(i));
            } else {
                prover.append(leaves.get(i));
            }
        }
        return prover.proof().orElseThrow();
    }

    private static List<Digest> digests(List<String> hex) {
        return hex.stream().map(Digest::parse).toList();
    }
}
