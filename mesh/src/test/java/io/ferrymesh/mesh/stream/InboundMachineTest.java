package io.ferrymesh.mesh.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.stream.InboundMachine.State;
import org.junit.jupiter.api.Test;

/** One test a row of docs/wire.md, Stream states, receiving end. */
class InboundMachineTest {

    private final InboundMachine machine = new InboundMachine();

    private void openWithTwoFrames() {
        assertThat(machine.accept(100)).isTrue();
        assertThat(machine.data(0, 10, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(machine.data(1, 10, 0)).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void decidingToOpen_afterAccept() {
        assertThat(machine.accept(100)).isTrue();
        assertThat(machine.state()).isEqualTo(State.OPEN);
        assertThat(machine.window().limit()).isEqualTo(100);
    }

    @Test
    void decidingToClosed_afterClose() {
        assertThat(machine.close()).isTrue();
        assertThat(machine.state()).isEqualTo(State.CLOSED);
        assertThat(machine.accept(100)).isFalse();
    }

    @Test
    void openToEnding_afterEnd() {
        openWithTwoFrames();
        assertThat(machine.end(2)).isEqualTo(Verdict.APPLIED);
        assertThat(machine.state()).isEqualTo(State.ENDING);
    }

    @Test
    void openToClosed_afterClose() {
        openWithTwoFrames();
        assertThat(machine.close()).isTrue();
        assertThat(machine.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void endingToClosed_afterEveryFrameWasTaken() {
        openWithTwoFrames();
        assertThat(machine.end(2)).isEqualTo(Verdict.APPLIED);
        assertThat(machine.delivered()).isTrue();
        assertThat(machine.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void endingToClosed_afterClose() {
        openWithTwoFrames();
        assertThat(machine.end(2)).isEqualTo(Verdict.APPLIED);
        assertThat(machine.close()).isTrue();
        assertThat(machine.delivered()).isFalse();
        assertThat(machine.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void decidingStays_afterDataOrEnd() {
        assertThat(machine.data(0, 1, 0)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.end(0)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.grant(10)).isFalse();
        assertThat(machine.state()).isEqualTo(State.DECIDING);
    }

    @Test
    void openStays_afterEndThatCountsOtherFrames() {
        openWithTwoFrames();
        assertThat(machine.end(1)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.end(3)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.state()).isEqualTo(State.OPEN);
    }

    @Test
    void endingStays_afterMoreData() {
        openWithTwoFrames();
        assertThat(machine.end(2)).isEqualTo(Verdict.APPLIED);
        assertThat(machine.data(2, 1, 0)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.grant(10)).isFalse();
        assertThat(machine.state()).isEqualTo(State.ENDING);
    }

    @Test
    void closedStaysClosed_whateverCameAfter() {
        openWithTwoFrames();
        assertThat(machine.close()).isTrue();
        assertThat(machine.close()).isFalse();
        assertThat(machine.accept(1)).isFalse();
        assertThat(machine.data(2, 1, 0)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.end(2)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void frames_sent_before_a_heartbeat_and_not_here_are_lost() {
        openWithTwoFrames();
        assertThat(machine.lostFrames(2)).isFalse();
        assertThat(machine.lostFrames(1)).isFalse();
        assertThat(machine.lostFrames(3)).isTrue();
    }
}
