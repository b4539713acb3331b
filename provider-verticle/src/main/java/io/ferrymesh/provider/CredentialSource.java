package io.ferrymesh.provider;

import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.IssuanceClient.Line;
import io.ferrymesh.scheme.KgcParameters;
import io.vertx.core.Future;
import java.util.List;

/** Makes requests for more credentials. The signer stays the caller's to close. */
@FunctionalInterface
interface CredentialSource {

    Future<Issuance> renewal(KgcParameters parameters, Credential signer, List<Line> lines);
}
