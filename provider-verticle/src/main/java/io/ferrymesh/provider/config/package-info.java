/**
 * How an operator sets a provider up: one YAML file, and environment variables over it. Everything is checked here, before
 * anything starts; what comes out are records. {@link io.ferrymesh.provider.config.ConfigKeys} is the one table of all keys.
 * Nothing is opened, started or connected to.
 */
@NullMarked
package io.ferrymesh.provider.config;

import org.jspecify.annotations.NullMarked;
