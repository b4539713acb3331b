/**
 * Relational state in SQLite or PostgreSQL with the same queries. Blocking, for worker threads. Nothing here knows what is
 * stored: schemas and queries are their owners'.
 */
@NullMarked
package io.ferrymesh.database;

import org.jspecify.annotations.NullMarked;
