package dev.procession.process;

/**
 * A process of the family by its name and number, as {@link Processes#current} and {@link Processes#parent} tell it.
 *
 * @param name the name: {@code MainProcess} for the first of the family, {@code Process-1} and so on unless given
 * @param pid the process id
 */
public record ProcessInfo(String name, long pid) {
    /**
     * Whether the process runs. Asked of one's parent the answer is nearly always true: a child does not outlive it.
     *
     * @return true if a process of this id runs
     */
    public boolean isAlive() {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** As in {@code Process-1 (pid 4711)}. */
    @Override
    public String toString() {
        return name + " (pid " + pid + ")";
    }
}
