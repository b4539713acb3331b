package io.ferrymesh.kgc;

import static io.ferrymesh.kgc.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.NewOperator;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.operator.Operator;
import io.ferrymesh.kgc.operator.OperatorInfo;
import io.ferrymesh.kgc.operator.ProviderInfo;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.kgc.operator.StatusInfo;
import io.ferrymesh.kgc.registry.OperatorTable;
import io.ferrymesh.scheme.Pseudonym;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Operators, their roles, providers and tokens; and that each act is in the audit log. */
@OnEachDatabase
class AdministrationTest {

    private static final String REASON = TestCentre.REASON;
    private static final Pseudonym NOBODY = Pseudonym.parse("ab".repeat(16));

    private final TestCentre centre;

    AdministrationTest(TestDatabase databases) {
        this.centre = new TestCentre(databases.fresh(Kgc.MIGRATIONS));
    }

    @AfterEach
    void close() {
        centre.close();
    }

    /** Every operation, and the roles that may. */
    private static final Map<String, Set<Role>> ALLOWED = Map.ofEntries(
            Map.entry("createProvider", Set.of(Role.ENROLMENT)),
            Map.entry("createToken", Set.of(Role.ENROLMENT)),
            Map.entry("setQuota", Set.of(Role.ENROLMENT)),
            Map.entry("providers", Set.of(Role.ENROLMENT, Role.REVOCATION)),
            Map.entry("provider", Set.of(Role.ENROLMENT, Role.REVOCATION)),
            Map.entry("revokePseudonym", Set.of(Role.REVOCATION)),
            Map.entry("revokeProvider", Set.of(Role.REVOCATION)),
            Map.entry("keyEpochs", Set.of(Role.values())),
            Map.entry("rotate", Set.of(Role.ADMIN)),
            Map.entry("trace", Set.of(Role.TRACE)),
            Map.entry("traceReceipt", Set.of(Role.TRACE)),
            Map.entry("audit", Set.of(Role.AUDIT)),
            Map.entry("auditHead", Set.of(Role.AUDIT)),
            Map.entry("certificate", Set.of(Role.AUDIT)),
            Map.entry("backup", Set.of(Role.ADMIN)),
            Map.entry("status", Set.of(Role.values())));

    private Map<String, Function<KgcOperations, Object>> operations() {
        var certificate = centre.enrolled("somebody").get(0).certificate();
        Map<String, Function<KgcOperations, Object>> all = new LinkedHashMap<>();
        all.put("createProvider", desk -> desk.createProvider("new", OptionalInt.empty()));
        all.put("createToken", desk -> desk.createToken(1, OptionalLong.empty()));
        all.put("setQuota", desk -> desk.setQuota(1, OptionalInt.of(1)));
        all.put("providers", desk -> desk.providers(0, 1));
        all.put("provider", desk -> desk.provider(1));
        all.put("revokePseudonym", desk -> desk.revokePseudonym(NOBODY, REASON));
        all.put("revokeProvider", desk -> desk.revokeProvider(1, REASON));
        all.put("keyEpochs", KgcOperations::keyEpochs);
        all.put("rotate", desk -> desk.rotate(60));
        all.put("trace", desk -> desk.trace(NOBODY, REASON));
        all.put("traceReceipt", desk -> desk.traceReceipt(new byte[1], REASON));
        all.put("audit", desk -> desk.audit(0, 1));
        all.put("auditHead", KgcOperations::auditHead);
        all.put("certificate", desk -> desk.certificate(certificate));
        all.put("backup", KgcOperations::backup);
        all.put("status", KgcOperations::status);
        return all;
    }

