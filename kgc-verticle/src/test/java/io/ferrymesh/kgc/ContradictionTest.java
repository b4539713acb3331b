package io.ferrymesh.kgc;

import static io.ferrymesh.kgc.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.kgc.registry.Heads;
import io.ferrymesh.kgc.registry.Heads.Head;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.RevocationChain;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node does whose database is not any more what it signed. */
@OnEachDatabase
class ContradictionTest {

    private final TestCentre centre;

    ContradictionTest(TestDatabase databases) {
        this.centre = new TestCentre(databases.fresh(Kgc.MIGRATIONS));
    }

    @BeforeEach
    void sign_something() {
        revoke("ab");
        assertThat(centre.kgc.announcements().refresh().bulletins()).hasSize(1);
    }

    @AfterEach
    void close() {
        centre.close();
    }

    @Test
    void nothing_is_signed_for_a_revocation_log_that_went_back() {
        change(ContradictionTest::withoutRevocations);
        refusesToSign();
    }

    @Test
    void nothing_is_signed_for_a_revocation_log_that_went_back_and_grew_again() {
        change(ContradictionTest::withoutRevocations);
        revoke("cd");
        revoke("ef");
        refusesToSign();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE head SET number = number - 1 WHERE name = 'audit'",
                "UPDATE head SET number = number - 1 WHERE name = 'revocation'",
                "UPDATE head SET hash = (SELECT hash FROM audit WHERE seq = 1) WHERE name = 'audit'",
                "UPDATE head SET hash = (SELECT hash FROM audit WHERE seq = 1) WHERE name = 'revocation'",
                "UPDATE audit SET hash = previous",
                "UPDATE revocation SET hash = (SELECT hash FROM audit WHERE seq = 1)"
            })
    void nothing_is_signed_for_logs_that_stand_elsewhere_or_were_changed(String sql) {
        change(handle -> handle.execute(sql));
        refusesToSign();
    }

    @Test
    void another_node_that_signed_nothing_yet_goes_on() {
        change(handle -> handle.execute("UPDATE audit SET hash = previous"));
        assertThat(centre.node().kgc().announcements().refresh().bulletins()).hasSize(1);
    }

    private void refusesToSign() {
        var before = centre.kgc.announcements().signed();
        refused(Code.CONFLICT, () -> centre.kgc.announcements().refresh());
        refused(Code.CONFLICT, () -> centre.as(Role.AUDIT).auditHead());
        assertThat(centre.kgc.announcements().signed())
                .as("it is left to expire")
                .isSameAs(before);
        assertThat(centre.node.meters().counter("ferrymesh.kgc.contradictions").count())
                .isGreaterThanOrEqualTo(2);
    }

    private void revoke(String twoDigits) {
        Pseudonym pseudonym = Pseudonym.parse(twoDigits.repeat(16));
        assertThat(centre.as(Role.REVOCATION)
                        .revokePseudonym(pseudonym, TestCentre.REASON)
                        .revoked())
                .isEqualTo(1);
    }

    private interface Change {
        int in(Handle handle);
    }

    private void change(Change change) {
        int changed = centre.node.database().transaction(change::in);
        assertThat(changed).isPositive();
    }

    private static int withoutRevocations(Handle handle) {
        Heads.set(handle, Heads.Name.REVOCATION, new Head(0, RevocationChain.START));
        return handle.execute("DELETE FROM revocation");
    }
}
