/** What one process serves to others: {@link dev.procession.lab.manager.ManagerDict}. */
package dev.procession.lab.manager;
