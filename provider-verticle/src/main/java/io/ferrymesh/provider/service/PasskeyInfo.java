package io.ferrymesh.provider.service;

import java.time.Instant;
import java.util.Optional;

/**
 * A passkey of an account.
 *
 * @param id the credential id, base64url
 * @param label what its owner calls it
 */
public record PasskeyInfo(String id, String label, Instant createdAt, Optional<Instant> lastUsedAt) {}
