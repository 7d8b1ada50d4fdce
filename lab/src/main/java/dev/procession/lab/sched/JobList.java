package dev.procession.lab.sched;

import dev.procession.sched.Job;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The jobs read so far, no two of one name. */
final class JobList {
    private final List<Job> jobs = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    void add(JobDraft draft) {
        Job job = draft.build();
        if (!names.add(job.name())) {
            throw draft.wrong("another job has this name; expected every job to have its own");
        }
        jobs.add(job);
    }

    int size() {
        return jobs.size();
    }

    List<Job> jobs() {
        return jobs;
    }
}
