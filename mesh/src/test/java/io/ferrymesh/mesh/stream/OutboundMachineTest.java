package io.ferrymesh.mesh.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.Limits;
import io.ferrymesh.mesh.stream.OutboundMachine.State;
import org.junit.jupiter.api.Test;

/** One test a row of docs/wire.md, Stream states, sending end. */
class OutboundMachineTest {

    private final OutboundMachine machine = new OutboundMachine();

    private void open() {
        assertThat(machine.accept(100)).isEqualTo(Verdict.APPLIED);
    }

    private void ending() {
        open();
        assertThat(machine.end(false)).isTrue();
    }

    @Test
    void openingToOpen_afterAccept() {
        open();
        assertThat(machine.state()).isEqualTo(State.OPEN);
        assertThat(machine.maySend(100)).isTrue();
        assertThat(machine.maySend(101)).isFalse();
    }

    @Test
    void openingToClosed_afterRefuse() {
        assertThat(machine.refuse()).isEqualTo(Verdict.APPLIED);
        assertThat(machine.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void openingToClosed_afterClose() {
        assertThat(machine.close()).isTrue();
        assertThat(machine.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void openToEnding_afterEnd() {
        ending();
        assertThat(machine.state()).isEqualTo(State.ENDING);
        assertThat(machine.mayWrite()).isFalse();
    }

    @Test
    void openToDraining_afterEndWhileFramesWait() {
        open();
        assertThat(machine.end(true)).isFalse();
        assertThat(machine.state()).isEqualTo(State.DRAINING);
        assertThat(machine.mayWrite()).isFalse();
        assertThat(machine.maySend(1)).isTrue();
    }

    @Test
    void drainingToEnding_afterLastFrame() {
        open();
        assertThat(machine.end(true)).isFalse();
        machine.drained();
        assertThat(machine.state()).isEqualTo(State.ENDING);
    }

    @Test
    void drainingToClosed_afterClose() {
        open();
        assertThat(machine.end(true)).isFalse();
        assertThat(machine.close()).isTrue();
        assertThat(machine.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void endingToClosed_afterEnded() {
        ending();
        assertThat(machine.ended()).isEqualTo(Verdict.APPLIED);
        assertThat(machine.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void openToClosed_afterClose() {
        open();
        assertThat(machine.close()).isTrue();
        assertThat(machine.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void closedStaysClosed_whateverCameAfter() {
        open();
        assertThat(machine.close()).isTrue();
        assertThat(machine.close()).isFalse();
        assertThat(machine.accept(1)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.refuse()).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.credit(200, 0)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.ended()).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThatThrownBy(machine::drained).isInstanceOf(IllegalStateException.class);
        assertThat(machine.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void openingStays_afterCreditEndedOrBadAccept() {
        assertThat(machine.credit(10, 0)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.ended()).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.accept(0)).isEqualTo(Verdict.CREDIT_INVALID);
        assertThat(machine.accept(-1)).isEqualTo(Verdict.CREDIT_INVALID);
        assertThat(machine.accept(Limits.MAX_WINDOW_BYTES + 1)).isEqualTo(Verdict.CREDIT_INVALID);
        assertThat(machine.state()).isEqualTo(State.OPENING);
    }

    @Test
    void openStays_afterSecondAcceptRefuseOrEarlyEnded() {
        open();
        assertThat(machine.accept(1_000)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.refuse()).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.ended()).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(machine.state()).isEqualTo(State.OPEN);
        assertThat(machine.window().available()).isEqualTo(100);
    }
}
