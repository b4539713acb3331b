package io.ferrymesh.mesh.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a connection keeps for an end that does not read. */
class DirectConnectionTest {

    private static final Message REFUSE = new Message.Refuse(new Id128(1, 1), new Id128(2, 2), ErrorCode.UNAVAILABLE);
    private static final int MOST = DirectConnection.MAX_UNREAD_BYTES / DirectConnection.MESSAGE_COST_BYTES;

    /** Whether the other end reads; where it does not, what is written stays here. */
    private boolean reads = true;

    private int unread;
    private int gone;
    private final Vertx vertx = Vertx.vertx();
    private final DirectConnection connection = new DirectConnection(loop(), 1, new User());
    private final EmbeddedChannel channel = new EmbeddedChannel() {
        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            if (reads) {
                super.doWrite(in);
            }
        }
    };

    private final class User implements DirectConnection.User {
        @Override
        public boolean first(byte[] octets, boolean more) {
            return true;
        }

        @Override
        public void message(Message message) {}

        @Override
        public void malformed(String why) {}

        @Override
        public void unread() {
            unread++;
        }

        @Override
        public void gone(String why) {
            gone++;
        }
    }

    private ContextInternal loop() {
        return ((VertxInternal) vertx).createEventLoopContext();
    }

    @BeforeEach
    void connect() {
        channel.pipeline().addLast(connection);
    }

    @AfterEach
    void end() throws Exception {
        channel.finishAndReleaseAll();
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void answers_that_the_other_end_does_not_read_are_bounded_and_then_it_is_closed() {
        reads = false;
        int sent = 0;
        Future<Void> last = connection.send(REFUSE);
        while (!last.failed() && sent <= MOST) {
            sent++;
            last = connection.send(REFUSE);
        }
        assertThat(sent).isBetween(MOST / 2, MOST - 1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(unread).isEqualTo(1);
        channel.runPendingTasks();
        assertThat(gone).isEqualTo(1);
        assertThat(connection.send(REFUSE).failed()).isTrue();
        assertThat(unread).isEqualTo(1);
    }

    @Test
    void any_number_of_answers_goes_to_an_end_that_reads() {
        for (int i = 0; i < 3 * MOST; i++) {
            var unused = connection.send(REFUSE);
        }
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.outboundMessages()).hasSize(3 * MOST);
        assertThat(unread + gone).isZero();
    }

    @Test
    void an_end_that_reads_again_makes_room() {
        for (int round = 0; round < 5; round++) {
            reads = false;
            for (int i = 0; i < MOST / 2; i++) {
                var unused = connection.send(REFUSE);
            }
            channel.runPendingTasks();
            reads = true;
            channel.flush();
        }
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.outboundMessages()).hasSize(5 * (MOST / 2));
    }
}
