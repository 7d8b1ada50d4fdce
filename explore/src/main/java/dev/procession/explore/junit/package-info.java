/** Explorations as JUnit tests: {@link dev.procession.explore.junit.ExploreTest}. */
package dev.procession.explore.junit;
