package io.ferrymesh.provider.service;

/**
 * What a browser needs to make or use a passkey.
 *
 * @param id names the challenge when the answer comes; good once, for five minutes
 * @param optionsJson PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON of WebAuthn level 3
 */
public record PasskeyChallenge(String id, String optionsJson) {}
