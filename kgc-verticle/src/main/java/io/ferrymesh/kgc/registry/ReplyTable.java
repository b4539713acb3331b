package io.ferrymesh.kgc.registry;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.IssuanceRequest;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What was answered to which request, sealed for its requester, for as long as the request could come again. */
public final class ReplyTable {

    private ReplyTable() {}

    /** The reply to a request with this SHA-256. */
    public static Optional<byte[]> find(Handle handle, Digest request) {
        return handle.createQuery("SELECT reply FROM issuance WHERE request_sha256 = :request")
                .bind("request", request.bytes())
                .map((row, context) -> row.getBytes("reply"))
                .findOne();
    }

    /** Keeps a reply. False if this request was answered, or another of the same id by this provider; nothing is changed then. */
    public static boolean insert(
            Handle handle, Digest request, long provider, IssuanceRequest.Id id, long now, byte[] reply) {
        return handle.createUpdate("INSERT INTO issuance (request_sha256, provider, request_id, answered_at, reply)"
                                + " VALUES (:request, :provider, :id, :now, :reply) ON CONFLICT DO NOTHING")
                        .bind("request", request.bytes())
                        .bind("provider", provider)
                        .bind("id", id.bytes())
                        .bind("now", now)
                        .bind("reply", reply)
                        .execute()
                == 1;
    }

    /** Forgets what was answered before a time. */
    public static int forget(Handle handle, long before) {
        return handle.createUpdate("DELETE FROM issuance WHERE answered_at < :before")
                .bind("before", before)
                .execute();
    }
}
