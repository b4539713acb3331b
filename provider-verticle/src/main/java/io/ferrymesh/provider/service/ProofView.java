package io.ferrymesh.provider.service;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.InclusionProof;
import io.ferrymesh.scheme.MigrationId;

/**
 * That one object is among those of a migration's receipt.
 *
 * @param digest of its content, over its segments
 * @param root the receipt's
 */
public record ProofView(
        MigrationId migration, String path, long size, Digest digest, InclusionProof proof, Digest root) {}
