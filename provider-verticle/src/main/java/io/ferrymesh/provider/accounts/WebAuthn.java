package io.ferrymesh.provider.accounts;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecord;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.AttestationObject;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.COSEKey;
import com.webauthn4j.data.attestation.authenticator.RSACOSEKey;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.util.exception.WebAuthnException;
import com.webauthn4j.verifier.exception.MaliciousCounterValueException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What WebAuthn level 3 asks of a relying party (sections 7.1 and 7.2), by webauthn4j, which nobody else here knows. Attestation
 * is not asked for; the user must be verified; a passkey must be discoverable; a page in another's frame may not ask. Any thread.
 */
final class WebAuthn {

    /** A passkey that has just been made. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Made(byte[] id, byte[] publicKey, long signCount, boolean backupEligible) {}

    /** An answer that says which passkey it is of; whether that is so is for {@link #verify}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(byte[] credentialId, byte[] userHandle, AuthenticationData data) {}

    static final int MOST_CHARACTERS = 32_768;

    private static final int LEAST_RSA_BITS = 2_048;
    private static final int MOST_RSA_BITS = 4_096;
    private static final int MOST_EXPONENT_BITS = 32;

    private static final Logger LOG = LoggerFactory.getLogger(WebAuthn.class);
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final List<PublicKeyCredentialParameters> ALGORITHMS =
            List.of(COSEAlgorithmIdentifier.ES256, COSEAlgorithmIdentifier.EdDSA, COSEAlgorithmIdentifier.RS256)
                    .stream()
                    .map(algorithm -> new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, algorithm))
                    .toList();

    private final PasskeyOptions options;
    private final Set<Origin> origins;
    private final WebAuthnManager manager;
    private final AttestedCredentialDataConverter credentials;

    WebAuthn(PasskeyOptions options) {
        this.options = options;
        this.origins = options.origins().stream().map(Origin::new).collect(Collectors.toUnmodifiableSet());
        ObjectConverter converter = new ObjectConverter();
        this.manager = WebAuthnManager.createNonStrictWebAuthnManager(converter);
        this.credentials = new AttestedCredentialDataConverter(converter);
    }

    /** PublicKeyCredentialCreationOptionsJSON. */
    String creationOptions(String name, byte[] userHandle, byte[] challenge, List<byte[]> known) {
        JsonArray algorithms = new JsonArray();
        ALGORITHMS.forEach(each -> algorithms.add(new JsonObject()
                .put("type", "public-key")
                .put("alg", each.getAlg().getValue())));
        return new JsonObject()
                .put("rp", new JsonObject().put("id", options.rpId()).put("name", options.name()))
                .put(
                        "user",
                        new JsonObject()
                                .put("id", ENCODER.encodeToString(userHandle))
                                .put("name", name)
                                .put("displayName", name))
                .put("challenge", ENCODER.encodeToString(challenge))
                .put("pubKeyCredParams", algorithms)
                .put("timeout", Challenges.GOOD_FOR.toMillis())
                .put("excludeCredentials", descriptors(known))
                .put(
                        "authenticatorSelection",
                        new JsonObject()
                                .put("residentKey", "required")
                                .put("requireResidentKey", true)
                                .put("userVerification", "required"))
                .put("attestation", "none")
                .encode();
    }

    /** PublicKeyCredentialRequestOptionsJSON, the same for everybody but for the challenge. */
    String requestOptions(byte[] challenge) {
        return new JsonObject()
                .put("challenge", ENCODER.encodeToString(challenge))
                .put("timeout", Challenges.GOOD_FOR.toMillis())
                .put("rpId", options.rpId())
                .put("allowCredentials", new JsonArray())
                .put("userVerification", "required")
                .encode();
    }

    private static JsonArray descriptors(List<byte[]> ids) {
        JsonArray all = new JsonArray();
        ids.forEach(id -> all.add(new JsonObject().put("type", "public-key").put("id", ENCODER.encodeToString(id))));
        return all;
    }

    /** Of a RegistrationResponseJSON; empty unless it answers this challenge as it should. */
    Optional<Made> made(String responseJson, byte[] challenge) {
        if (responseJson.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        try {
            RegistrationData data = manager.verifyRegistrationResponseJSON(
                    responseJson, new RegistrationParameters(server(challenge), ALGORITHMS, true, true));
            return Optional.ofNullable(data.getAttestationObject()).flatMap(this::made);
        } catch (RuntimeException e) {
            refused("registration", e);
            return Optional.empty();
        }
    }

    private Optional<Made> made(AttestationObject object) {
        var authenticator = object.getAuthenticatorData();
        return Optional.ofNullable(authenticator.getAttestedCredentialData())
                .filter(credential -> isCheap(credential.getCOSEKey()))
                .map(credential -> new Made(
                        credential.getCredentialId(),
                        credentials.convert(credential),
                        authenticator.getSignCount(),
                        authenticator.isFlagBE()));
    }

    /** Whether a signature costs no more to verify than it must: strangers have it done, with a key that they chose. */
    private static boolean isCheap(COSEKey key) {
        if (!(key instanceof RSACOSEKey rsa)) {
            return true;
        }
        int modulusBits = bits(rsa.getN());
        return modulusBits >= LEAST_RSA_BITS && modulusBits <= MOST_RSA_BITS && bits(rsa.getE()) <= MOST_EXPONENT_BITS;
    }

    private static int bits(byte @Nullable [] number) {
        return number == null ? 0 : new BigInteger(1, number).bitLength();
    }

    /** An AuthenticationResponseJSON, nothing of it verified; empty unless it is one and says whose it is. */
    Optional<Answer> answer(String responseJson) {
        if (responseJson.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        try {
            AuthenticationData data = manager.parseAuthenticationResponseJSON(responseJson);
            byte[] userHandle = data.getUserHandle();
            if (userHandle == null) {
                return Optional.empty();
            }
            return Optional.of(new Answer(data.getCredentialId(), userHandle, data));
        } catch (RuntimeException e) {
            refused("login", e);
            return Optional.empty();
        }
    }

    /** How often the authenticator says it has signed; empty unless the passkey has signed this challenge as it should. */
    Optional<Long> verify(Answer answer, PasskeyTable.Row passkey, byte[] challenge) {
        try {
            AuthenticationData data = manager.verify(
                    answer.data(), new AuthenticationParameters(server(challenge), record(passkey), null, true, true));
            return Optional.ofNullable(data.getAuthenticatorData()).map(authenticator -> authenticator.getSignCount());
        } catch (MaliciousCounterValueException e) {
            LOG.warn("a passkey's counter went back, so there may be a copy of it: account {}", passkey.account());
            return Optional.empty();
        } catch (RuntimeException e) {
            refused("login", e);
            return Optional.empty();
        }
    }

    private CredentialRecord record(PasskeyTable.Row passkey) {
        AttestedCredentialData credential = credentials.convert(passkey.publicKey());
        return new CredentialRecordImpl(
                new NoneAttestationStatement(),
                true,
                passkey.backupEligible(),
                false,
                passkey.signCount(),
                credential,
                null,
                null,
                null,
                null);
    }

    private ServerProperty server(byte[] challenge) {
        return ServerProperty.builder()
                .origins(origins)
                .rpId(options.rpId())
                .challenge(new DefaultChallenge(challenge))
                .build();
    }

    /** Whatever the parser or the verifier says of what a stranger sent. */
    private static void refused(String what, RuntimeException e) {
        if (e instanceof WebAuthnException) {
            LOG.debug("a passkey's {} was refused: {}", what, e.toString());
        } else {
            LOG.debug("a passkey's {} could not be read", what, e);
        }
    }
}
