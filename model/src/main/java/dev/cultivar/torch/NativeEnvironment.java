package dev.cultivar.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/// Sets what the native libraries read once, when they are loaded; a user never has to.
///
/// Two pools of threads exist: OpenBLAS's (matrix products) and OpenMP's (everything else). A pool that spins while it
/// waits takes the core from the other one, so OpenMP's threads are told to sleep between regions.
final class NativeEnvironment {
    private NativeEnvironment() {}

    static void prepare() {
        // JavaCPP's own limits call the collector and then refuse memory at sizes that have nothing to do with training:
        // twice the heap for the whole process. Scopes free what they hold; the machine's memory is the limit.
        for (String limit : new String[] {"maxBytes", "maxPhysicalBytes"}) {
            String key = "org.bytedeco.javacpp." + limit;
            if (System.getProperty(key) == null) {
                System.setProperty(key, "0");
            }
        }
        setIfAbsent("OMP_WAIT_POLICY", "passive");
    }

    private static void setIfAbsent(String name, String value) {
        if (System.getenv(name) != null || System.getProperty("os.name", "").startsWith("Windows")) {
            return;
        }
        var linker = Linker.nativeLinker();
        var setenv = linker.defaultLookup().find("setenv");
        if (setenv.isEmpty()) {
            return;
        }
        var handle = linker.downcallHandle(
                setenv.get(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (var arena = Arena.ofConfined()) {
            int ignored = (int) handle.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
        } catch (Throwable problem) {
            throw new IllegalStateException("setenv(" + name + ") failed", problem);
        }
    }
}
