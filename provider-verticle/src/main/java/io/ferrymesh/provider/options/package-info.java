/**
 * What a user may want of how a migration goes: values that the API takes, the database keeps and the engine is given. Pure; JSON is
 * the only form they have besides. Nothing of HTTP, SQL or the engine enters.
 */
@NullMarked
package io.ferrymesh.provider.options;

import org.jspecify.annotations.NullMarked;
