package dev.procession.shm.engine;

/**
 * A primitive that has a name, as it was found.
 *
 * @param name its name
 * @param kind number of its kind
 * @param index its entry
 * @param generation of the entry
 * @param declaration what it was made as beyond its kind, or the beginning of that
 * @param declarationHash tells whole declarations apart
 */
public record NamedEntry(String name, int kind, int index, int generation, String declaration, long declarationHash) {
    /**
     * Whether it was made with that declaration.
     *
     * @param other the whole text
     * @return true if so
     */
    public boolean isDeclaredAs(String other) {
        return declarationHash == NameLayout.hash(other);
    }
}
