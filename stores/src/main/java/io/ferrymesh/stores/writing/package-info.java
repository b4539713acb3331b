/** What several stores need to take in an object's bytes and to change what is there. Knows no kind of store. */
@NullMarked
package io.ferrymesh.stores.writing;

import org.jspecify.annotations.NullMarked;
