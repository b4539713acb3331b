/**
 * Backups of the registry: one consistent copy of all tables in one file, the same from SQLite and from PostgreSQL, and back
 * into either. Knows the tables and their columns, but nothing of what is in them beyond what restoring needs.
 */
@NullMarked
package io.ferrymesh.kgc.backup;

import org.jspecify.annotations.NullMarked;
