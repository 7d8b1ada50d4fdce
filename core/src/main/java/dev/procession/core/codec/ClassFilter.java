package dev.procession.core.codec;

import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/** Asks a class filter, for classes the codec builds itself and for those the JDK's serialization builds. */
final class ClassFilter {
    /** Arrays may have this many elements for each byte of the stream that holds them: hash tables have gaps. */
    private static final long MAX_ELEMENTS_PER_BYTE = 16;

    private ClassFilter() {}

    static void ensureAllowed(ObjectInputFilter filter, Class<?> type) {
        if (filter.checkInput(new ClassOnly(type)) == ObjectInputFilter.Status.REJECTED) {
            throw refusal(type);
        }
    }

    private static UndecodableException refusal(Class<?> type) {
        return new UndecodableException("the class filter refuses class=" + type.getName(), null);
    }

    /**
     * The filter for one stream of the JDK's serialization: the user's, and a bound on memory. All arrays of a stream
     * together, hash tables included, may not have more elements than its bytes could fill, so damaged lengths are
     * refused before anything is allocated.
     */
    static ObjectInputFilter forStream(@Nullable ObjectInputFilter users, int sizeBytes) {
        long[] elementsLeft = {MAX_ELEMENTS_PER_BYTE * sizeBytes};
        return info -> {
            long length = info.arrayLength();
            if (length >= 0) {
                elementsLeft[0] -= length;
                if (elementsLeft[0] < 0) {
                    return ObjectInputFilter.Status.REJECTED;
                }
            }
            Class<?> type = info.serialClass();
            ObjectInputFilter.Status status =
                    users == null ? ObjectInputFilter.Status.UNDECIDED : users.checkInput(info);
            if (status == ObjectInputFilter.Status.REJECTED && type != null) {
                throw refusal(type); // the stream alone would not say which class
            }
            return status;
        };
    }

    private record ClassOnly(Class<?> serialClass) implements ObjectInputFilter.FilterInfo {
        @Override
        public long arrayLength() {
            return -1;
        }

        @Override
        public long depth() {
            return 1;
        }

        @Override
        public long references() {
            return 1;
        }

        @Override
        public long streamBytes() {
            return 0;
        }
    }
}
