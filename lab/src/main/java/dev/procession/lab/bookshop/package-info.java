/** The call to the bookshop: {@link dev.procession.lab.bookshop.SyncAsync}; {@link dev.procession.lab.bookshop.Shop} answers. */
package dev.procession.lab.bookshop;
