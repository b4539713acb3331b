package io.ferrymesh.provider.accounts;

/**
 * Which numbers a new account may have. A database that was put back to an earlier state counts them out again, and under some are the
 * objects of accounts that it does not know.
 */
@FunctionalInterface
public interface FreeNumbers {

    /** Whether there is nothing in the store under this number. Blocking. Fails with ServiceException UNAVAILABLE when nobody knows. */
    boolean isFree(long number);
}
