/**
 * What users have asked for, kept in the database and worked on by whichever process of the provider is there: grants,
 * migrations, the space accounts use, and the end of accounts. Nothing of HTTP enters; what moves data stands behind
 * {@link io.ferrymesh.provider.engine.MigrationEngine}. docs/provider.md.
 */
@NullMarked
package io.ferrymesh.provider.work;

import org.jspecify.annotations.NullMarked;
