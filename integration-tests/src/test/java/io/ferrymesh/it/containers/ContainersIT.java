package io.ferrymesh.it.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.scheme.SignedReceipt;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A user moves between two providers that share nothing but a network. */
@NeedsImage
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // the source is killed in the last one
class ContainersIT {

    private static final String LARGE = "large";

    /** Takes no room at the source, and longer to move than it takes to kill somebody. */
    private static final long LARGE_BYTES = 1L << 30;

    private static final long MIDDLE_BYTES = 48L << 20;

    private Deployment deployment;

    @BeforeAll
    void start() throws Exception {
        deployment = new Deployment(Path.of("target", "containers"));
    }

    @AfterAll
    void stop() throws IOException {
        if (deployment != null) {
            deployment.close();
        }
    }

    @Test
    @Order(1)
    void a_provider_that_finds_no_key_centre_ends_with_an_error() throws IOException {
        Run lonely = deployment.lonelyProvider();
        assertThat(lonely.status()).isEqualTo(1);
        assertThat(lonely.output()).contains("No handlers for address").doesNotContain("\"ready\"");
    }

    @Test
    @Order(2)
    void everything_arrives_and_both_providers_sign_for_it() throws Exception {
        SampleData sample = SampleData.fill(deployment.sourceData());
        deployment.work().give(deployment.sourceData());
        assertThat(deployment.grant("grant", "")).contains("waits for the new one");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(deployment.device("grant"))))
                .isEqualTo("rw-------");

        String output = deployment.fetch("grant", "receipt").succeeded();

        Set<Path> sent = Trees.members(deployment.sourceData());
        assertThat(Trees.members(deployment.destinationData())).isEqualTo(sent);
        for (Path member : sent) {
            Trees.assertSame(member, deployment.sourceData(), deployment.destinationData());
        }
        SignedReceipt receipt = SignedReceipt.decode(Files.readAllBytes(deployment.device("receipt")));
        assertThat(receipt.verify(deployment.kgc())).isTrue();
        assertThat(receipt.receipt().objects()).isEqualTo(sample.objects());
        assertThat(receipt.receipt().bytes()).isEqualTo(sample.bytes());
        assertThat(output)
                .contains("Everything arrived and was verified at both ends.")
                .contains(receipt.receipt().root().hex())
                .contains("Amazon Corretto Crypto Provider");
    }

    @Test
    @Order(3)
    void a_killed_source_leaves_no_part_of_a_file_and_carries_on_when_it_is_back() throws Exception {
        Path later = Files.createDirectories(deployment.sourceData().resolve("later"));
        Files.writeString(later.resolve("a small one"), "whole");
        try (RandomAccessFile large = new RandomAccessFile(later.resolve(LARGE).toFile(), "rw")) {
            large.setLength(LARGE_BYTES);
        }
        deployment.work().give(later);
        long bytesThere = Trees.bytes(deployment.destinationStore());
        assertThat(deployment.grant("second-grant", "later/")).contains("waits for the new one");

        Run fetch = deployment.fetch("second-grant", "second-receipt");
        Until.isTrue(() -> Trees.bytes(deployment.destinationStore()) > bytesThere + MIDDLE_BYTES);
        deployment.killSource();

        Path arrived = deployment.destinationData().resolve("later");
        assertThat(arrived.resolve(LARGE)).doesNotExist();
        assertThat(deployment.device("second-receipt")).doesNotExist();
        deployment.startSourceAgain();

        assertThat(fetch.succeeded()).contains("Everything arrived and was verified at both ends.");
        for (Path member : Trees.members(later)) {
            Trees.assertSame(member, later, arrived);
        }
        SignedReceipt receipt = SignedReceipt.decode(Files.readAllBytes(deployment.device("second-receipt")));
        assertThat(receipt.verify(deployment.kgc())).isTrue();
        assertThat(receipt.receipt().objects()).isEqualTo(2);
        Until.isTrue(() -> Trees.bytes(deployment.destinationStore().resolve(".ferrymesh-staging")) == 0);
    }
}
