package io.ferrymesh.kgc.operator;

import java.util.List;

/**
 * Who may do what. Operators are added and removed by whoever holds the key file, never over HTTP; each is kept under a MAC
 * that only the key file can make, so that writing to the database adds none. Blocking: worker threads only. Refusals are
 * {@link OperationException}s.
 */
public interface Operators {

    /**
     * Takes an operator on and draws the bearer token. CONFLICT if the name is taken.
     *
     * @param name 1 to 64 letters, digits, dots, hyphens and underscores
     */
    NewOperator add(String name, Role role);

    /** All of them, by name. */
    List<OperatorInfo> list();

    /** Removes one; the token is good for nothing from then on. NOT_FOUND if there is none of that name. */
    void remove(String name);

    /** Whose token this is. UNAUTHENTICATED if nobody's, whatever is wrong with it. */
    Operator authenticate(String tokenHex);
}
