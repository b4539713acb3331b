package io.ferrymesh.provider;

import io.ferrymesh.provider.engine.DestinationStatus;
import io.ferrymesh.provider.engine.Failure;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.engine.ReportLine;
import io.ferrymesh.provider.engine.SourceStatus;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** How statuses look in the HTTP API. What is not known yet is left out. */
final class StatusJson {

    private StatusJson() {}

    static JsonObject grant(MigrationId id, SourceStatus status, Instant expiresAt) {
        JsonObject json = new JsonObject()
                .put("migrationId", id.hex())
                .put("state", status.state().name())
                .put("expiresAt", expiresAt.toString())
                .put("objectsListed", status.objectsListed())
                .put("objectsSent", status.objectsSent())
                .put("objectsFailed", status.objectsFailed())
                .put("bytesSent", status.bytesSent());
        pseudonyms(json, status.own(), status.peer());
        failure(json, status.failure());
        return json;
    }

    static JsonObject migration(MigrationId id, DestinationStatus status) {
        JsonObject json = new JsonObject()
                .put("migrationId", id.hex())
                .put("state", status.state().name())
                .put("progress", progress(status.progress()))
                .put("startedAt", status.startedAt().toString())
                .put("cryptoProvider", status.cryptoProvider());
        status.finishedAt().ifPresent(at -> json.put("finishedAt", at.toString()));
        status.handshakeMicros().ifPresent(micros -> json.put("handshakeMicros", micros));
        status.merkleRoot().ifPresent(root -> json.put("merkleRoot", root.hex()));
        pseudonyms(json, status.own(), status.peer());
        failure(json, status.failure());
        return json;
    }

    /** One line an object, and a last one that says how many more there are. */
    static Buffer report(DestinationStatus status) {
        Buffer lines = Buffer.buffer();
        for (ReportLine line : status.problems()) {
            lines.appendBuffer(new JsonObject()
                            .put("path", line.path())
                            .put("code", line.code())
                            .toBuffer())
                    .appendString("\n");
        }
        long more = status.problemsTotal() - status.problems().size();
        if (more > 0) {
            lines.appendBuffer(new JsonObject().put("more", more).toBuffer()).appendString("\n");
        }
        return lines;
    }

    private static JsonObject progress(Progress progress) {
        return new JsonObject()
                .put("objectsListed", progress.objectsListed())
                .put("listingComplete", progress.listingComplete())
                .put("objectsDone", progress.objectsDone())
                .put("objectsAlreadyThere", progress.objectsAlreadyThere())
                .put("objectsFailed", progress.objectsFailed())
                .put("objectsSkipped", progress.objectsSkipped())
                .put("bytesListed", progress.bytesListed())
                .put("bytesMoved", progress.bytesMoved())
                .put("bytesDone", progress.bytesDone());
    }

    private static void pseudonyms(JsonObject json, Optional<Pseudonym> own, Optional<Pseudonym> peer) {
        own.ifPresent(pseudonym -> json.put("ownPseudonym", pseudonym.hex()));
        peer.ifPresent(pseudonym -> json.put("peerPseudonym", pseudonym.hex()));
    }

    private static void failure(JsonObject json, Optional<Failure> failure) {
        failure.ifPresent(why -> json.put(
                "failure", new JsonObject().put("code", why.code().name()).put("message", why.message())));
    }
}
