package io.ferrymesh.kgc.operator;

/** Where operators are known and served: a key centre, as the HTTP API and the command line see it. */
public interface OperatorDesk {

    /** Who may do what. */
    Operators operators();

    /** What this operator, just authenticated, can do. */
    KgcOperations operations(Operator operator);
}