    @Test
    void a_role_allows_what_it_says_and_every_refusal_is_in_the_audit_log() {
        Map<String, Function<KgcOperations, Object>> operations = operations();
        assertThat(operations.keySet()).isEqualTo(ALLOWED.keySet());
        for (Role role : Role.values()) {
            operations.forEach((name, operation) -> {
                if (!ALLOWED.getOrDefault(name, Set.of()).contains(role)) {
                    centre.clock.advanceSeconds(1);
                    refused(Code.FORBIDDEN, () -> operation.apply(centre.as(role)));
                    assertThat(centre.lastEntry()).satisfies(entry -> {
                        assertThat(entry.actor()).isEqualTo("operator:ann");
                        assertThat(entry.action()).isEqualTo("operation.refused");
                        assertThat(entry.details())
                                .isEqualTo("{\"operation\":\"" + name + "\",\"role\":\"" + role + "\"}");
                    });
                }
            });
        }
        assertThat(centre.info(1)).satisfies(untouched -> {
            assertThat(untouched.revoked()).isFalse();
            assertThat(untouched.quota()).isEmpty();
        });
        assertThat(centre.as(Role.ADMIN).keyEpochs()).hasSize(1);
    }

    @Test
    void refusals_of_one_operator_are_in_the_audit_log_once_a_second() {
        for (int i = 0; i < 10; i++) {
            refused(Code.FORBIDDEN, () -> centre.as(Role.AUDIT).backup());
        }
        refused(
                Code.FORBIDDEN,
                () -> centre.kgc.operations(new Operator("bob", Role.AUDIT)).backup());
        centre.clock.advanceSeconds(1);
        refused(Code.FORBIDDEN, () -> centre.as(Role.AUDIT).backup());
        assertThat(centre.audit())
                .filteredOn(entry -> entry.action().equals("operation.refused"))
                .extracting(AuditEntry::actor)
                .containsExactly("operator:ann", "operator:bob", "operator:ann");
    }

    @Test
    void an_operator_is_known_by_a_token_until_it_is_removed() {
        NewOperator ann = centre.kgc.operators().add("ann", Role.TRACE);
        assertThat(centre.kgc.operators().authenticate(ann.token())).isEqualTo(new Operator("ann", Role.TRACE));
        assertThat(ann.toString()).doesNotContain(ann.token());
        refused(Code.CONFLICT, () -> centre.kgc.operators().add("ann", Role.ADMIN));
        refused(Code.INVALID, () -> centre.kgc.operators().add("an n", Role.ADMIN));
        centre.kgc.operators().remove("ann");
        refused(Code.UNAUTHENTICATED, () -> centre.kgc.operators().authenticate(ann.token()));
        refused(Code.NOT_FOUND, () -> centre.kgc.operators().remove("ann"));
        assertThat(centre.actions())
                .containsExactly("centre.created", "settings.changed", "operator.added", "operator.removed");
    }

    @Test
    void what_is_no_operators_token_is_refused() {
        for (String token : List.of("", "x", "00".repeat(32), "zz".repeat(32), "0".repeat(1_000_000))) {
            refused(Code.UNAUTHENTICATED, () -> centre.kgc.operators().authenticate(token));
        }
    }

