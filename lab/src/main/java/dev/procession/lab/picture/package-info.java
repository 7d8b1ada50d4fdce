/**
 * Pictures for a terminal: {@link dev.procession.lab.picture.Lanes} over time, {@link
 * dev.procession.lab.picture.Histogram}, {@link dev.procession.lab.picture.Bars}, {@link
 * dev.procession.lab.picture.LogBars}, {@link dev.procession.lab.picture.Tree} and {@link
 * dev.procession.lab.picture.Table}.
 *
 * <p>A picture is data; {@link dev.procession.lab.picture.Picture#draw} turns it into lines for a {@link
 * dev.procession.lab.picture.Paper}, which says how wide, in which script and whether in colour. Nothing here knows what
 * an experiment is.
 */
package dev.procession.lab.picture;
