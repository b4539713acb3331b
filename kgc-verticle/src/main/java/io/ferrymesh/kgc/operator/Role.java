package io.ferrymesh.kgc.operator;

/** What an operator may do. One role an operator, so that no single credential can both enrol and trace. */
public enum Role {
    /** Creates providers and their tokens, sets quotas. */
    ENROLMENT,
    /** Revokes pseudonyms and providers. */
    REVOCATION,
    /** Opens pseudonyms. */
    TRACE,
    /** Reads the audit log and looks certificates up in it. */
    AUDIT,
    /** Rotates keys and makes backups. */
    ADMIN
}
