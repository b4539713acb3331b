package io.ferrymesh.kgc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReplyCacheTest {

    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    private final AtomicInteger worked = new AtomicInteger();
    private final ReplyCache cache = new ReplyCache(2, 10);

    @Test
    void the_same_request_gets_the_same_reply_without_work() {
        assertThat(ask("a", NOW).result().toString()).isEqualTo("reply1");
        assertThat(ask("a", NOW.plusSeconds(600)).result().toString()).isEqualTo("reply1");
        assertThat(ask("b", NOW).result().toString()).isEqualTo("reply2");
    }

    @Test
    void a_reply_is_forgotten_when_its_request_is_too_old_to_be_taken() {
        assertThat(ask("a", NOW).result().toString()).isEqualTo("reply1");
        assertThat(ask("a", NOW.plusSeconds(601)).result().toString()).isEqualTo("reply2");
    }

    @Test
    void a_request_at_work_is_joined() {
        Promise<Buffer> slow = Promise.promise();
        Future<Buffer> first = cache.answer(key("a"), NOW, slow::future);
        Future<Buffer> second = ask("a", NOW);
        slow.complete(Buffer.buffer("late"));
        assertThat(first.result()).isEqualTo(second.result());
        assertThat(worked).hasValue(0);
    }

    @Test
    void a_refusal_is_not_kept() {
        Future<Buffer> refused = cache.answer(key("a"), NOW, () -> Future.failedFuture("no"));
        assertThat(refused.failed()).isTrue();
        assertThat(ask("a", NOW).succeeded()).isTrue();
    }

    @Test
    void too_many_at_work_are_overloaded() {
        Promise<Buffer> slow = Promise.promise();
        Future<Buffer> first = cache.answer(key("a"), NOW, slow::future);
        Future<Buffer> second = cache.answer(key("b"), NOW, slow::future);
        overloaded(ask("c", NOW));
        slow.fail("no");
        assertThat(first.failed() && second.failed()).isTrue();
        assertThat(ask("c", NOW).succeeded()).isTrue();
    }

    @Test
    void a_full_cache_refuses_rather_than_forgets() {
        assertThat(ask("a", NOW).succeeded()).isTrue();
        assertThat(ask("b", NOW).succeeded()).isTrue();
        overloaded(ask("c", NOW));
        assertThat(ask("a", NOW).result().toString()).isEqualTo("reply1");
        assertThat(ask("c", NOW.plusSeconds(601)).succeeded()).isTrue();
    }

    private static void overloaded(Future<Buffer> future) {
        assertThat(future.cause()).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.OVERLOADED));
    }

    private Future<Buffer> ask(String request, Instant now) {
        return cache.answer(
                key(request), now, () -> Future.succeededFuture(Buffer.buffer("reply" + worked.incrementAndGet())));
    }

    private static Digest key(String text) {
        return Digest.sha256(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
