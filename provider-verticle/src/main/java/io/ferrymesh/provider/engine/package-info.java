/**
 * What moves data, as a provider sees it: the interface it calls and the records that go in and out. The program that starts a
 * provider supplies it. Nothing of accounts, HTTP or SQL enters, and no frame, stream or handshake.
 */
@NullMarked
package io.ferrymesh.provider.engine;

import org.jspecify.annotations.NullMarked;
