package dev.procession.core.spi;

import dev.procession.core.Space;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;

/**
 * Opens the spaces of one URI scheme. Found through {@link ServiceLoader}, so that the module on the path is all it
 * takes.
 */
public interface SpaceProvider {
    /**
     * The scheme this opens.
     *
     * @return the scheme in lower case, without colon
     */
    String scheme();

    /**
     * Opens a space, and makes it if it is not there.
     *
     * @param uri has this scheme
     * @param settings what does not fit into the URI; one that is unknown is refused
     * @return the space
     * @throws IllegalArgumentException if the URI or a setting is wrong
     */
    Space open(URI uri, Map<String, ?> settings);

    /**
     * Finds the provider of a URI's scheme: with the context class loader of the calling thread, then with the one
     * Procession comes from.
     *
     * @param uri the URI
     * @return its provider
     * @throws IllegalArgumentException if there is none; the message lists the schemes there are
     */
    static SpaceProvider forUri(URI uri) {
        String scheme = uri.getScheme();
        if (scheme == null) {
            throw new IllegalArgumentException("URI without a scheme, such as shm:NAME: uri=" + uri);
        }
        var knownSchemes = new TreeSet<String>();
        for (ServiceLoader<SpaceProvider> providers : List.of(
                ServiceLoader.load(SpaceProvider.class),
                ServiceLoader.load(SpaceProvider.class, SpaceProvider.class.getClassLoader()))) {
            for (SpaceProvider provider : providers) {
                if (provider.scheme().equalsIgnoreCase(scheme)) {
                    return provider;
                }
                knownSchemes.add(provider.scheme());
            }
        }
        throw new IllegalArgumentException("no module on the class path or module path opens this scheme: scheme="
                + scheme + ", known=" + knownSchemes + ", uri=" + uri);
    }
}
