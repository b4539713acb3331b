package io.ferrymesh.mesh.wire;

import io.ferrymesh.mesh.ErrorCode;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Error codes by name, as they travel. */
final class ErrorCodes {

    private static final Map<String, ErrorCode> BY_NAME =
            Arrays.stream(ErrorCode.values()).collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));

    private ErrorCodes() {}

    /** The code of that name; INTERNAL for one that a newer process may know and this one does not. */
    static ErrorCode named(String name) {
        return BY_NAME.getOrDefault(name, ErrorCode.INTERNAL);
    }
}
