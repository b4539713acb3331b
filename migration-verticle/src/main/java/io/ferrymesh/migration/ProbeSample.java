package io.ferrymesh.migration;

/**
 * Which objects of a dry run the source tries to read. All of them where that costs no request; elsewhere the first ones, then
 * few of many, and no more than {@link #MOST}: rights are given there by place more than by object. One thread.
 */
final class ProbeSample {

    /** Objects of a remote store that are tried one after the other. */
    static final int FIRST = 100;

    /** Then one in so many. */
    static final int ONE_IN = 100;

    /** Most objects of a remote store. */
    static final int MOST = 1_000;

    private final boolean all;
    private long asked;
    private int tried;

    /** @param all whether trying costs no request */
    ProbeSample(boolean all) {
        this.all = all;
    }

    /** Whether the next one is to be tried. */
    boolean takesNext() {
        long number = asked++;
        boolean takes = all || (tried < MOST && (number < FIRST || number % ONE_IN == 0));
        tried += takes && !all ? 1 : 0;
        return takes;
    }
}
