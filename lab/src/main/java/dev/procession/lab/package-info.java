/** The lab. */
package dev.procession.lab;
