package io.ferrymesh.database;

import io.ferrymesh.database.DatabaseException.Kind;
import java.util.Arrays;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.output.ValidateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The schema of a database, and whether it is the one this program knows. */
final class Schema {

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

    private final DatabaseOptions options;
    private final Flyway flyway;

    Schema(DatabaseOptions options, Dialect dialect, boolean readOnly, String migrations) {
        this.options = options;
        this.flyway = Flyway.configure()
                .loggers(QuietLogs.class.getName())
                .dataSource(dialect.migrating(readOnly))
                .initSql(dialect.migratingSql())
                .locations("classpath:" + migrations)
                .failOnMissingLocations(true)
                .cleanDisabled(true)
                .load();
    }

    /** Brings it up to date. Fails with INTERNAL where it is newer already, and with whatever Flyway throws. */
    void migrate() {
        MigrationInfoService info = flyway.info();
        refuseNewer(info);
        if (info.pending().length > 0) {
            LOG.info("bringing the schema of {} from {} to {}", options, present(info), newest(info));
        }
        var unused = flyway.migrate();
    }

    /** Fails with INTERNAL unless it is exactly what this program knows. */
    void require() {
        MigrationInfoService info = flyway.info();
        refuseNewer(info);
        if (info.current() == null) {
            throw refused("holds no schema of this program; is it the right database?");
        }
        if (info.pending().length > 0) {
            throw refused("has schema version " + info.current().getVersion() + ", older than this program's "
                    + newest(info) + ": start the program that writes to it once, which brings it up to date");
        }
        ValidateResult valid = flyway.validateWithResult();
        if (!valid.validationSuccessful) {
            throw refused("has a schema other than this program's: " + valid.getAllErrorMessages());
        }
    }

    private void refuseNewer(MigrationInfoService info) {
        Optional<MigrationVersion> newer = Arrays.stream(info.all())
                .filter(each -> each.getState().isApplied() && !each.getState().isResolved())
                .map(MigrationInfo::getVersion)
                .max(MigrationVersion::compareTo);
        if (newer.isPresent()) {
            throw refused("has schema version " + newer.get() + ", newer than this program's " + newest(info)
                    + ": use the program it was last used with, or a newer one");
        }
    }

    private static String present(MigrationInfoService info) {
        return Optional.ofNullable(info.current())
                .map(MigrationInfo::getVersion)
                .map(MigrationVersion::getVersion)
                .orElse("none");
    }

    private static String newest(MigrationInfoService info) {
        return Arrays.stream(info.all())
                .filter(each -> each.getState().isResolved())
                .map(MigrationInfo::getVersion)
                .max(MigrationVersion::compareTo)
                .map(MigrationVersion::getVersion)
                .orElse("none");
    }

    private DatabaseException refused(String why) {
        return new DatabaseException(Kind.INTERNAL, "the database " + options + " " + why, null);
    }
}
