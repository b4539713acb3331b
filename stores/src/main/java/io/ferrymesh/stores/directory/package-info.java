/**
 * Objects as plain files under one directory, readable by every other program on the machine. Only this package touches
 * the file system, always part by part below the root and never through a symbolic link. Nothing here knows what the
 * bytes mean.
 */
@NullMarked
package io.ferrymesh.stores.directory;

import org.jspecify.annotations.NullMarked;
