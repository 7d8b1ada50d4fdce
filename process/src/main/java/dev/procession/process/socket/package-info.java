/** Where processes of one user meet: Unix-domain sockets in folders nobody else can open, and whom the kernel vouches for. */
package dev.procession.process.socket;
