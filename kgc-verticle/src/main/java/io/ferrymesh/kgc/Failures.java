package io.ferrymesh.kgc;

import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells operators of a database that does not answer; any other failure of it is a defect and thrown on. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static <T> T translated(Supplier<T> work) {
        try {
            return work.get();
        } catch (DatabaseException e) {
            if (e.kind() != DatabaseException.Kind.UNAVAILABLE) {
                throw e;
            }
            LOG.error("an operation failed: {}", e.getMessage());
            throw new OperationException(
                    Code.UNAVAILABLE, "the database does not answer; look up whether the operation was done");
        }
    }
}
