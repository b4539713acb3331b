package io.ferrymesh.provider;

import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.vertx.core.Future;
import java.util.List;

/** Where the pool gets more: the key centre, or a test. The signer stays the pool's to close. */
@FunctionalInterface
interface CredentialSource {

    Future<List<Credential>> renew(Credential signer, List<Line> lines);
}
