/** The operating system: every native call of the project is made here. */
package dev.procession.shm.os;
