package io.ferrymesh.kgc.api;

import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.web.Problem;

/** The one mapping of refused operations to HTTP. */
final class Problems {

    private Problems() {}

    /** Any failure. What is not a refusal becomes INTERNAL and says nothing of itself. */
    static Problem of(Throwable failure) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        if (failure instanceof OperationException refused) {
            return new Problem(status(refused.code()), refused.code().name(), String.valueOf(refused.getMessage()));
        }
        return Problem.internal();
    }

    /** What HTTP refuses by its status alone. */
    static Problem ofStatus(int status) {
        return status == 413
                ? new Problem(413, "BODY_TOO_LARGE", "a body has at most " + ApiRouter.MAX_BODY_BYTES + " bytes")
                : Problem.ofStatus(status);
    }

    private static int status(OperationException.Code code) {
        return switch (code) {
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case INVALID -> 422;
            case OVERLOADED -> 429;
            case UNAVAILABLE -> 503;
        };
    }
}
