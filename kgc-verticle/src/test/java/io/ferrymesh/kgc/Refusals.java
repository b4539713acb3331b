package io.ferrymesh.kgc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that something is refused, and how. */
final class Refusals {

    private Refusals() {}

    static void refused(ErrorCode code, ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .as("%s", e.getMessage())
                .isEqualTo(code));
    }

    static void refused(OperationException.Code code, ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(OperationException.class, e -> assertThat(e.code())
                .as("%s", e.getMessage())
                .isEqualTo(code));
    }
}
