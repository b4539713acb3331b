package io.ferrymesh.provider.accounts;

import java.util.List;

/** The keys that accounts stand on. Every process of a provider has the same. */
public interface AccountKeys {

    /** A copy of the pepper, 32 bytes, which never changes; the caller wipes it. Without it no password matches any more. */
    byte[] pepper();

    /** What access tokens are signed with: the last one signs now, all verify. At least one, and always the same ones. */
    List<TokenKey> tokenKeys(long nowSeconds);
}
