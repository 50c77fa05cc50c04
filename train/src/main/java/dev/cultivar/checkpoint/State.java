package dev.cultivar.checkpoint;

/// Something that changes while a run goes on, and therefore has to lie in the checkpoint.
///
/// What `save` puts under a name, `restore` takes under that name, with the same type and shape; a name that is left over
/// is an error, so neither can be forgotten. After `restore`, the run goes on as if it had never stopped.
public interface State {
    void save(StateWriter out);

    void restore(StateReader in);
}
