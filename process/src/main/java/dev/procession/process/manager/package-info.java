/**
 * The engine of {@link dev.procession.process.Manager}: objects in one process, proxies in others. Read in this order:
 *
 * <p><b>The journey of a call</b>, say of {@code map.put(k, v)} on a managed map:
 *
 * <pre>{@code
 *  client                                                          manager's process (ManagerMain)
 *  MapProxy     key and value -> bytes (fails here, for the caller)
 *   Remote      the method -> its Signature
 *    Link       this JVM's one line to that manager
 *     Connection  sends Message.Call, waits for its answer      --> Session      reads it, finds the object
 *                 as leader or follower                              Turn        who calls, and may it wait?
 *                                                                     ServedMap  does it, at once or (WouldWait)
 *                                                                                on a thread of its own
 *     Connection  gives it to its caller                        <-- Session      Message.Returned, or Message.Threw
 *   Failures     both stacks
 * }</pre>
 *
 * <p><b>Who is let in</b>: {@code Server} looks at the user, {@code Session} greets as {@code
 * Message} draws it, {@code Key} proves. {@code Building} says what may be built of bytes.
 *
 * <p><b>The objects</b>: {@code ServedMap}, {@code ServedList}, {@code ServedQueue}, {@code ServedLock} with {@code
 * ServedCondition}, {@code ServedSemaphore}, {@code ServedEvent}, {@code ServedBarrier}, and the {@code Registry} that makes
 * them. They keep elements as bytes: the manager never builds what users put into them, so it needs none of their classes,
 * runs none of their code, and a proxy inside is a reference by nature.
 *
 * <p><b>What each death means</b> is in {@code docs/contracts/manager.md}, rule by rule.
 */
package dev.procession.process.manager;
