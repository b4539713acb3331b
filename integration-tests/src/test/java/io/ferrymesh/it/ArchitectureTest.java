package io.ferrymesh.it;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which module may know which. Each rule looks for something it must not find, and next to it for the same thing where it
 * must be, so that a rule which looks past everything fails.
 */
class ArchitectureTest {

    private static final JavaClasses PROJECT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(place -> !place.contains("-tests.jar"))
            .importPackages("io.ferrymesh");

    private static final String SCHEME = "io.ferrymesh.scheme..";
    private static final String MESH = "io.ferrymesh.mesh..";
    private static final String STORES = "io.ferrymesh.stores..";
    private static final String S3 = "io.ferrymesh.stores.s3..";
    private static final String DATABASE = "io.ferrymesh.database..";
    private static final String WEB = "io.ferrymesh.web..";
    private static final String KEYFILE = "io.ferrymesh.keyfile..";
    private static final String KGC = "io.ferrymesh.kgc..";
    private static final String PROVIDER = "io.ferrymesh.provider..";
    private static final String MIGRATION = "io.ferrymesh.migration..";
    private static final String CLI = "io.ferrymesh.cli..";
    private static final String BENCHMARKS = "io.ferrymesh.benchmarks..";

    private static final DescribedPredicate<JavaClass> OUTSIDE_MESH = resideOutsideOfPackages(MESH);

    @ParameterizedTest
    @ValueSource(strings = {SCHEME, MESH, STORES, DATABASE, WEB, KGC, PROVIDER, MIGRATION, CLI})
    void every_module_is_looked_at(String module) {
        assertThat(PROJECT.that(resideInAnyPackage(module))).hasSizeGreaterThan(5);
    }

    @Test
    void no_class_of_the_project_is_outside_the_known_modules() {
        assertThat(PROJECT.that(resideOutsideOfPackages(
                        SCHEME, MESH, STORES, DATABASE, WEB, KEYFILE, KGC, PROVIDER, MIGRATION, CLI, BENCHMARKS)))
                .isEmpty();
    }

    @Test
    void scheme_depends_on_the_jdk_and_its_crypto_libraries_only() {
        String[] allowed = {"java..", "javax.crypto..", SCHEME, "org.jspecify.annotations.."};
        String[] crypto = {"org.bouncycastle..", "com.amazon.corretto.crypto.."};
        DescribedPredicate<JavaClass> others = resideOutsideOfPackages(
                Stream.of(allowed, crypto).flatMap(Stream::of).toArray(String[]::new));
        assertThat(dependencies(resideInAnyPackage(SCHEME), others)).isEmpty();
        assertThat(dependencies(resideInAnyPackage(SCHEME), resideInAnyPackage(crypto)))
                .isNotEmpty();
        assertThat(dependencies(resideInAnyPackage(MESH), others)).isNotEmpty();
    }

    @Test
    void scheme_does_no_io_and_logs_nothing() {
        DescribedPredicate<JavaClass> io = resideInAnyPackage(
                        "java.io..", "java.nio.file..", "java.nio.channels..", "java.net..", "org.slf4j..")
                .and(not(type(ByteArrayOutputStream.class))); // memory
        assertThat(dependencies(resideInAnyPackage(SCHEME), io)).isEmpty();
        assertThat(dependencies(resideInAnyPackage(STORES), io)).isNotEmpty();
    }

