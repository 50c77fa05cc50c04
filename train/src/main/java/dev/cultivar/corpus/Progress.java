package dev.cultivar.corpus;

/// Is told how far a long pass over a corpus has come.
@FunctionalInterface
public interface Progress {
    /// Tells nobody.
    Progress NONE = (work, bytes, total) -> {};

    /// @param work  what is done, for people
    /// @param bytes read so far, as they lie on disk
    /// @param total of all files; 0 where it is not known, as of a query
    void at(String work, long bytes, long total);
}
