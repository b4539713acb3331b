/**
 * The audit log: entries that are each chained to the one before, so that none can be changed, dropped or put in between
 * unnoticed once a signed bulletin has vouched for a later one. What an entry is about is its writer's.
 */
@NullMarked
package io.ferrymesh.kgc.audit;

import org.jspecify.annotations.NullMarked;
