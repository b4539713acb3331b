/**
 * Puts a provider's parts together: from its configuration to a process that serves users, and back in order. Decides what is
 * started after what, and nothing else.
 */
@NullMarked
package io.ferrymesh.provider.node;

import org.jspecify.annotations.NullMarked;
