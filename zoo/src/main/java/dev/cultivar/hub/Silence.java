package dev.cultivar.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A transfer that fails when nothing has come for a while, where the stream beneath would wait for ever: a connection that
/// was lost on the way tells nobody.
final class Silence extends FilterInputStream {
    private final AtomicLong came = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean silent;

    Silence(InputStream in, Duration most) {
        super(in);
        Thread.ofVirtual().start(() -> watch(most));
    }

    private void watch(Duration most) {
        try {
            long before = -1;
            while (!closed.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
                if (came.get() == before) {
                    silent = true;
                    in.close(); // wakes the reader
                    return;
                }
                before = came.get();
            }
        } catch (InterruptedException | IOException ended) {
            // nobody reads any more
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int at, int most) throws IOException {
        int read;
        try {
            read = super.read(target, at, most);
        } catch (IOException failure) {
            throw silent ? new IOException("nothing came any more", failure) : failure;
        }
        if (silent && read < 0) {
            throw new IOException("nothing came any more");
        }
        came.addAndGet(Math.max(read, 0));
        return read;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        super.close();
    }
}
