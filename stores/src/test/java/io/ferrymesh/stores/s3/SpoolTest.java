package io.ferrymesh.stores.s3;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

    @TempDir
    private Path spool;

    @Test
    void what_there_is_no_memory_for_waits_in_the_spool() throws Exception {
        Path there = Files.createDirectory(spool.resolve("there"));
        Buffers buffers = new Buffers(10, Optional.of(there));
        buffers.take(10).close();
        try (Buffer inMemory = buffers.take(10);
                Buffer inFile = buffers.take(1)) {
            inFile.put(0, new byte[] {7}, 0, 1);
            Files.delete(there); // the file has no name any more once it is open
            inMemory.put(0, new byte[] {7}, 0, 1);
            assertThatThrownBy(() -> buffers.take(1))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining(there.toString());
        }
    }

    @Test
    void a_spool_that_is_not_there_is_refused() {
        Path nowhere = spool.resolve("nowhere");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> S3Tuning.DEFAULT.withSpool(Optional.of(nowhere)))
                .withMessage("spool must be an existing directory: " + nowhere);
    }
}
