/** What is measured many times: {@link dev.procession.lab.measure.Sample}. */
package dev.procession.lab.measure;