    @Test
    void scheme_has_no_clock_of_its_own() {
        String clocks = "java\\.lang\\.System\\.(currentTimeMillis|nanoTime)\\(.*"
                + "|java\\.time\\.\\w+\\.now\\(.*"
                + "|java\\.time\\.Clock\\.(system|tick).*"
                + "|java\\.util\\.Date\\.<init>\\(\\)";
        assertThat(accesses(resideInAnyPackage(SCHEME), clocks)).isEmpty();
        assertThat(accesses(resideInAnyPackage(CLI), clocks)).isNotEmpty();
        assertThat(accesses(resideInAnyPackage(MIGRATION), clocks)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {KGC, PROVIDER, MIGRATION})
    void a_verticle_knows_no_other_verticle(String verticle) {
        String[] others = Stream.of(KGC, PROVIDER, MIGRATION)
                .filter(each -> !each.equals(verticle))
                .toArray(String[]::new);
        assertThat(dependencies(resideInAnyPackage(verticle), resideInAnyPackage(others)))
                .isEmpty();
        assertThat(dependencies(resideInAnyPackage(CLI), resideInAnyPackage(verticle)))
                .isNotEmpty();
    }

    @Test
    void nobody_but_the_program_knows_every_module() {
        assertThat(dependencies(resideOutsideOfPackages(CLI, BENCHMARKS), resideInAnyPackage(CLI, BENCHMARKS)))
                .isEmpty();
        assertThat(dependencies(resideInAnyPackage(CLI), resideInAnyPackage(CLI)))
                .isNotEmpty();
    }

    @Test
    void mesh_knows_neither_scheme_nor_stores_nor_verticles() {
        assertThat(dependencies(resideInAnyPackage(MESH), resideInAnyPackage(SCHEME, STORES, KGC, PROVIDER, MIGRATION)))
                .isEmpty();
        assertThat(dependencies(resideInAnyPackage(MIGRATION), resideInAnyPackage(SCHEME)))
                .isNotEmpty();
    }

    @Test
    void stores_know_neither_mesh_nor_scheme_nor_verticles() {
        assertThat(dependencies(resideInAnyPackage(STORES), resideInAnyPackage(SCHEME, MESH, KGC, PROVIDER, MIGRATION)))
                .isEmpty();
        assertThat(dependencies(resideInAnyPackage(MIGRATION), resideInAnyPackage(STORES)))
                .isNotEmpty();
    }

    @Test
    void the_database_knows_nothing_else_of_the_project() {
        DescribedPredicate<JavaClass> others =
                resideInAnyPackage("io.ferrymesh..").and(resideOutsideOfPackages(DATABASE));
        assertThat(dependencies(resideInAnyPackage(DATABASE), others)).isEmpty();
        assertThat(dependencies(resideInAnyPackage(DATABASE), resideInAnyPackage("io.vertx..", "com.hazelcast..")))
                .isEmpty();
        assertThat(dependencies(resideInAnyPackage(KGC), resideInAnyPackage(DATABASE)))
                .isNotEmpty();
    }

    @Test
    void what_http_is_made_of_knows_nothing_else_of_the_project() {
        DescribedPredicate<JavaClass> others =
                resideInAnyPackage("io.ferrymesh..").and(resideOutsideOfPackages(WEB));
        assertThat(dependencies(resideInAnyPackage(WEB), others)).isEmpty();
        assertThat(dependencies(resideInAnyPackage(SCHEME, MESH, STORES, MIGRATION), resideInAnyPackage(WEB)))
                .isEmpty();
        assertThat(dependencies(resideInAnyPackage(KGC), resideInAnyPackage(WEB)))
                .isNotEmpty();
    }

    @Test
    void only_the_key_centre_providers_and_the_program_use_the_database() {
        assertThat(dependencies(
                        resideInAnyPackage(SCHEME, MESH, STORES, KEYFILE, MIGRATION), resideInAnyPackage(DATABASE)))
                .isEmpty();
        assertThat(dependencies(resideInAnyPackage(PROVIDER), resideInAnyPackage(DATABASE)))
                .isNotEmpty();
    }

    @Test
    void key_files_know_nothing_else_of_the_project_and_only_whoever_has_secrets_knows_them() {
        DescribedPredicate<JavaClass> others =
                resideInAnyPackage("io.ferrymesh..").and(resideOutsideOfPackages(KEYFILE));
        assertThat(dependencies(resideInAnyPackage(KEYFILE), others)).isEmpty();
        assertThat(dependencies(
                        resideInAnyPackage(SCHEME, MESH, STORES, DATABASE, MIGRATION), resideInAnyPackage(KEYFILE)))
                .isEmpty();
        assertThat(dependencies(resideInAnyPackage(KGC), resideInAnyPackage(KEYFILE)))
                .isNotEmpty();
    }

    @Test
    void only_the_database_module_knows_drivers_pools_and_migrations() {
        DescribedPredicate<JavaClass> drivers = resideInAnyPackage(
                "org.sqlite..", "org.postgresql..", "com.zaxxer.hikari..", "org.flywaydb..", "javax.sql..");
        assertThat(dependencies(resideOutsideOfPackages(DATABASE), drivers)).isEmpty();
        assertThat(dependencies(resideInAnyPackage(DATABASE), drivers)).isNotEmpty();
    }

    @Test
    void only_the_store_in_s3_knows_amazons_library() {
        DescribedPredicate<JavaClass> sdk = resideInAnyPackage("software.amazon.awssdk..");
        assertThat(dependencies(resideOutsideOfPackages(S3), sdk)).isEmpty();
        assertThat(dependencies(resideInAnyPackage(S3), sdk)).isNotEmpty();
    }

    @Test
    void the_key_centre_knows_no_stores() {
        assertThat(dependencies(resideInAnyPackage(KGC), resideInAnyPackage(STORES)))
                .isEmpty();
        assertThat(dependencies(resideInAnyPackage(PROVIDER), resideInAnyPackage(STORES)))
                .isNotEmpty();
    }

    @Test
    void the_inside_of_mesh_is_its_own() {
        DescribedPredicate<JavaClass> inside = resideInAnyPackage(
                "io.ferrymesh.mesh.wire..",
                "io.ferrymesh.mesh.stream..",
                "io.ferrymesh.mesh.bus..",
                "io.ferrymesh.mesh.direct..");
        assertThat(dependencies(OUTSIDE_MESH, inside)).isEmpty();
        assertThat(dependencies(resideInAnyPackage("io.ferrymesh.mesh"), inside))
                .isNotEmpty();
        assertThat(dependencies(OUTSIDE_MESH, resideInAnyPackage("io.ferrymesh.mesh")))
                .isNotEmpty();
    }

    @Test
    void only_mesh_touches_the_event_bus_and_hazelcast() {
        DescribedPredicate<JavaClass> cluster =
                resideInAnyPackage("io.vertx.core.eventbus..", "com.hazelcast..", "io.vertx.spi.cluster..");
        assertThat(dependencies(OUTSIDE_MESH, cluster)).isEmpty();
        assertThat(dependencies(resideInAnyPackage(MESH), cluster)).isNotEmpty();
        assertThat(accesses(OUTSIDE_MESH, "io\\.vertx\\.core\\.Vertx\\.(eventBus|sharedData)\\(.*"))
                .isEmpty();
        assertThat(accesses(resideInAnyPackage(MESH), "io\\.vertx\\.core\\.\\w+\\.(eventBus|sharedData)\\(.*"))
                .isNotEmpty();
    }

    @Test
    void logging_goes_through_slf4j() {
        DescribedPredicate<JavaClass> everything = resideInAnyPackage("io.ferrymesh..");
        assertThat(dependencies(everything, resideInAnyPackage("java.util.logging..", "org.apache.logging..")))
                .isEmpty();
        assertThat(dependencies(everything, resideInAnyPackage("org.slf4j.."))).isNotEmpty();
    }

    @Test
    void only_the_program_chooses_what_logs() {
        DescribedPredicate<JavaClass> backend = resideInAnyPackage("ch.qos.logback..");
        assertThat(dependencies(resideOutsideOfPackages(CLI), backend)).isEmpty();
        assertThat(dependencies(resideInAnyPackage(CLI), backend)).isNotEmpty();
    }

    @Test
    void only_the_program_writes_to_the_terminal() {
        String terminal = "java\\.lang\\.System\\.(out|err|in)|java\\.lang\\.Throwable\\.printStackTrace\\(\\)";
        assertThat(accesses(resideOutsideOfPackages(CLI, BENCHMARKS), terminal)).isEmpty();
        assertThat(accesses(resideInAnyPackage(CLI), terminal)).isNotEmpty();
    }

    @Test
    void nobody_but_the_program_ends_the_process() {
        String ends = "java\\.lang\\.(System\\.exit|Runtime\\.halt|Runtime\\.exit)\\(.*";
        assertThat(accesses(resideOutsideOfPackages(CLI, BENCHMARKS), ends)).isEmpty();
        assertThat(accesses(resideInAnyPackage(CLI), ends)).isNotEmpty();
    }

    /** Every use of a class by a class, described. */
    private static List<String> dependencies(
            DescribedPredicate<? super JavaClass> from, DescribedPredicate<? super JavaClass> to) {
        return PROJECT.that(from).stream()
                .flatMap(origin -> origin.getDirectDependenciesFromSelf().stream())
                .filter(each -> to.test(each.getTargetClass().getBaseComponentType()))
                .filter(each -> !each.getTargetClass().getBaseComponentType().isPrimitive())
                .map(each -> each.getDescription())
                .toList();
    }

    /** Every call, reference or field access whose target's full name matches, described. */
    private static List<String> accesses(DescribedPredicate<? super JavaClass> from, String target) {
        return PROJECT.that(from).stream()
                .flatMap(origin -> Stream.concat(
                        origin.getAccessesFromSelf().stream(),
                        Stream.concat(
                                origin.getMethodReferencesFromSelf().stream(),
                                origin.getConstructorReferencesFromSelf().stream())))
                .filter(access -> access.getTarget().getFullName().matches(target))
                .map(JavaAccess::getDescription)
                .toList();
    }
}
