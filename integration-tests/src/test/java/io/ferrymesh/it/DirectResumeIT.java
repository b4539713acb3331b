package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

/** The same where the processes connect to each other directly. */
class DirectResumeIT extends ResumeIT {

    @Override
    Nodes.Provider configured(Nodes among, Nodes.Provider provider) throws Exception {
        return among.listening(provider);
    }

    @Override
    void requireCarrier(long streams) {
        assertThat(streams).as("streams on direct connections").isPositive();
    }
}
