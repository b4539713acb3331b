package io.ferrymesh.kgc.operator;

/**
 * An operator's bearer token, shown this once: only its hash is kept.
 *
 * @param token 64 hex digits
 */
public record NewOperator(String name, Role role, String token) {

    @Override
    public String toString() {
        return "NewOperator[" + name + ", " + role + ", ***]";
    }
}
