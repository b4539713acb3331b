package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ferrymesh.migration.Finding.Kind;
import io.ferrymesh.migration.Finding.Severity;
import io.ferrymesh.stores.Room;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a preflight says, and how much of it it keeps. */
class FindingsTest {

    private static final DryRunTally.Need NOTHING = new DryRunTally.Need(0, 0, 0);

    @Test
    void a_million_objects_leave_counts_and_twenty_names() {
        Findings findings = new Findings(TransferOptions.DEFAULTS);
        for (int i = 0; i < 1_000_000; i++) {
            findings.add(Kind.UNREADABLE_AT_SOURCE, "object " + i, 3);
        }

        Finding found = findings.list(Room.UNKNOWN, NOTHING).get(0);

        assertThat(found.objects()).isEqualTo(1_000_000);
        assertThat(found.bytes()).isEqualTo(3_000_000);
        assertThat(found.examples()).hasSize(Finding.MOST_EXAMPLES).startsWith("object 0", "object 1");
    }

    @Test
    void long_names_leave_fewer_and_an_endless_size_is_no_negative_one() {
        Findings findings = new Findings(TransferOptions.DEFAULTS);
        for (int i = 0; i < 100; i++) {
            findings.add(Kind.NAME_NOT_ALLOWED, "x".repeat(4_000), Long.MAX_VALUE / 2);
        }

        Finding found = findings.list(Room.UNKNOWN, NOTHING).get(0);

        assertThat(found.examples()).hasSize(Findings.MOST_EXAMPLE_CHARS / 4_000);
        assertThat(found.bytes()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void what_does_not_fit_blocks_and_says_how_much_is_missing() {
        List<Finding> found = new Findings(TransferOptions.DEFAULTS)
                .list(Room.free(99).withQuota(104), new DryRunTally.Need(5, 100, 105));

        assertThat(found).extracting(Finding::kind).containsExactly(Kind.SPACE, Kind.QUOTA);
        assertThat(found).extracting(Finding::severity).containsOnly(Severity.BLOCKS);
        assertThat(found.get(0).message())
                .contains("100 bytes more than now would be needed and 99 are free", "make room for 1 there");
        assertThat(found.get(1).message())
                .contains("105 bytes of the account's quota would be needed and 104 are left", "raised by 1");
    }

    @Test
    void what_just_fits_or_nobody_knows_is_no_finding() {
        DryRunTally.Need need = new DryRunTally.Need(5, 100, 105);
        Findings findings = new Findings(TransferOptions.DEFAULTS);

        assertThat(findings.list(Room.free(100).withQuota(105), need)).isEmpty();
        assertThat(findings.list(Room.UNKNOWN, need)).isEmpty();
        assertThat(findings.list(new Room(OptionalLong.empty(), OptionalLong.of(1)), need))
                .extracting(Finding::kind)
                .containsExactly(Kind.QUOTA);
    }

    @Test
    void what_the_user_wants_decides_what_follows_and_what_blocks_comes_first() {
        Findings findings = new Findings(new OptionsFor()
                .with(ConflictPolicy.FAIL)
                .with(MetadataPolicy.REQUIRE)
                .build());
        findings.add(Kind.NO_OBJECT_AT_SOURCE, "link", 0);
        findings.add(Kind.METADATA_UNSUPPORTED, "photo", 1);
        findings.add(Kind.CONFLICT, "other", 1);
        Findings lenient = new Findings(TransferOptions.DEFAULTS);
        lenient.add(Kind.METADATA_UNSUPPORTED, "photo", 1);
        lenient.add(Kind.CONFLICT, "other", 1);

        assertThat(findings.list(Room.UNKNOWN, NOTHING))
                .extracting(Finding::kind, Finding::severity)
                .containsExactly(
                        tuple(Kind.CONFLICT, Severity.BLOCKS),
                        tuple(Kind.METADATA_UNSUPPORTED, Severity.OBJECT_FAILS),
                        tuple(Kind.NO_OBJECT_AT_SOURCE, Severity.WARNING));
        assertThat(lenient.list(Room.UNKNOWN, NOTHING))
                .extracting(Finding::severity)
                .containsExactly(Severity.OBJECT_FAILS, Severity.WARNING);
    }

    @Test
    void every_kind_says_what_would_be_right() {
        Findings findings = new Findings(TransferOptions.DEFAULTS);
        for (Kind kind : Kind.values()) {
            if (kind != Kind.SPACE && kind != Kind.QUOTA) {
                findings.add(kind, "a", 1);
            }
        }

        assertThat(findings.list(Room.free(0).withQuota(0), new DryRunTally.Need(1, 1, 1)))
                .hasSize(Kind.values().length)
                .allSatisfy(finding -> assertThat(finding.message()).contains(":"));
    }
}
