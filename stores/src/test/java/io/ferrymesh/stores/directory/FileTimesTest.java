package io.ferrymesh.stores.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.PublishMode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTimesTest {

    @TempDir
    private Path root;

    @Test
    void a_time_before_1970_keeps_its_second_whatever_its_fraction() throws Exception {
        Instant landing = Instant.parse("1969-07-20T20:17:40.500Z");
        try (DirectoryStore store = DirectoryStore.open(root)) {
            var staged = store.stage(new ObjectInfo(ObjectPath.of("moon"), 1, landing));
            staged.write(0, new byte[1], 0, 1);
            assertThat(store.publish(List.of(staged), PublishMode.CREATE_ONLY)
                            .get(0)
                            .error())
                    .isNull();

            assertThat(store.head(ObjectPath.of("moon")).modified()).isEqualTo(Instant.parse("1969-07-20T20:17:40Z"));
        }
    }
}
