package dev.procession.lab;

import dev.procession.lab.bookshop.SyncAsync;
import dev.procession.lab.coroutine.Asyncio;
import dev.procession.lab.coroutine.EatAndPlay;
import dev.procession.lab.coroutine.Gevent;
import dev.procession.lab.coroutine.HomeworkGreenlet;
import dev.procession.lab.cost.Cost;
import dev.procession.lab.cost.CpuThreadsProcesses;
import dev.procession.lab.cpu.ConcurrentParallel;
import dev.procession.lab.cpu.Eras;
import dev.procession.lab.cpu.FcfsConvoy;
import dev.procession.lab.cpu.Mlfq;
import dev.procession.lab.cpu.RrQuantum;
import dev.procession.lab.cpu.SimVsReal;
import dev.procession.lab.cpu.Sjf;
import dev.procession.lab.cpu.States;
import dev.procession.lab.experiment.Chapter;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.family.HomeworkProcesses;
import dev.procession.lab.family.Isolation;
import dev.procession.lab.family.Start;
import dev.procession.lab.family.StartJoinDaemon;
import dev.procession.lab.gil.Gil;
import dev.procession.lab.kitchen.ProducerConsumer;
import dev.procession.lab.kitchen.ProducersConsumers;
import dev.procession.lab.manager.ManagerDict;
import dev.procession.lab.meal.Noodles;
import dev.procession.lab.meal.NoodlesFixed;
import dev.procession.lab.pool.Pools;
import dev.procession.lab.queue.QueueBasics;
import dev.procession.lab.queue.ThreadQueues;
import dev.procession.lab.room.SemaphoreEventTimer;
import dev.procession.lab.server.TcpGreen;
import dev.procession.lab.server.TcpProcess;
import dev.procession.lab.server.TcpServer;
import dev.procession.lab.server.TcpThread;
import dev.procession.lab.thread.Threads;
import dev.procession.lab.ticket.TicketLock;
import dev.procession.lab.ticket.TicketRace;
import dev.procession.lab.word.WordProcessor;
import java.util.List;

/** Every experiment there is, in the order of the course. */
public final class Catalogue {
    private static final List<Chapter> CHAPTERS = List.of(
            new Chapter(
                    "Who gets the processor",
                    List.of(
                            new Eras(),
                            new States(),
                            new ConcurrentParallel(),
                            new FcfsConvoy(),
                            new Sjf(),
                            new RrQuantum(),
                            new Mlfq(),
                            new SimVsReal(),
                            new SyncAsync())),
            new Chapter(
                    "Processes", List.of(new Start(), new StartJoinDaemon(), new Isolation(), new HomeworkProcesses())),
            new Chapter(
                    "What processes share",
                    List.of(
                            new TicketRace(),
                            new TicketLock(),
                            new SemaphoreEventTimer(),
                            new Noodles(),
                            new NoodlesFixed(),
                            new QueueBasics(),
                            new ProducerConsumer(),
                            new ProducersConsumers(),
                            new ManagerDict())),
            new Chapter(
                    "Threads",
                    List.of(
                            new Threads(),
                            new CpuThreadsProcesses(),
                            new Cost(),
                            new WordProcessor(),
                            new Gil(),
                            new ThreadQueues(),
                            new Pools())),
            new Chapter("Coroutines", List.of(new EatAndPlay(), new HomeworkGreenlet(), new Gevent(), new Asyncio())),
            new Chapter("Servers", List.of(new TcpServer(), new TcpProcess(), new TcpThread(), new TcpGreen())));

    private Catalogue() {}

    /** All chapters; the list cannot be changed. */
    public static List<Chapter> chapters() {
        return CHAPTERS;
    }

    /** All experiments; the list cannot be changed. */
    public static List<Experiment> all() {
        return CHAPTERS.stream()
                .flatMap(chapter -> chapter.experiments().stream())
                .toList();
    }
}
