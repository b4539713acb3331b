package io.ferrymesh.kgc.audit;

/** What entries are about, as far as verifying them needs to know. docs/kgc.md, Audit log. */
final class Actions {

    static final String CENTRE_CREATED = "centre.created";
    static final String CENTRE_RESTORED = "centre.restored";
    static final String KEY_ANNOUNCED = "key.announced";
    static final String OPERATOR_ADDED = "operator.added";
    static final String OPERATOR_REMOVED = "operator.removed";
    static final String PROVIDER_CREATED = "provider.created";
    static final String PROVIDER_QUOTA = "provider.quota";
    static final String PROVIDER_ENROLLED = "provider.enrolled";
    static final String PROVIDER_REVOKED = "provider.revoked";
    static final String TOKEN_CREATED = "token.created";
    static final String CERTIFICATES_ISSUED = "certificates.issued";
    static final String ANNOUNCER_ISSUED = "announcer.issued";
    static final String PSEUDONYM_REVOKED = "pseudonym.revoked";

    private Actions() {}
}
