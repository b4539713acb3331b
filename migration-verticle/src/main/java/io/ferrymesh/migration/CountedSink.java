package io.ferrymesh.migration;

/** A sink that also tells its session when its lane has ended. */
record CountedSink(RecordSink sink, AnswerSource answers, Runnable laneEnded) implements RecordSink {

    @Override
    public void accept(RecordReader records) {
        sink.accept(records);
    }

    @Override
    public void ended() {
        sink.ended();
        laneEnded.run();
    }

    @Override
    public void whenRoom(Runnable grant) {
        sink.whenRoom(() -> answers.whenRoom(grant));
    }

    @Override
    public void close() {
        sink.close();
    }
}
