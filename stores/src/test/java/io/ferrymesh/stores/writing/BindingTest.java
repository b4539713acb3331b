package io.ferrymesh.stores.writing;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BindingTest {

    private static final Instant MODIFIED = Instant.parse("2001-02-03T04:05:06.123456789Z");

    @Test
    void everything_that_differs_gives_another_binding_and_the_same_gives_the_same() {
        List<String> bindings = List.of(
                of("a", 1, MODIFIED, Optional.empty(), Map.of()),
                of("b", 1, MODIFIED, Optional.empty(), Map.of()),
                of("a", 2, MODIFIED, Optional.empty(), Map.of()),
                of("a", 1, MODIFIED.plusNanos(1), Optional.empty(), Map.of()),
                of("a", 1, MODIFIED, Optional.of("x"), Map.of()),
                of("a", 1, MODIFIED, Optional.empty(), Map.of("x", "yz")),
                of("a", 1, MODIFIED, Optional.empty(), Map.of("xy", "z")),
                of("a", 1, MODIFIED, Optional.empty(), Map.of("x", "y", "z", "z")));

        assertThat(bindings).doesNotHaveDuplicates().allSatisfy(each -> assertThat(each)
                .hasSize(2 * Binding.BYTES));
        assertThat(of("a", 1, MODIFIED, Optional.empty(), Map.of("z", "z", "x", "y")))
                .isEqualTo(bindings.get(7));
    }

    private static String of(
            String path, long size, Instant modified, Optional<String> type, Map<String, String> user) {
        return HexFormat.of()
                .formatHex(Binding.of(
                        new ObjectInfo(ObjectPath.of(path), size, modified),
                        new ObjectMetadata(type, new TreeMap<>(user))));
    }
}