    @Test
    void an_operator_written_into_the_database_can_do_nothing() {
        NewOperator trace = centre.kgc.operators().add("ann", Role.TRACE);
        int changed =
                centre.node.database().transaction(handle -> handle.execute("UPDATE operator SET role = 'ADMIN'"));
        assertThat(changed).isEqualTo(1);
        refused(Code.UNAUTHENTICATED, () -> centre.kgc.operators().authenticate(trace.token()));
        assertThat(centre.kgc.operators().list())
                .extracting(OperatorInfo::name, OperatorInfo::genuine)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("ann", false));
    }

    @Test
    void the_row_of_a_removed_operator_written_back_can_do_nothing() {
        NewOperator old = centre.kgc.operators().add("ann", Role.TRACE);
        OperatorTable.Row row = centre.node.database().read(OperatorTable::all).get(0);
        centre.kgc.operators().remove("ann");
        boolean inserted = centre.node.database().transaction(handle -> OperatorTable.insert(handle, row));
        assertThat(inserted).isTrue();
        refused(Code.UNAUTHENTICATED, () -> centre.kgc.operators().authenticate(old.token()));
        assertThat(centre.kgc.operators().list()).singleElement().satisfies(each -> assertThat(each.genuine())
                .isFalse());
        centre.kgc.operators().remove("ann");
        NewOperator fresh = centre.kgc.operators().add("ann", Role.ADMIN);
        assertThat(centre.kgc.operators().authenticate(fresh.token())).isEqualTo(new Operator("ann", Role.ADMIN));
        refused(Code.UNAUTHENTICATED, () -> centre.kgc.operators().authenticate(old.token()));
    }

    @Test
    void a_provider_is_created_once_and_listed_in_order() {
        KgcOperations desk = centre.as(Role.ENROLMENT);
        ProviderInfo north = desk.createProvider("north", OptionalInt.of(7));
        assertThat(north.number()).isEqualTo(1);
        assertThat(north.quota()).hasValue(7);
        assertThat(north.createdAt()).isEqualTo(centre.clock.instant());
        refused(Code.CONFLICT, () -> desk.createProvider("north", OptionalInt.empty()));
        assertThat(desk.createProvider("south", OptionalInt.empty()).number()).isEqualTo(2);
        assertThat(desk.createProvider("east", OptionalInt.empty()).quotaInForce())
                .isEqualTo(TestCentre.QUOTA);
        assertThat(desk.providers(0, 2)).extracting(ProviderInfo::name).containsExactly("north", "south");
        assertThat(desk.providers(2, 1_000)).extracting(ProviderInfo::name).containsExactly("east");
        assertThat(desk.providers(3, 1)).isEmpty();
        assertThat(centre.lastEntry().details()).isEqualTo("{\"name\":\"east\",\"provider\":3}");
    }

    @Test
    void what_makes_no_sense_is_refused_and_changes_nothing() {
        KgcOperations enrolment = centre.as(Role.ENROLMENT);
        KgcOperations revocation = centre.as(Role.REVOCATION);
        List<AuditEntry> before = centre.audit();
        refused(Code.INVALID, () -> enrolment.createProvider("", OptionalInt.empty()));
        refused(Code.INVALID, () -> enrolment.createProvider("a\nb", OptionalInt.empty()));
        refused(Code.INVALID, () -> enrolment.createProvider("a".repeat(65), OptionalInt.empty()));
        refused(Code.INVALID, () -> enrolment.createProvider("north", OptionalInt.of(-1)));
        refused(Code.INVALID, () -> enrolment.createProvider("north", OptionalInt.of(250_001)));
        refused(Code.NOT_FOUND, () -> enrolment.createToken(1, OptionalLong.empty()));
        refused(Code.INVALID, () -> enrolment.createToken(1, OptionalLong.of(0)));
        refused(Code.NOT_FOUND, () -> enrolment.provider(1));
        refused(Code.NOT_FOUND, () -> enrolment.setQuota(1, OptionalInt.of(1)));
        refused(Code.INVALID, () -> enrolment.providers(-1, 1));
        refused(Code.INVALID, () -> enrolment.providers(0, 0));
        refused(Code.INVALID, () -> enrolment.providers(0, 1_001));
        refused(Code.NOT_FOUND, () -> revocation.revokeProvider(1, REASON));
        refused(Code.INVALID, () -> revocation.revokePseudonym(NOBODY, "too short"));
        refused(Code.INVALID, () -> revocation.revokePseudonym(NOBODY, "x".repeat(501)));
        refused(Code.INVALID, () -> revocation.revokePseudonym(NOBODY, "two lines of\nreason"));
        refused(Code.INVALID, () -> revocation.revokePseudonym(NOBODY, "half a character \ud800"));
        for (String invisible :
                List.of("\u202e", "\u2066", "\u200b", "\u2028", "\u2029", "\u0085", "\ufeff", "\udb40\udc41")) {
            refused(
                    Code.INVALID,
                    () -> revocation.revokePseudonym(NOBODY, "a reason that" + invisible + " hides something"));
        }
        refused(Code.INVALID, () -> centre.as(Role.AUDIT).audit(0, 1_001));
        refused(Code.INVALID, () -> centre.as(Role.ADMIN).rotate(-1));
        refused(Code.CONFLICT, () -> centre.as(Role.ADMIN).backup());
        assertThat(centre.audit()).isEqualTo(before);
    }

    @Test
    void there_are_as_many_providers_as_the_options_say() {
        KgcOptions two = TestCentre.options().with("maxProviders", 2);
        assertThat(centre.provider("north").number()).isEqualTo(1);
        try (TestCentre.Node small = centre.node(centre.keyring, two)) {
            KgcOperations desk = small.kgc().operations(new Operator("bob", Role.ENROLMENT));
            assertThat(desk.createProvider("south", OptionalInt.empty()).number())
                    .isEqualTo(2);
            refused(Code.OVERLOADED, () -> desk.createProvider("east", OptionalInt.empty()));
        }
    }

    @Test
    void a_revoked_provider_gets_no_token() {
        assertThat(centre.provider("north").revoked()).isFalse();
        assertThat(centre.as(Role.REVOCATION).revokeProvider(1, REASON).revoked())
                .isZero();
        refused(Code.CONFLICT, () -> centre.as(Role.ENROLMENT).createToken(1, OptionalLong.empty()));
        assertThat(centre.info(1).revoked()).isTrue();
    }

    @Test
    void every_act_is_in_the_audit_log_with_who_and_why() {
        var credentials = centre.enrolled("north");
        Pseudonym pseudonym = credentials.get(1).certificate().pseudonym();
        assertThat(centre.as(Role.REVOCATION).revokePseudonym(pseudonym, REASON).number())
                .isEqualTo(1);
        assertThat(centre.as(Role.TRACE).trace(pseudonym, REASON).provider()).isPresent();
        assertThat(centre.actions())
                .containsExactly(
                        "centre.created",
                        "settings.changed",
                        "provider.created",
                        "token.created",
                        "provider.enrolled",
                        "certificates.issued",
                        "pseudonym.revoked",
                        "announcer.issued",
                        "trace.pseudonym");
        assertThat(centre.audit().get(6)).satisfies(entry -> {
            assertThat(entry.actor()).isEqualTo("operator:ann");
            assertThat(entry.details())
                    .matches("\\{\"hash\":\"[0-9a-f]{64}\",\"number\":1,\"pseudonym\":\"" + pseudonym
                            + "\",\"reason\":\"" + REASON + "\",\"revoked\":1}");
        });
        assertThat(centre.audit().get(5).details())
                .matches(
                        "\\{\"count\":2,\"holder\":\"[0-9a-f]{32}\",\"keyEpoch\":1,\"notAfter\":\\d+,\"notBefore\":\\d+,"
                                + "\"request\":\"[0-9a-f]{32}\",\"root\":\"[0-9a-f]{64}\","
                                + "\"usages\":\\{\"KEY_AGREEMENT\":1,\"SIGNING\":1}}");
    }

    @Test
    void the_status_says_how_things_stand() {
        Pseudonym pseudonym = centre.enrolled("north").get(1).certificate().pseudonym();
        assertThat(centre.as(Role.REVOCATION).revokePseudonym(pseudonym, REASON).revoked())
                .isEqualTo(1);
        StatusInfo status = centre.as(Role.ADMIN).status();
        assertThat(status.fingerprint()).isEqualTo(centre.keyring.centre().hex());
        assertThat(status.keyEpoch()).isEqualTo(1);
        assertThat(status.database()).isEqualTo(centre.node.database().isSqlite() ? "sqlite" : "postgresql");
        assertThat(status.providers()).isEqualTo(1);
        assertThat(status.certificates()).as("one is the key centre's own").isEqualTo(3);
        assertThat(status.revocations()).isEqualTo(1);
        assertThat(status.liveRevocations()).isEqualTo(1);
        assertThat(status.auditEntries()).isEqualTo(centre.audit().size());
    }
}
