package io.ferrymesh.stores.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.Part;

/** Which uploads somebody may still go on with. */
class AbandonedUploadsTest {

    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

    private static Part at(String time) {
        return Part.builder().lastModified(Instant.parse(time)).build();
    }

    @Test
    void an_old_upload_with_a_part_from_of_late_goes_on() {
        assertThat(AbandonedUploads.anySince(List.of(at("2025-12-01T00:00:00Z"), at("2026-01-02T00:00:00Z")), SINCE))
                .isTrue();
    }

    @Test
    void one_whose_parts_are_all_old_or_that_has_none_does_not() {
        assertThat(AbandonedUploads.anySince(List.of(at("2025-12-01T00:00:00Z")), SINCE))
                .isFalse();
        assertThat(AbandonedUploads.anySince(List.of(Part.builder().build()), SINCE))
                .isFalse();
        assertThat(AbandonedUploads.anySince(List.of(), SINCE)).isFalse();
    }
}
