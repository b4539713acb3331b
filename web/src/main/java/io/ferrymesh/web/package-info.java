/**
 * HTTP as every API of this project offers it: a server with bounds ({@link io.ferrymesh.web.WebServer}), its document
 * ({@link io.ferrymesh.web.Contract}), answers and refusals ({@link io.ferrymesh.web.Reply},
 * {@link io.ferrymesh.web.Problem}). What is asked for, and who may ask, is not decided here; nothing else of the project
 * may enter.
 */
@NullMarked
package io.ferrymesh.web;

import org.jspecify.annotations.NullMarked;
