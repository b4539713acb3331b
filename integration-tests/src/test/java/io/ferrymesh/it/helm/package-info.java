/** The Helm chart, rendered by Helm itself and held against Kubernetes' API and this program. Nothing here needs a cluster. */
@NullMarked
package io.ferrymesh.it.helm;

import org.jspecify.annotations.NullMarked;
