package dev.procession.green;

/** What a task does when it has no result. May throw what it likes, so that blocking calls need no {@code try}. */
@FunctionalInterface
public interface TaskAction {
    /**
     * Does it.
     *
     * @throws Exception whatever; the task has failed then
     */
    void run() throws Exception;
}
