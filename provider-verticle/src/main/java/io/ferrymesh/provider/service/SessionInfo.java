package io.ferrymesh.provider.service;

import java.time.Instant;

/**
 * A session of an account.
 *
 * @param method how it began: password or passkey
 */
public record SessionInfo(String id, Instant createdAt, Instant lastUsedAt, Instant expiresAt, String method) {}
