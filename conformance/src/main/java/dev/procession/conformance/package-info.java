/** Contract suites. */
package dev.procession.conformance;
