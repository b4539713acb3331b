package io.ferrymesh.provider.service;

import java.util.List;
import java.util.Optional;

/**
 * Accounts, how their owners prove who they are, and sessions. Passwords are UTF-8 and wiped by the callee. Failures are
 * {@link ServiceException}s. {@code from} is the client's IP address, for throttling.
 */
public interface AccountService {

    /** A new account, logged in. INVALID, CONFLICT (the name is taken), FORBIDDEN (registration is closed), THROTTLED. */
    Tokens register(String name, byte[] password, String from);

    /**
     * UNAUTHENTICATED alike, after the same time, for an unknown name and a wrong password; THROTTLED. The device token is what
     * logging in to this account from the same client gave last: whoever shows one does not wait because others guess. One that
     * is not good is passed over.
     */
    Tokens login(String name, byte[] password, Optional<String> deviceToken, String from);

    /** The next pair. A refresh token that was used before ends its session: somebody has a copy. */
    Tokens refresh(String refreshToken, String from);

    /** Whose access token this is; UNAUTHENTICATED if it is forged, expired, or its session has ended. Fast: every request calls it. */
    Authenticated authenticate(String accessToken);

    /** Ends this session. */
    void logout(Authenticated who);

    /**
     * Ends every other session too, and forgets all passkeys if that is wanted: whoever had the old password may have added
     * one. An account that only has passkeys gives an empty old password.
     */
    void changePassword(Authenticated who, byte[] oldPassword, byte[] newPassword, boolean removePasskeys, String from);

    /** Ends everything of the account and has its objects erased in the background; then the name is free. */
    void delete(Authenticated who, byte[] password, String from);

    List<SessionInfo> sessions(Account account);

    /** NOT_FOUND. */
    void endSession(Account account, String sessionId);

    /**
     * For an account that is to have one more passkey. FORBIDDEN for a wrong password, and, where the account has none and it is
     * empty, for a session that is not new; THROTTLED, CONFLICT.
     */
    PasskeyChallenge beginPasskey(Authenticated who, byte[] password, String from);

    /** {@code responseJson} is a RegistrationResponseJSON. INVALID, CONFLICT. */
    PasskeyInfo addPasskey(Authenticated who, String challengeId, String label, String responseJson);

    /** Registration of an account with a passkey in place of a password. */
    PasskeyChallenge beginPasskeyRegistration(String name, String from);

    Tokens registerWithPasskey(String challengeId, String label, String responseJson, String from);

    /** For whoever holds a passkey; without a name the authenticator offers those it has. Tells nothing of who exists. */
    PasskeyChallenge beginPasskeyLogin(Optional<String> name, String from);

    /** {@code responseJson} is an AuthenticationResponseJSON. */
    Tokens loginWithPasskey(String challengeId, String responseJson, String from);

    List<PasskeyInfo> passkeys(Account account);

    /** NOT_FOUND; CONFLICT for the last way to log in. */
    void removePasskey(Authenticated who, String passkeyId);
}
